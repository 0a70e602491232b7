//! The mapping against saved answers: our own fixtures, and the samples of the four services where they are at hand.
//!
//! Every file of a folder stands in one table of expectations with its rows, the records or defects they make, and for
//! each record what it says and which events a first sight of it gives. `UPDATE_EXPECT=1` rewrites the tables.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use jiff::civil::date;
use ltr_domain::event::Event;
use ltr_domain::ids::Feed;
use ltr_domain::record::{PersonalDigests, State};
use ltr_domain::time::{Basis, london_date};
use ltr_sources::diff::{Seen, derive};
use ltr_sources::{Mapped, MappedRow, codes, map_row, record_of, split_rows};

#[path = "it/traps.rs"]
mod traps;

fn crate_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a folder of answers with its table; a folder that is not there is passed over, aloud.
fn check(answers: &Path, table: &str) {
    if !answers.is_dir() {
        #[expect(clippy::print_stderr, reason = "a test that is passed over must say so")]
        {
            eprintln!("passed over: there is no folder of samples for {table}");
        }
        return;
    }
    expect_file![crate_folder().join("tests").join(table)].assert_eq(&folder_table(answers));
}

fn check_samples(source: &str) {
    let samples = crate_folder()
        .join("../../../shared/upstream/examples")
        .join(source);
    check(&samples, &format!("samples/{source}.txt"));
}

fn check_fixtures(source: &str) {
    let fixtures = crate_folder().join("tests/fixtures").join(source);
    assert!(fixtures.is_dir(), "fixtures of {source} are part of the crate");
    check(&fixtures, &format!("fixtures/{source}.txt"));
}

fn folder_table(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().map(|file| file_table(file)).collect()
}

fn file_table(file: &Path) -> String {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a file has a name");
    let feed = feed_of(file);
    let mut table = format!("== {name} ({feed})\n");
    let rows = match split_rows(feed, &std::fs::read(file).expect("the file can be read")) {
        Ok(rows) => rows,
        Err(error) => return format!("{table}   {error}\n"),
    };
    if rows.is_empty() {
        table.push_str("   no rows\n");
    }
    for row in rows {
        let named = row.value.as_ref().ok().and_then(|value| record_of(feed, value));
        let mapped = row.value.and_then(|value| map_row(feed, &value));
        if let (Some(named), Ok(mapped)) = (named, &mapped) {
            assert_eq!(named, mapped.records[0].record, "{}", row.place);
        }
        match mapped {
            Ok(mapped) => table.push_str(&row_table(feed, &row.place, &mapped)),
            Err(defect) => {
                assert!(
                    codes::CODES.iter().any(|(code, _)| *code == defect.code),
                    "{defect}"
                );
                let _ = writeln!(table, "   {}: {defect}", row.place);
            }
        }
    }
    table
}

/// Which feed a saved answer belongs to, by the folder and name of its file.
fn feed_of(file: &Path) -> Feed {
    let source = file
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    match source {
        "register" => Feed::RegisterTrainees,
        "trs" => Feed::TrsPersons,
        "apply" if name.starts_with("register-api") || name.contains("recruit") => Feed::ApplyRecruits,
        "apply" => Feed::ApplyCandidates,
        "teaching-vacancies" if name.contains("job_application") => Feed::TvJobApplications,
        "teaching-vacancies" if name.starts_with("public_jobs") => Feed::TvPostings,
        "teaching-vacancies" => Feed::TvVacancies,
        other => panic!("no feed has a folder {other}"),
    }
}

fn row_table(feed: Feed, place: &str, row: &MappedRow) -> String {
    check_evidence(feed, row);
    let mut table = format!("   {place}\n");
    for mapped in &row.records {
        table.push_str(&record_table(mapped));
    }
    if !row.unknown_fields.is_empty() {
        let _ = writeln!(table, "      unknown fields: {}", row.unknown_fields.join(", "));
    }
    table
}

/// What is kept of a row must say the same as the row: an upgrade maps it again (mapping version).
fn check_evidence(feed: Feed, row: &MappedRow) {
    let again = map_row(
        feed,
        &serde_json::from_str(&row.evidence).expect("evidence is JSON"),
    )
    .expect("what is kept of a good row is a good row");
    assert_eq!(
        again.unknown_fields,
        Vec::<String>::new(),
        "what is kept is all known"
    );
    assert_eq!(
        again.evidence, row.evidence,
        "nothing more is dropped the second time"
    );
    assert_eq!(again.records.len(), row.records.len());
    for (again, first) in again.records.iter().zip(&row.records) {
        assert_eq!(again.record, first.record);
        assert_eq!(again.body, first.body);
        assert!(again.personal == first.personal, "{}", first.record);
        assert_eq!(again.source_updated_at, first.source_updated_at);
    }
}

