use std::collections::BTreeSet;

use jiff::Timestamp;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::time::TakenAt;

use super::of;
use crate::history::{History, Newest, Run};

fn records(keys: &str) -> BTreeSet<RecordId> {
    keys.chars()
        .map(|key| RecordId::new(RecordKind::RegisterTrainee, key.to_string()))
        .collect()
}

fn run(seen: &str, absent: &str) -> Run {
    let taken_at = TakenAt(Timestamp::UNIX_EPOCH);
    Run {
        taken_at,
        opened: 1,
        seen: records(seen).into(),
        absent: records(absent),
        quarantined: 0,
    }
}

/// What `own` lacks after `earlier`, the newest first: all, and after a stroke those that are gone.
fn lacks(own: &str, earlier: &[(&str, &str)], vanish_after: u32) -> String {
    let earlier = earlier.iter().map(|(seen, absent)| run(seen, absent)).collect();
    let history = History {
        passed: 0,
        own: Some(run(own, "")),
        earlier,
        newest: Newest::This,
        baseline: None,
        latest: None,
    };
    let absence = of(&history, vanish_after);
    let keys = |records: Vec<RecordId>| {
        records
            .into_iter()
            .map(|record| record.key.to_string())
            .collect::<String>()
    };
    format!("{}/{}", keys(absence.absent), keys(absence.gone))
}

#[test]
fn absence_is_counted_over_deliveries_in_a_row() {
    assert_eq!(lacks("ab", &[], 2), "/", "nothing to compare with");
    assert_eq!(lacks("ab", &[("abc", "")], 2), "c/");
    assert_eq!(lacks("ab", &[("ab", "c"), ("abc", "")], 2), "c/c");
    assert_eq!(
        lacks("ab", &[("ab", "c"), ("ab", "c"), ("abc", "")], 2),
        "/",
        "said already"
    );
    assert_eq!(
        lacks("ab", &[("abc", ""), ("ab", "c"), ("abc", "")], 2),
        "c/",
        "back in between"
    );
    assert_eq!(
        lacks("a", &[("ab", "c"), ("abc", "")], 2),
        "bc/c",
        "each counts for itself"
    );
}

#[test]
fn how_often_is_a_matter_of_configuration() {
    assert_eq!(lacks("a", &[("ab", "")], 1), "b/b");
    assert_eq!(lacks("a", &[("a", "b"), ("ab", "")], 1), "/");
    assert_eq!(lacks("a", &[("a", "b"), ("ab", "")], 3), "b/");
    assert_eq!(lacks("a", &[("a", "b"), ("a", "b"), ("ab", "")], 3), "b/b");
    assert_eq!(lacks("a", &[("ab", "")], 0), "b/", "never");
}
