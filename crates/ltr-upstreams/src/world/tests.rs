use jiff::Timestamp;

use super::{Timeline, Timelines, Touch, Version, apply, register, trs, vacancies};

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn version(from: &str, touch: Touch, value: Option<&'static str>) -> Version<&'static str> {
    Version {
        from: instant(from),
        touch,
        value,
    }
}

#[test]
fn a_blind_change_is_served_and_leaves_updated_at() {
    let mut timeline = Timeline::default();
    timeline.add(version("2026-09-03T00:00:00Z", Touch::Blind, Some("withdrawn")));
    timeline.add(version("2026-09-01T00:00:00Z", Touch::Blind, Some("begun")));
    timeline.add(version("2026-09-02T00:00:00Z", Touch::Bumps, Some("submitted")));

    assert!(timeline.at(instant("2026-08-31T23:59:59Z")).is_none());
    let begun = timeline.at(instant("2026-09-01T12:00:00Z")).unwrap();
    assert_eq!((*begun.value, begun.updated_at), ("begun", begun.created_at));
    let last = timeline.at(instant("2026-09-03T00:00:00Z")).unwrap();
    assert_eq!(*last.value, "withdrawn");
    assert_eq!(last.updated_at, instant("2026-09-02T00:00:00Z"));
    assert_eq!(last.changed_at, instant("2026-09-03T00:00:00Z"));
    assert_eq!(last.created_at, instant("2026-09-01T00:00:00Z"));
}

#[test]
fn what_was_taken_away_is_not_served_until_it_is_back() {
    let mut things = Timelines::default();
    things.put("slug", instant("2026-09-01T00:00:00Z"), 1);
    things.take_away("slug", instant("2026-09-02T00:00:00Z"));
    things.put("slug", instant("2026-09-03T00:00:00Z"), 2);

    let served = |now: &str| {
        things
            .at(instant(now))
            .map(|(_, seen)| *seen.value)
            .collect::<Vec<_>>()
    };
    assert_eq!(served("2026-09-01T12:00:00Z"), [1]);
    assert_eq!(served("2026-09-02T12:00:00Z"), [0; 0]);
    assert_eq!(served("2026-09-03T12:00:00Z"), [2]);
}

#[test]
fn of_two_versions_from_one_instant_the_later_added_is_in_force() {
    let mut things = Timelines::default();
    let then = instant("2026-09-01T00:00:00Z");
    things.put("slug", then, 1);
    things.put("slug", then, 2);
    assert_eq!(*things.get("slug").unwrap().at(then).unwrap().value, 2);
}

/// Seven thousand people with some ten versions at each of four services must fit into a few hundred megabytes.
#[test]
fn a_version_takes_little_memory() {
    let form_with_three_choices = size_of::<apply::Form>() + 3 * size_of::<apply::Choice>();
    let sizes = [
        size_of::<Version<apply::Candidate>>() + form_with_three_choices,
        size_of::<Version<register::Trainee>>(),
        size_of::<Version<trs::Answer>>() + size_of::<trs::Person>() + size_of::<trs::Route>(),
        size_of::<Version<vacancies::JobApplication>>(),
    ];
    let megabytes = 7_000 * 10 * sizes.iter().sum::<usize>() / 1_000_000;
    assert!(megabytes < 300, "{megabytes} MB for versions of {sizes:?} bytes");
}
