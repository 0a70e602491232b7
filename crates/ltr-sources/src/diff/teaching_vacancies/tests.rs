use expect_test::{Expect, expect};
use jiff::civil::date;
use ltr_domain::record::TvVacancy;
use ltr_domain::time::CivilDate;

use super::*;

const SEEN: Seen = Seen {
    observed_on: date(2027, 5, 20),
    source_updated_on: None,
};

fn at(text: &str) -> Stated<Timestamp> {
    Stated::Value(text.parse().unwrap())
}

fn text(text: &str) -> Stated<String> {
    Stated::Value(text.to_owned())
}

fn application(status: &str) -> TvJobApplication {
    TvJobApplication {
        status: Status::read(status),
        vacancy_id: text("9d8f5715-2e7c-4e64-8e34-35f510c12e66"),
        application_type: text("NativeJobApplication"),
        submitted_at: at("2027-05-01T23:30:00Z"),
        interviewing_at: Stated::Null,
        offered_at: Stated::Null,
        declined_at: Stated::Null,
        qualified_teacher_status: text("on_track"),
        induction_complete: Stated::Value(false),
    }
}

fn check(old: Option<&TvJobApplication>, new: &TvJobApplication, expected: Expect) {
    let line = |event: Event| {
        let Effective { on, basis, .. } = event.effective;
        format!("{} {on} {basis:?} {}\n", event.fact.name(), event.kind.token())
    };
    expected.assert_eq(
        &derive_job_application(old, new, &SEEN)
            .into_iter()
            .map(line)
            .collect::<String>(),
    );
}

#[test]
fn steps_of_an_application_are_named_and_dated() {
    let draft = TvJobApplication {
        submitted_at: Stated::Null,
        ..application("draft")
    };
    let submitted = application("submitted");
    let offered = TvJobApplication {
        offered_at: at("2027-05-18T09:00:00+01:00"),
        ..application("offered")
    };
    let declined = TvJobApplication {
        status: Status::Declined,
        declined_at: at("2027-05-19T09:00:00+01:00"),
        ..offered.clone()
    };
    check(
        None,
        &draft,
        expect![[r#"
        JobApplicationStatusChanged 2027-05-20 Observed first_seen
    "#]],
    );
    check(
        Some(&draft),
        &submitted,
        expect![[r#"
        JobApplicationSubmitted 2027-05-02 Stated changed
    "#]],
    );
    check(
        Some(&submitted),
        &application("shortlisted"),
        expect![[r#"
        JobApplicationStatusChanged 2027-05-20 Observed changed
    "#]],
    );
    check(
        Some(&submitted),
        &offered,
        expect![[r#"
        JobOfferRecorded 2027-05-18 Stated changed
    "#]],
    );
    check(
        Some(&submitted),
        &application("offered"),
        expect![[r#"
        JobOfferRecorded 2027-05-20 Observed changed
    "#]],
    );
    check(
        Some(&offered),
        &declined,
        expect![[r#"
        JobOfferDeclined 2027-05-19 Stated changed
    "#]],
    );
    // Offered again: the instant of the first offer does not date the second.
    let again = TvJobApplication {
        status: Status::Offered,
        ..declined.clone()
    };
    check(
        Some(&declined),
        &again,
        expect![[r#"
        JobOfferRecorded 2027-05-20 Observed changed
    "#]],
    );
    check(
        None,
        &offered,
        expect![[r#"
        JobOfferRecorded 2027-05-18 Stated first_seen
    "#]],
    );
    check(
        Some(&application("reviewed")),
        &submitted,
        expect![[r#"
        JobApplicationStatusChanged 2027-05-20 Observed changed
    "#]],
    );
    check(
        Some(&submitted),
        &application("hired"),
        expect![[r#"
        JobApplicationStatusChanged 2027-05-20 Observed changed
    "#]],
    );
}

/// Every state that differs from another has an event between them; equal ones have none. Destructuring makes a new
/// field fail to compile here.
#[test]
fn no_field_of_an_application_differs_without_an_event() {
    let TvJobApplication {
        status: _,
        vacancy_id: _,
        application_type: _,
        submitted_at: _,
        interviewing_at: _,
        offered_at: _,
        declined_at: _,
        qualified_teacher_status: _,
        induction_complete: _,
    } = application("submitted");
    let states = [
        application("submitted"),
        application("withdrawn"),
        TvJobApplication {
            vacancy_id: Stated::Null,
            ..application("submitted")
        },
        TvJobApplication {
            application_type: Stated::Unstated,
            ..application("submitted")
        },
        TvJobApplication {
            submitted_at: at("2027-05-02T09:00:00Z"),
            ..application("submitted")
        },
        TvJobApplication {
            interviewing_at: at("2027-06-02T09:00:00Z"),
            ..application("submitted")
        },
        TvJobApplication {
            offered_at: Stated::Unstated,
            ..application("submitted")
        },
        TvJobApplication {
            declined_at: at("2027-05-02T09:00:00Z"),
            ..application("submitted")
        },
        TvJobApplication {
            qualified_teacher_status: text(""),
            ..application("submitted")
        },
        TvJobApplication {
            induction_complete: Stated::Value(true),
            ..application("submitted")
        },
    ];
    for (index, old) in states.iter().enumerate() {
        for (other, new) in states.iter().enumerate() {
            let events = derive_job_application(Some(old), new, &SEEN);
            assert_eq!(events.is_empty(), index == other, "{old:?}\n{new:?}");
        }
    }
}

#[test]
fn declarations_are_news_beside_a_step() {
    let new = TvJobApplication {
        qualified_teacher_status: text("yes"),
        ..application("shortlisted")
    };
    check(
        Some(&application("submitted")),
        &new,
        expect![[r#"
        JobApplicationStatusChanged 2027-05-20 Observed changed
        JobApplicationDetailsChanged 2027-05-20 Observed changed
    "#]],
    );
}

fn vacancy() -> TvVacancy {
    TvVacancy {
        job_title: text("Teacher of Geography"),
        school_urns: Stated::Value(vec!["111111".to_owned()]),
        job_roles: Stated::Value(vec!["teacher".to_owned()]),
        phases: Stated::Value(vec!["secondary".to_owned()]),
        subjects: Stated::Value(vec![]),
        working_patterns: Stated::Null,
        contract_type: text("permanent"),
        ect_suitable: Stated::Value(true),
        publish_on: Stated::Value(CivilDate::read("2027-04-01")),
        expires_at: at("2027-04-17T09:00:00+01:00"),
        enable_job_applications: Stated::Value(true),
        hired_status: Stated::Null,
    }
}

#[test]
fn a_vacancy_is_one_unit() {
    let old = vacancy();
    let new = TvVacancy {
        hired_status: text("hired_tvs"),
        ..vacancy()
    };
    let kinds = |events: Vec<Event>| events.into_iter().map(|event| event.kind).collect::<Vec<_>>();
    assert_eq!(kinds(derive_vacancy(None, &old, &SEEN)), [ChangeKind::FirstSeen]);
    assert_eq!(
        kinds(derive_vacancy(Some(&old), &new, &SEEN)),
        [ChangeKind::Changed]
    );
    assert_eq!(kinds(derive_vacancy(Some(&old), &vacancy(), &SEEN)), []);
}
