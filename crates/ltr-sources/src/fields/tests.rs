use super::*;

static LIST: &[Field] = &[
    Field::held("id", Category::Key, "names the record", "all"),
    Field::dropped("secret", "not needed"),
    Field::held("children[].id", Category::Key, "names the child", "all"),
    Field {
        path: "codes",
        fate: Fate::HeldInPart {
            purpose: "why",
            category: Category::Fact,
            seen_by: "all",
            withheld: "hush",
            why: "too private",
        },
    },
    Field::held("inner.kept", Category::Fact, "kept", "all"),
];

fn redacted(row: serde_json::Value) -> (String, Vec<String>) {
    let mut unknown = BTreeSet::new();
    let held = Node::of(LIST).keep(&row, &mut Vec::new(), &mut unknown);
    (
        serde_json::to_string(&held).unwrap(),
        unknown.into_iter().collect(),
    )
}

#[test]
fn only_what_is_listed_stays_and_only_names_of_the_rest_are_told() {
    let row = serde_json::json!({
        "id": 1, "secret": "s", "new": {"deep": "x"},
        "children": [{"id": 2, "other": "y"}, {"id": 3, "other": "z"}],
        "inner": {"kept": {"all": ["of", "it"]}, "lost": 1},
    });
    let (held, unknown) = redacted(row);
    assert_eq!(
        held,
        r#"{"children":[{"id":2},{"id":3}],"id":1,"inner":{"kept":{"all":["of","it"]}}}"#
    );
    assert_eq!(unknown, ["children[].other", "inner.lost", "new"]);
}

#[test]
fn null_and_empty_stay_what_they_are() {
    let (held, unknown) = redacted(serde_json::json!({"children": [], "inner": null}));
    assert_eq!(held, r#"{"children":[],"inner":null}"#);
    assert!(unknown.is_empty());
    assert_eq!(
        redacted(serde_json::json!({"children": null})).0,
        r#"{"children":null}"#
    );
}

#[test]
fn a_plain_value_where_a_list_or_object_is_known_does_not_slip_through() {
    let (held, unknown) = redacted(serde_json::json!({"children": "gone", "inner": 5}));
    assert_eq!(held, "{}");
    assert_eq!(unknown, ["children", "inner"]);
}

#[test]
fn codes_that_may_not_be_held_leave_a_mark_only() {
    assert_eq!(
        redacted(serde_json::json!({"codes": ["a", "hush_b", "c"]})).0,
        r#"{"codes":["a","not_held","c"]}"#
    );
    assert_eq!(
        redacted(serde_json::json!({"codes": null})).0,
        r#"{"codes":null}"#
    );
}

#[test]
fn no_path_is_listed_twice_and_none_lies_below_a_listed_one() {
    for feed in Feed::ALL {
        let paths: Vec<_> = of(feed).iter().map(|field| field.path).collect();
        for (index, path) in paths.iter().enumerate() {
            for other in &paths[index + 1..] {
                assert_ne!(path, other, "{feed}");
                for (outer, inner) in [(path, other), (other, path)] {
                    let below = inner
                        .strip_prefix(outer)
                        .is_some_and(|rest| rest.starts_with(['.', '[']));
                    assert!(!below, "{feed}: {inner} lies below {outer}");
                }
            }
        }
    }
}

#[test]
fn a_row_for_the_quarantine_loses_what_is_never_held_and_keeps_what_nobody_knows() {
    let row = serde_json::json!({
        "id": 1, "secret": "s", "new": {"secret": "deep"}, "codes": ["a", "hush_b"],
        "children": [{"id": 2, "other": "y"}], "inner": 5,
    });
    let kept = serde_json::json!({
        "id": 1, "new": {"secret": "deep"}, "codes": ["a", "not_held"],
        "children": [{"id": 2, "other": "y"}], "inner": 5,
    });
    let dropped = |mut row: serde_json::Value| {
        Node::of(LIST).drop_from(&mut row);
        row
    };
    assert_eq!(dropped(row.clone()), kept);
    let answer = |row: &serde_json::Value| serde_json::json!({"_http": {"status": 200}, "body": row});
    assert_eq!(dropped(answer(&row)), answer(&kept));
    let page = |row: &serde_json::Value| serde_json::json!({"data": [row]});
    assert_eq!(dropped(page(&row)), page(&kept));
}
