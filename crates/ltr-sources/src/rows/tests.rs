use super::*;

const REGISTER: Feed = Feed::RegisterTrainees;

/// The rows as text, one line each.
fn rows_in(feed: Feed, text: &str) -> Vec<String> {
    let rows = split_rows(feed, text.as_bytes()).unwrap();
    let shown = rows.into_iter().map(|row| match row.value {
        Ok(value) => format!("{}: {value}", row.place),
        Err(defect) => format!("{}: {}", row.place, defect.code),
    });
    shown.collect()
}

#[test]
fn a_line_that_is_no_json_stops_no_other() {
    let text = "{\"a\":1}\n\n{\"a\":\n{\"a\":3}\r\n";
    assert_eq!(
        rows_in(REGISTER, text),
        [r#"line 1: {"a":1}"#, "line 3: not_json", r#"line 4: {"a":3}"#]
    );
}

#[test]
fn a_broken_first_line_does_not_make_a_document_of_the_others() {
    let text = "{\"a\":\n{\"a\":2}\n";
    assert_eq!(
        rows_in(REGISTER, text),
        ["line 1: not_json", r#"line 2: {"a":2}"#]
    );
}

#[test]
fn lists_and_pages_give_their_items() {
    let items = [r#"item 1: {"a":1}"#, r#"item 2: {"a":2}"#];
    assert_eq!(rows_in(REGISTER, r#"[{"a":1},{"a":2}]"#), items);
    assert_eq!(
        rows_in(
            REGISTER,
            "{\n \"data\": [\n {\"a\":1},\n {\"a\":2}\n ],\n \"meta\": {}\n}"
        ),
        items
    );
    assert_eq!(
        rows_in(
            REGISTER,
            r#"{"errors":[{"error":"Conflict"}],"data":[{"a":1},{"a":2}]}"#
        ),
        items
    );
    assert_eq!(rows_in(REGISTER, r#"{"data":[]}"#), Vec::<String>::new());
}

#[test]
fn a_saved_page_on_each_line_gives_the_items_of_each() {
    let text = "{\"data\":[{\"a\":1}]}\n{\"data\":[{\"a\":2}]}\n";
    assert_eq!(
        rows_in(REGISTER, text),
        [r#"line 1, item 1: {"a":1}"#, r#"line 2, item 1: {"a":2}"#]
    );
}

#[test]
fn a_single_answer_is_one_row() {
    assert_eq!(rows_in(REGISTER, r#"{"data":{"a":1}}"#), [r#"item 1: {"a":1}"#]);
    assert_eq!(rows_in(REGISTER, "{\n\"a\": 1\n}\n"), [r#"item 1: {"a":1}"#]);
    assert_eq!(rows_in(REGISTER, "\u{feff}{\"a\":1}"), [r#"item 1: {"a":1}"#]);
    assert_eq!(rows_in(REGISTER, "\n \n"), Vec::<String>::new());
}

#[test]
fn an_envelope_gives_its_body_but_for_trs_where_the_status_is_the_answer() {
    let saved = r#"{"_http":{"status":200},"body":{"data":[{"a":1}]}}"#;
    assert_eq!(rows_in(REGISTER, saved), [r#"item 1: {"a":1}"#]);
    let gone = r#"{"_http":{"status":410},"body":"Gone","requested_trn":"3100001"}"#;
    assert_eq!(rows_in(Feed::TrsPersons, gone), [format!("item 1: {gone}")]);
}

#[test]
fn t15_a_404_of_an_empty_list_is_a_page_without_rows() {
    let error = |message| format!(r#"{{"errors":[{{"error":"NotFound","message":"{message}"}}]}}"#);
    let none = error("No trainees found");
    assert_eq!(rows_in(REGISTER, &none), Vec::<String>::new());
    let enveloped = format!(r#"{{"_http":{{"status":404}},"body":{none}}}"#);
    assert_eq!(rows_in(REGISTER, &enveloped), Vec::<String>::new());
    assert_eq!(rows_in(REGISTER, &error("Trainee(s) not found")).len(), 1);
}

#[test]
fn text_that_is_no_json_is_a_defect_a_line_and_a_cut_off_document_one_defect() {
    assert_eq!(
        rows_in(Feed::TrsPersons, "Name,TRN\nAda,1\n"),
        ["line 1: not_json", "line 2: not_json"]
    );
    assert_eq!(
        rows_in(REGISTER, "{\n \"data\": [\n {\n \"a\": 1\n"),
        ["document: not_json"]
    );
}

#[test]
fn bytes_that_are_no_text_are_refused_but_spoil_only_their_line_of_many() {
    assert_eq!(
        split_rows(REGISTER, b"\xFF\xFE{\x00").unwrap_err(),
        RowsError::NotUtf8
    );
    let rows = split_rows(REGISTER, b"{\"a\":\"b\"}\n{\"a\":\"\xE9\"}\n{\"a\":\"c\"}").unwrap();
    let codes: Vec<_> = rows
        .iter()
        .map(|row| row.value.as_ref().map_or_else(|defect| defect.code, |_| "row"))
        .collect();
    assert_eq!(codes, ["row", "not_utf8", "row"]);
}
