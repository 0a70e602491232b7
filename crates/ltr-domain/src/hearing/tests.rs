use super::*;
use crate::ids::{CandidateId, FormId};
use crate::record::apply::{ApplyChoice, ApplyRecruit};
use crate::record::{ChoiceStatus, Stated};

fn scope(pairs: &[(&str, &str)]) -> Scope {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn a_scope_covers_what_it_names_and_one_that_is_narrowed_otherwise_covers_nothing() {
    let coverage = |provider: Option<&str>, year| {
        let provider = provider.map(str::to_owned);
        Some(Coverage { provider, year })
    };
    assert_eq!(Coverage::of(&scope(&[])), coverage(None, None));
    assert_eq!(
        Coverage::of(&scope(&[("provider", "10000571"), ("cycle", "2026")])),
        coverage(Some("10000571"), Some(2026))
    );
    assert_eq!(Coverage::of(&scope(&[("cycle", "2026-27")])), None);
    assert_eq!(
        Coverage::of(&scope(&[("provider", "10000571"), ("status", "trn_received")])),
        None
    );
}

#[test]
fn a_provider_is_named_by_code_or_name_and_reads_back() {
    let recruit = |accredited: Stated<String>, training: Stated<String>| {
        let body = Body::ApplyRecruit(ApplyRecruit {
            status: ChoiceStatus::Recruited,
            candidate: Stated::Unstated,
            submitted_at: Stated::Unstated,
            recruited_at: Stated::Unstated,
            cycle_year: Stated::Unstated,
            course_uuid: Stated::Unstated,
            course_code: Stated::Unstated,
            training_provider_code: training,
            training_provider_type: Stated::Unstated,
            accredited_provider_code: accredited,
            study_mode: Stated::Unstated,
        });
        ProviderName::of(&body)
    };
    let choice = |name: Stated<String>| {
        let body = Body::ApplyChoice(ApplyChoice {
            candidate: CandidateId(1),
            form: FormId(1),
            status: ChoiceStatus::Recruited,
            cycle_year: Stated::Unstated,
            created_at: Stated::Unstated,
            sent_to_provider_at: Stated::Unstated,
            accepted_at: Stated::Unstated,
            provider_name: name,
            course: Stated::Unstated,
            interviews: Stated::Unstated,
        });
        ProviderName::of(&body)
    };
    let value = |text: &str| Stated::Value(text.to_owned());
    let code = |text: &str| Some(ProviderName::Code(text.to_owned()));
    assert_eq!(recruit(value("2AW"), value("1XY")), code("2AW"));
    assert_eq!(
        recruit(Stated::Null, value("1XY")),
        code("1XY"),
        "null: it is the same"
    );
    assert_eq!(recruit(Stated::Null, value(" ")), None);
    assert_eq!(choice(Stated::Null), None);
    let name = choice(value(" A: B ")).unwrap();
    assert_eq!(name, ProviderName::Name("A: B".to_owned()));
    for provider in [name, ProviderName::Code("2AW".to_owned())] {
        assert_eq!(ProviderName::parse(&provider.to_string()), Some(provider));
    }
}

#[test]
fn a_delivery_by_the_providers_code_covers_whom_apply_names_by_it() {
    let name = ProviderName::Code("2AW".to_owned());
    let ukprn = Ukprn::parse("10000571").unwrap();
    let coverage = Coverage {
        provider: Some("2AW".to_owned()),
        year: None,
    };
    assert!(coverage.is_of(ukprn, &name));
    assert!(!coverage.is_of(ukprn, &ProviderName::Name("2AW".to_owned())));
}

#[test]
fn of_nobody_no_share_is_reached_and_the_threshold_counts() {
    let share = |trainees, recognised| Share { trainees, recognised };
    assert!(!share(0, 0).reaches(0));
    assert!(!share(10, 4).reaches(50));
    assert!(share(10, 5).reaches(50));
    let turnout = |recruits, turned_up| Turnout { recruits, turned_up };
    assert!(!turnout(0, 0).reaches(0));
    assert!(!turnout(0, 1).reaches(50), "of whom nobody was counted");
    assert!(!turnout(20, 9).reaches(50));
    assert!(turnout(20, 10).reaches(50));
}
