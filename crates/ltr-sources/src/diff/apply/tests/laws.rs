//! No field of a state differs without an event, and nothing else makes one.

use ltr_domain::record::Body;

use super::*;
use crate::diff::body_events;

/// Every way in which one field can differ, one at a time. Destructuring makes a new field fail to compile here.
fn altered_choices() -> Vec<ApplyChoice> {
    let ApplyChoice {
        candidate: _,
        form: _,
        status: _,
        cycle_year: _,
        created_at: _,
        sent_to_provider_at: _,
        accepted_at: _,
        provider_name: _,
        course: _,
        interviews: _,
    } = choice(ChoiceStatus::Offer);
    let alterations: &[fn(&mut ApplyChoice)] = &[
        |choice| choice.candidate = CandidateId(8),
        |choice| choice.form = FormId(71),
        |choice| choice.status = ChoiceStatus::Recruited,
        |choice| choice.cycle_year = Stated::Value(2027),
        |choice| choice.cycle_year = Stated::Value(u16::MAX),
        |choice| choice.cycle_year = Stated::Null,
        |choice| choice.cycle_year = Stated::Unstated,
        |choice| choice.created_at = Stated::Null,
        |choice| choice.sent_to_provider_at = at("2025-10-13T09:00:00Z"),
        |choice| choice.accepted_at = Stated::Unstated,
        |choice| choice.accepted_at = at("2025-10-13T09:00:00Z"),
        |choice| choice.provider_name = Stated::Value(String::new()),
        |choice| choice.provider_name = Stated::Null,
        |choice| choice.course = Stated::Null,
        |choice| {
            choice.course = Stated::Value(ChosenCourse {
                level: Stated::Null,
                ..course()
            })
        },
        |choice| choice.interviews = Stated::Null,
        |choice| choice.interviews = Stated::Unstated,
        |choice| choice.interviews = Stated::Value(Vec::new()),
    ];
    let alter = |alteration: &fn(&mut ApplyChoice)| changed(&choice(ChoiceStatus::Offer), alteration);
    alterations.iter().map(alter).collect()
}

fn altered_recruits() -> Vec<ApplyRecruit> {
    let ApplyRecruit {
        status: _,
        candidate: _,
        submitted_at: _,
        recruited_at: _,
        cycle_year: _,
        course_uuid: _,
        course_code: _,
        training_provider_code: _,
        training_provider_type: _,
        accredited_provider_code: _,
        study_mode: _,
    } = recruit(ChoiceStatus::Recruited);
    let alterations: &[fn(&mut ApplyRecruit)] = &[
        |recruit| recruit.status = ChoiceStatus::Withdrawn,
        |recruit| recruit.candidate = Stated::Null,
        |recruit| recruit.submitted_at = Stated::Unstated,
        |recruit| recruit.recruited_at = Stated::Null,
        |recruit| recruit.cycle_year = Stated::Null,
        |recruit| recruit.course_uuid = Stated::Null,
        |recruit| recruit.course_code = Stated::Null,
        |recruit| recruit.training_provider_code = Stated::Null,
        |recruit| recruit.training_provider_type = Stated::Null,
        |recruit| recruit.accredited_provider_code = Stated::Unstated,
        |recruit| recruit.study_mode = Stated::Value(String::new()),
    ];
    let alter = |alteration: &fn(&mut ApplyRecruit)| {
        let mut new = recruit(ChoiceStatus::Recruited);
        alteration(&mut new);
        new
    };
    alterations.iter().map(alter).collect()
}

fn altered_candidates() -> Vec<ApplyCandidate> {
    let ApplyCandidate {
        created_at: _,
        forms: _,
    } = candidate();
    let Form {
        id: _,
        cycle_year: _,
        submitted_at: _,
        status: _,
    } = Form {
        id: FormId(1),
        cycle_year: Stated::Null,
        submitted_at: Stated::Null,
        status: Stated::Null,
    };
    let first = |change: fn(&mut Form)| {
        let mut new = candidate();
        if let Stated::Value(forms) = &mut new.forms {
            change(&mut forms[0]);
        }
        new
    };
    vec![
        ApplyCandidate {
            created_at: Stated::Null,
            ..candidate()
        },
        ApplyCandidate {
            forms: Stated::Null,
            ..candidate()
        },
        ApplyCandidate {
            forms: Stated::Unstated,
            ..candidate()
        },
        ApplyCandidate {
            forms: Stated::Value(Vec::new()),
            ..candidate()
        },
        first(|form| form.id = FormId(61)),
        first(|form| form.cycle_year = Stated::Null),
        first(|form| form.submitted_at = Stated::Null),
        first(|form| form.status = Stated::Unstated),
    ]
}

/// Any two states that differ in a field have an event between them, in either direction; equal ones have none.
#[test]
fn no_field_differs_without_an_event() {
    fn hold(states: &[Body]) {
        for (index, old) in states.iter().enumerate() {
            for (other, new) in states.iter().enumerate() {
                let events = body_events(Some(old), new, &SEEN);
                assert_eq!(events.is_empty(), index == other, "{old:?}\n{new:?}");
            }
            assert_ne!(body_events(None, old, &SEEN), []);
        }
    }
    let choices = altered_choices().into_iter().chain([choice(ChoiceStatus::Offer)]);
    hold(&choices.map(Body::ApplyChoice).collect::<Vec<_>>());
    let recruits = altered_recruits()
        .into_iter()
        .chain([recruit(ChoiceStatus::Recruited)]);
    hold(&recruits.map(Body::ApplyRecruit).collect::<Vec<_>>());
    let candidates = altered_candidates().into_iter().chain([candidate()]);
    hold(&candidates.map(Body::ApplyCandidate).collect::<Vec<_>>());
}

/// Null, unstated and [] are told apart even where no form or interview is among them.
#[test]
fn an_empty_list_is_not_no_list() {
    let forms = [Stated::Unstated, Stated::Null, Stated::Value(Vec::new())];
    let states = forms.map(|forms| ApplyCandidate { forms, ..candidate() });
    for (index, old) in states.iter().enumerate() {
        for (other, new) in states.iter().enumerate() {
            assert_eq!(derive_candidate(Some(old), new, &SEEN).is_empty(), index == other);
        }
    }
}
