use ltr_domain::ids::RecordKind;
use proptest::prelude::*;

use super::*;

fn any_record() -> impl Strategy<Value = RecordId> {
    (
        proptest::sample::select(RecordKind::ALL.to_vec()),
        any::<String>(),
    )
        .prop_filter("a record has a key", |(_, key)| !key.is_empty())
        .prop_map(|(kind, key)| RecordId::new(kind, key))
}

fn any_feed() -> impl Strategy<Value = Feed> {
    proptest::sample::select(Feed::ALL.to_vec())
}

fn any_row() -> impl Strategy<Value = RowName> {
    (any_feed(), any::<String>())
        .prop_filter("a row has an id", |(_, row)| !row.is_empty())
        .prop_map(|(feed, row)| RowName { feed, row })
}

fn any_subject() -> impl Strategy<Value = Subject> {
    prop_oneof![
        any_record().prop_map(Subject::Record),
        any_record().prop_map(Subject::Identity),
        any_record().prop_map(Subject::Evidence),
        any_record().prop_map(Subject::Key),
        any_row().prop_map(Subject::KeptRow),
        any_row().prop_map(Subject::RowKey),
        any_feed().prop_map(Subject::Delivery),
        any_feed().prop_map(Subject::Quarantine),
        Just(Subject::Policy),
        (any::<String>(), any::<i16>())
            .prop_filter("a milestone has a name", |(name, _)| !name.is_empty())
            .prop_map(|(milestone, year)| Subject::Calendar { milestone, year }),
    ]
}

proptest! {
    #[test]
    fn a_filter_of_a_kind_matches_its_records_and_no_other(record in any_record(), kind in proptest::sample::select(RecordKind::ALL.to_vec())) {
        let matches = |filter: String, subject: Subject| {
            let subject = subject.to_string();
            let token = filter.strip_suffix('*').and_then(|before| subject.strip_prefix(before));
            token.is_some_and(|token| !token.contains('.'))
        };
        let is_of_kind = record.kind == kind;
        prop_assert_eq!(matches(every_record(kind), Subject::Record(record.clone())), is_of_kind);
        prop_assert_eq!(matches(every_key(kind), Subject::Key(record)), is_of_kind);
    }

    #[test]
    fn parse_reads_back_what_display_writes(subject in any_subject()) {
        let text = subject.to_string();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'*' && byte != b'>'));
        prop_assert!(text.split('.').all(|token| !token.is_empty()));
        prop_assert_eq!(Subject::parse(&text), Ok(subject));
    }

    #[test]
    fn different_things_have_different_subjects(one in any_subject(), other in any_subject()) {
        prop_assert_eq!(one == other, one.to_string() == other.to_string());
    }

    #[test]
    fn what_parses_is_written_the_same_way(text in "ltr\\.[a-z]{3,10}(\\.[a-z0-9=-]{1,9}){0,4}") {
        if let Ok(subject) = Subject::parse(&text) {
            prop_assert_eq!(subject.to_string(), text);
        }
    }
}

#[test]
fn subjects_are_spelt_as_designed() {
    let trainee = RecordId::new(RecordKind::RegisterTrainee, "a.b");
    let row = RowName {
        feed: Feed::RegisterTrainees,
        row: "2f7a".to_owned(),
    };
    for (subject, expected) in [
        (
            Subject::Record(trainee.clone()),
            "ltr.record.register.trainee.a=2Eb",
        ),
        (
            Subject::Evidence(trainee.clone()),
            "ltr.evidence.register.trainee.a=2Eb",
        ),
        (Subject::Key(trainee.clone()), "ltr.key.register.trainee.a=2Eb"),
        (Subject::Identity(trainee), "ltr.identity.register.trainee.a=2Eb"),
        (
            Subject::Delivery(Feed::RegisterTrainees),
            "ltr.delivery.register.trainees",
        ),
        (
            Subject::Quarantine(Feed::TvJobApplications),
            "ltr.quarantine.teaching-vacancies.job-applications",
        ),
        (
            Subject::KeptRow(row.clone()),
            "ltr.evidence.quarantine.register.trainees.2f7a",
        ),
        (Subject::RowKey(row), "ltr.key.quarantine.register.trainees.2f7a"),
        (Subject::Policy, "ltr.policy"),
        (Subject::heartbeat(2026), "ltr.calendar.heartbeat.2026"),
    ] {
        assert_eq!(subject.to_string(), expected);
    }
}

#[test]
fn foreign_and_crooked_subjects_are_refused() {
    for text in [
        "",
        "ltr",
        "ltr.",
        "ltr.policy.x",
        "other.record.trs.person.1",
        "ltr.weather.today",
    ] {
        assert_eq!(Subject::parse(text), Err(SubjectError::Family), "{text}");
    }
    for text in [
        "ltr.record.trs.person.",
        "ltr.record.trs.trainee.1",
        "ltr.delivery.trs.persons.1",
        "ltr.calendar.x.02026",
        "ltr.calendar..2026",
        "ltr.key.trs.person.a=2e",
    ] {
        assert!(
            matches!(Subject::parse(text), Err(SubjectError::Name { .. })),
            "{text}"
        );
    }
}
