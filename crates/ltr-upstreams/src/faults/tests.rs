use jiff::{SignedDuration, Timestamp};

use super::{Fault, Faults, FaultsError, names};
use crate::service::Service;

fn start() -> Timestamp {
    "2026-09-01T00:00:00Z".parse().unwrap()
}

#[test]
fn faults_are_read_by_name() {
    let faults = Faults::parse(1, "outage, byte-order-mark").unwrap();
    assert!(faults.has(Fault::Outage) && faults.has(Fault::ByteOrderMark));
    assert!(!faults.has(Fault::SlowQuery));
    assert!(!Faults::parse(1, "").unwrap().any());
    let all = Faults::parse(1, "all").unwrap();
    assert!(Fault::ALL.iter().all(|fault| all.has(*fault)));
}

#[test]
fn a_name_that_no_fault_has_is_told_with_all_that_there_are() {
    let error = Faults::parse(1, "outage,flood").unwrap_err();
    assert_eq!(
        error,
        FaultsError::Unknown {
            name: "flood".to_owned()
        }
    );
    let told = error.to_string();
    assert!(told.contains("`flood`"));
    assert!(names().iter().all(|name| told.contains(name)), "{told}");
}

#[test]
fn a_spell_comes_once_a_period_and_lasts_as_long_as_it_is_said_to() {
    let faults = Faults::parse(7, "outage").unwrap();
    let first = faults
        .next_spell(Fault::Outage, Service::Register, start())
        .unwrap();
    assert_eq!(first.to.duration_since(first.from), SignedDuration::from_hours(3));
    let within = first.from + SignedDuration::from_mins(90);
    assert_eq!(
        faults.spell(Fault::Outage, Service::Register, within),
        Some(first)
    );
    assert_eq!(faults.spell(Fault::Outage, Service::Register, first.to), None);
    let second = faults
        .next_spell(Fault::Outage, Service::Register, first.to)
        .unwrap();
    assert!(second.from > first.to);
    assert!(second.from < first.from + SignedDuration::from_hours(60 * 24));
    assert_eq!(faults.spell(Fault::StaleReplica, Service::Register, within), None);
}

#[test]
fn the_seed_alone_decides_where_a_fault_strikes() {
    let struck = |seed: u64| {
        let faults = Faults::new(seed, [Fault::TruncatedBody]);
        (0..1_000)
            .filter(|nth| faults.strikes(Fault::TruncatedBody, 50, "/v3/persons/3100001", *nth))
            .collect::<Vec<_>>()
    };
    assert_eq!(struck(1), struck(1));
    assert_ne!(struck(1), struck(2));
    assert!((5..50).contains(&struck(1).len()), "{}", struck(1).len());
}

#[test]
fn the_page_about_the_doubles_tells_of_every_fault_as_the_code_does() {
    let page = include_str!("../../../../docs/upstream-doubles.md");
    for fault in Fault::ALL {
        let row = format!("| `{}` | {} |", fault.name(), fault.what());
        assert!(page.contains(&row), "docs/upstream-doubles.md lacks: {row}");
    }
}
