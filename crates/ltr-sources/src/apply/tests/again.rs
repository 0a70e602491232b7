//! From two rows to events: what is news and what is not.

use jiff::civil::date;
use ltr_domain::event::Event;
use ltr_domain::record::State;

use super::*;
use crate::diff::{Seen, derive};

fn state(mapped: &Mapped) -> State {
    State {
        body: mapped.body.clone(),
        digests: Default::default(),
        vanished: false,
    }
}

fn events(from: &Mapped, to: &Mapped) -> Vec<Event> {
    let seen = Seen {
        observed_on: date(2026, 7, 2),
        source_updated_on: None,
    };
    derive(Some(&state(from)), &state(to), &seen)
}

/// T40, and S-C end to end: `updated_at` alone is no event.
#[test]
fn t40_a_snapshot_seen_again_is_no_event() {
    let first = of_candidate(&candidate());
    let touched = candidate().to_string().replace("2026-06-30", "2026-07-01");
    let second = of_candidate(&serde_json::from_str(&touched).unwrap());
    assert_ne!(
        first.records[2].source_updated_at,
        second.records[2].source_updated_at
    );
    for (old, new) in first.records.iter().zip(&second.records) {
        assert_eq!(events(old, new), []);
    }
    let withdrawn = altered(
        candidate(),
        "/attributes/application_forms/0/application_choices/data/1/status",
        json!("withdrawn"),
    );
    let other = of_candidate(&withdrawn);
    assert_eq!(events(&first.records[2], &other.records[2]).len(), 1);
    assert_eq!(events(&other.records[2], &first.records[2]).len(), 1);
}

/// T21 inside a form, course and interview: an older version of the API takes nothing away, and what it leaves out is
/// no news. A list does say which children there are.
#[test]
fn t21_what_an_older_version_leaves_out_of_a_child_stays() {
    let newer = of_candidate(&candidate());
    let mut row = candidate();
    for form in row["attributes"]["application_forms"].as_array_mut().unwrap() {
        form.as_object_mut().unwrap().remove("submitted_at");
        for choice in form["application_choices"]["data"].as_array_mut().unwrap() {
            for name in ["level", "funding_type", "program_type"] {
                choice["course"].as_object_mut().unwrap().remove(name);
            }
            choice["interviews"][1]
                .as_object_mut()
                .unwrap()
                .remove("cancelled_at");
        }
    }
    let mut older = of_candidate(&row);
    for (old, new) in newer.records.iter().zip(&mut older.records) {
        assert_ne!(new.body, old.body);
        new.body = new.body.clone().over(&old.body);
        assert_eq!(new.body, old.body);
        assert_eq!(events(old, new), []);
    }

    row["attributes"]["application_forms"]
        .as_array_mut()
        .unwrap()
        .pop();
    row["attributes"]["application_forms"][0]["application_choices"]["data"][1]["course"]["uuid"] =
        json!("c-2");
    let fewer = of_candidate(&row);
    let over = |index: usize, old: usize| fewer.records[index].body.clone().over(&newer.records[old].body);
    let Body::ApplyCandidate(account) = over(0, 0) else {
        unreachable!("the first record is the candidate")
    };
    assert_eq!(account.forms.value().map(Vec::len), Some(1));
    let Body::ApplyChoice(moved) = over(1, 2) else {
        unreachable!("then come its choices")
    };
    assert_eq!(
        moved.course.value().unwrap().level,
        Stated::Unstated,
        "another course owes nothing to the first"
    );
}