fn record_table(mapped: &Mapped) -> String {
    let mut table = format!("      {}\n", mapped.record);
    let mut unstated = Vec::new();
    for field in top_fields(&with_digits(&format!("{:?}", mapped.body))) {
        match field.strip_suffix(": Unstated") {
            Some(name) => unstated.push(name.to_owned()),
            None => {
                let _ = writeln!(table, "         {field}");
            }
        }
    }
    if !unstated.is_empty() {
        let _ = writeln!(table, "         not stated: {}", unstated.join(", "));
    }
    let _ = writeln!(table, "         personal: {:?}", mapped.personal);
    for event in first_sight(mapped) {
        let _ = writeln!(table, "         > {}", event_line(&event));
    }
    table
}

/// Ids of digits are shown as digits rather than as the bytes that hold them: `([51, 49])` is `(31)`.
fn with_digits(debug: &str) -> String {
    let mut parts = debug.split("([");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let bytes = part.split_once("])").and_then(|(numbers, rest)| {
            let digits: Option<String> = numbers.split(", ").map(as_digit).collect();
            Some((digits?, rest))
        });
        match bytes {
            Some((digits, rest)) => {
                let _ = write!(text, "({digits}){rest}");
            }
            None => {
                let _ = write!(text, "([{part}");
            }
        }
    }
    text
}

fn as_digit(byte: &str) -> Option<char> {
    byte.parse::<u8>()
        .ok()
        .map(char::from)
        .filter(char::is_ascii_digit)
}

/// The fields of a record in its debug form, `Kind(Record { a: …, b: … })`, one by one.
fn top_fields(debug: &str) -> Vec<String> {
    let Some((_, inside)) = debug.split_once(" { ") else {
        return vec![debug.to_owned()];
    };
    let inside = inside.trim_end_matches(')').trim_end_matches('}').trim_end();
    let (mut fields, mut field, mut depth, mut in_text) = (Vec::new(), String::new(), 0_i32, false);
    for character in inside.chars() {
        match character {
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text => depth -= 1,
            _ => {}
        }
        if character == ',' && depth == 0 && !in_text {
            fields.push(std::mem::take(&mut field).trim().to_owned());
        } else {
            field.push(character);
        }
    }
    fields.push(field.trim().to_owned());
    fields.retain(|field| !field.is_empty());
    fields
}

/// The events when the record has never been seen before; seeing it again at once must give none.
fn first_sight(mapped: &Mapped) -> Vec<Event> {
    let state = State {
        body: mapped.body.clone(),
        digests: PersonalDigests::new(),
        vanished: false,
    };
    let seen = Seen {
        observed_on: date(2026, 9, 30),
        source_updated_on: mapped.source_updated_at.map(london_date),
    };
    assert!(
        derive(Some(&state), &state, &seen).is_empty(),
        "{}",
        mapped.record
    );
    let events = derive(None, &state, &seen);
    assert!(!events.is_empty(), "{} is seen without a word", mapped.record);
    events
}

fn event_line(event: &Event) -> String {
    let basis = match event.effective.basis {
        Basis::Stated => "stated",
        Basis::Inferred => "inferred",
        Basis::Observed => "observed",
    };
    format!(
        "{} {} {} {basis}",
        event.fact.name(),
        event.kind.token(),
        event.effective.on
    )
}

#[test]
fn register_samples() {
    check_samples("register");
}

#[test]
fn trs_samples() {
    check_samples("trs");
}

#[test]
fn apply_samples() {
    check_samples("apply");
}

#[test]
fn teaching_vacancies_samples() {
    check_samples("teaching-vacancies");
}

#[test]
fn register_fixtures() {
    check_fixtures("register");
}

#[test]
fn trs_fixtures() {
    check_fixtures("trs");
}

#[test]
fn apply_fixtures() {
    check_fixtures("apply");
}

#[test]
fn teaching_vacancies_fixtures() {
    check_fixtures("teaching-vacancies");
}
