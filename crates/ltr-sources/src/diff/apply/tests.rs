use expect_test::{Expect, expect};
use jiff::civil::date;
use ltr_domain::ids::{CandidateId, FormId};

use super::*;

mod laws;

const SEEN: Seen = Seen {
    observed_on: date(2026, 9, 20),
    source_updated_on: Some(date(2026, 9, 18)),
};

fn at(text: &str) -> Stated<Timestamp> {
    Stated::Value(text.parse().unwrap())
}

fn statuses() -> Vec<ChoiceStatus> {
    ChoiceStatus::known()
        .into_iter()
        .chain([ChoiceStatus::Unrecognised("on_hold".to_owned())])
        .collect()
}

fn course() -> ChosenCourse {
    ChosenCourse {
        uuid: Stated::Value("c-1".to_owned()),
        ..ChosenCourse::default()
    }
}

fn choice(status: ChoiceStatus) -> ApplyChoice {
    ApplyChoice {
        candidate: CandidateId(7),
        form: FormId(70),
        status,
        cycle_year: Stated::Value(2026),
        created_at: at("2025-10-10T09:00:00Z"),
        sent_to_provider_at: at("2025-10-12T23:30:00Z"),
        accepted_at: Stated::Null,
        provider_name: Stated::Value("Oaks".to_owned()),
        course: Stated::Value(course()),
        interviews: Stated::Value(vec![
            Interview {
                id: 1,
                at: at("2025-11-01T10:00:00Z"),
                cancelled_at: Stated::Null,
            },
            Interview {
                id: 2,
                at: at("2025-11-08T10:00:00Z"),
                cancelled_at: Stated::Null,
            },
        ]),
    }
}

fn recruit(status: ChoiceStatus) -> ApplyRecruit {
    ApplyRecruit {
        status,
        candidate: Stated::Value(CandidateId(7)),
        submitted_at: at("2025-10-12T09:00:00Z"),
        recruited_at: at("2025-12-01T09:00:00Z"),
        cycle_year: Stated::Value(2026),
        course_uuid: Stated::Value("c-1".to_owned()),
        course_code: Stated::Value("V6X1".to_owned()),
        training_provider_code: Stated::Value("E84".to_owned()),
        training_provider_type: Stated::Value("scitt".to_owned()),
        accredited_provider_code: Stated::Null,
        study_mode: Stated::Value("full_time".to_owned()),
    }
}

fn candidate() -> ApplyCandidate {
    let form = |id, year, submitted_at| Form {
        id: FormId(id),
        cycle_year: Stated::Value(year),
        submitted_at,
        status: Stated::Value("recruited".to_owned()),
    };
    ApplyCandidate {
        created_at: at("2024-10-01T09:00:00Z"),
        forms: Stated::Value(vec![
            form(60, 2025, Stated::Unstated),
            form(70, 2026, at("2025-10-12T09:00:00Z")),
        ]),
    }
}

/// One line an event: name, what it changed, from when and how that is known, kind.
fn told(events: &[Event]) -> String {
    let line = |event: &Event| {
        let Effective { on, basis, .. } = event.effective;
        format!(
            "{} {} {on} {basis:?} {}\n",
            event.fact.name(),
            change(&event.fact),
            event.kind.token()
        )
    };
    events.iter().map(line).collect()
}

/// Before and after, `∅` for none.
fn change(fact: &Fact) -> String {
    fn sides<T>(change: &Change<T>, text: impl Fn(&T) -> String) -> String {
        let side = |value: &Option<T>| value.as_ref().map_or("∅".to_owned(), &text);
        format!("{}→{}", side(&change.old), side(&change.new))
    }
    if let Fact::ApplicationSubmitted(change)
    | Fact::ApplicationChoiceStatusChanged(change)
    | Fact::OfferMade(change)
    | Fact::OfferAccepted(change)
    | Fact::RecruitedRecorded(change)
    | Fact::OfferDeferred(change)
    | Fact::OfferReinstated(change)
    | Fact::ApplicationRejected(change)
    | Fact::ApplicationWithdrawn(change)
    | Fact::ApplicationReversed(change) = fact
    {
        return sides(change, |status| status.text().to_owned());
    }
    if let Fact::ApplicationFormChanged(change) = fact {
        return sides(change, u64::to_string);
    }
    if let Fact::CycleChanged(change) = fact {
        return sides(change, u16::to_string);
    }
    if let Fact::InterviewsChanged(change) = fact {
        return sides(change, u32::to_string);
    }
    if let Fact::CourseChoiceChanged(change) = fact {
        return sides(change, |course| course.uuid.value().cloned().unwrap_or_default());
    }
    "-".to_owned()
}

fn check(old: Option<&ApplyChoice>, new: &ApplyChoice, expected: Expect) {
    expected.assert_eq(&told(&derive_choice(old, new, &SEEN)));
}

fn changed(old: &ApplyChoice, change: impl FnOnce(&mut ApplyChoice)) -> ApplyChoice {
    let mut new = old.clone();
    change(&mut new);
    new
}

#[test]
fn a_choice_seen_first_is_named_by_where_it_stands() {
    let mut names = String::new();
    for status in statuses() {
        let bare = ApplyChoice {
            course: Stated::Unstated,
            provider_name: Stated::Unstated,
            cycle_year: Stated::Unstated,
            interviews: Stated::Unstated,
            ..choice(status)
        };
        names += &told(&derive_choice(None, &bare, &SEEN));
    }
    expect![[r#"
        ApplicationChoiceStatusChanged ∅→unsubmitted 2026-09-18 Inferred first_seen
        ApplicationRejected ∅→application_not_sent 2026-09-18 Inferred first_seen
        ApplicationRejected ∅→cancelled 2026-09-18 Inferred first_seen
        ApplicationSubmitted ∅→awaiting_provider_decision 2025-10-13 Stated first_seen
        ApplicationChoiceStatusChanged ∅→inactive 2026-09-18 Inferred first_seen
        ApplicationChoiceStatusChanged ∅→interviewing 2026-09-18 Inferred first_seen
        OfferMade ∅→offer 2026-09-18 Inferred first_seen
        ApplicationRejected ∅→offer_withdrawn 2026-09-18 Inferred first_seen
        ApplicationRejected ∅→declined 2026-09-18 Inferred first_seen
        ApplicationRejected ∅→rejected 2026-09-18 Inferred first_seen
        OfferAccepted ∅→pending_conditions 2026-09-18 Inferred first_seen
        ApplicationRejected ∅→conditions_not_met 2026-09-18 Inferred first_seen
        RecruitedRecorded ∅→recruited 2026-09-18 Inferred first_seen
        OfferDeferred ∅→offer_deferred 2026-09-18 Inferred first_seen
        ApplicationWithdrawn ∅→withdrawn 2026-09-18 Inferred first_seen
        ApplicationChoiceStatusChanged ∅→on_hold 2026-09-18 Inferred first_seen
    "#]]
    .assert_eq(&names);
}

#[test]
fn every_move_between_any_two_statuses_is_exactly_one_event_that_names_both() {
    for old in statuses() {
        for new in statuses() {
            let told = told(&derive_choice(
                Some(&choice(old.clone())),
                &choice(new.clone()),
                &SEEN,
            ));
            if old == new {
                assert_eq!(told, "");
                continue;
            }
            assert_eq!(told.lines().count(), 1, "{old:?} → {new:?}");
            assert!(
                told.contains(&format!(" {}→{} ", old.text(), new.text())),
                "{told}"
            );
            let recruits = self::told(&derive_recruit(
                Some(&recruit(old.clone())),
                &recruit(new.clone()),
                &SEEN,
            ));
            assert_eq!(recruits, told, "both feeds name a move alike");
        }
    }
}

#[test]
fn moves_forward_are_named() {
    let mut told_all = String::new();
    for (old, new) in [
        ("unsubmitted", "awaiting_provider_decision"),
        ("awaiting_provider_decision", "interviewing"),
        ("interviewing", "awaiting_provider_decision"),
        ("awaiting_provider_decision", "inactive"),
        ("inactive", "offer"),
        ("offer", "pending_conditions"),
        ("offer", "recruited"),
        ("pending_conditions", "recruited"),
        ("recruited", "offer_deferred"),
        ("offer_deferred", "pending_conditions"),
        ("offer_deferred", "recruited"),
        ("offer_deferred", "withdrawn"),
        ("rejected", "offer"),
        ("offer_withdrawn", "offer"),
        ("rejected", "withdrawn"),
    ] {
        let [old, new] = [old, new].map(ChoiceStatus::read);
        told_all += &told(&derive_choice(Some(&choice(old)), &choice(new), &SEEN));
    }
    expect![[r#"
        ApplicationSubmitted unsubmitted→awaiting_provider_decision 2026-09-18 Inferred changed
        ApplicationChoiceStatusChanged awaiting_provider_decision→interviewing 2026-09-18 Inferred changed
        ApplicationChoiceStatusChanged interviewing→awaiting_provider_decision 2026-09-18 Inferred changed
        ApplicationChoiceStatusChanged awaiting_provider_decision→inactive 2026-09-18 Inferred changed
        OfferMade inactive→offer 2026-09-18 Inferred changed
        OfferAccepted offer→pending_conditions 2026-09-18 Inferred changed
        RecruitedRecorded offer→recruited 2026-09-18 Inferred changed
        RecruitedRecorded pending_conditions→recruited 2026-09-18 Inferred changed
        OfferDeferred recruited→offer_deferred 2026-09-18 Inferred changed
        OfferReinstated offer_deferred→pending_conditions 2026-09-18 Inferred changed
        OfferReinstated offer_deferred→recruited 2026-09-18 Inferred changed
        ApplicationWithdrawn offer_deferred→withdrawn 2026-09-18 Inferred changed
        OfferMade rejected→offer 2026-09-18 Inferred changed
        OfferMade offer_withdrawn→offer 2026-09-18 Inferred changed
        ApplicationWithdrawn rejected→withdrawn 2026-09-18 Inferred changed
    "#]]
    .assert_eq(&told_all);
}

#[test]
fn what_support_takes_back_is_reversed() {
    let mut told_all = String::new();
    for (old, new) in [
        ("withdrawn", "recruited"),
        ("declined", "recruited"),
        ("rejected", "awaiting_provider_decision"),
        ("conditions_not_met", "pending_conditions"),
        ("declined", "offer"),
        ("withdrawn", "inactive"),
        ("recruited", "pending_conditions"),
        ("pending_conditions", "awaiting_provider_decision"),
        ("recruited", "offer"),
        ("withdrawn", "on_hold"),
    ] {
        let [old, new] = [old, new].map(ChoiceStatus::read);
        told_all += &told(&derive_choice(Some(&choice(old)), &choice(new), &SEEN));
    }
    expect![[r#"
        ApplicationReversed withdrawn→recruited 2026-09-18 Inferred reversed
        ApplicationReversed declined→recruited 2026-09-18 Inferred reversed
        ApplicationReversed rejected→awaiting_provider_decision 2026-09-18 Inferred reversed
        ApplicationReversed conditions_not_met→pending_conditions 2026-09-18 Inferred reversed
        ApplicationReversed declined→offer 2026-09-18 Inferred reversed
        ApplicationReversed withdrawn→inactive 2026-09-18 Inferred reversed
        ApplicationChoiceStatusChanged recruited→pending_conditions 2026-09-18 Inferred reversed
        ApplicationChoiceStatusChanged pending_conditions→awaiting_provider_decision 2026-09-18 Inferred reversed
        ApplicationChoiceStatusChanged recruited→offer 2026-09-18 Inferred reversed
        ApplicationChoiceStatusChanged withdrawn→on_hold 2026-09-18 Inferred changed
    "#]].assert_eq(&told_all);
}

/// An acceptance is dated as stated; being recruited only where the two are one step.
#[test]
fn acceptance_dates_what_it_is_the_date_of() {
    fn accept(status: &'static str) -> impl FnOnce(&mut ApplyChoice) {
        move |choice| {
            choice.status = ChoiceStatus::read(status);
            choice.accepted_at = at("2026-06-30T23:30:00Z");
        }
    }
    let offer = choice(ChoiceStatus::Offer);
    let pending = changed(&offer, accept("pending_conditions"));
    check(
        Some(&offer),
        &pending,
        expect![[r#"
        OfferAccepted offer→pending_conditions 2026-07-01 Stated changed
    "#]],
    );
    check(
        Some(&offer),
        &changed(&offer, accept("recruited")),
        expect![[r#"
        RecruitedRecorded offer→recruited 2026-07-01 Stated changed
    "#]],
    );
    check(
        Some(&pending),
        &changed(&pending, accept("recruited")),
        expect![[r#"
        RecruitedRecorded pending_conditions→recruited 2026-09-18 Inferred changed
    "#]],
    );
    check(
        None,
        &changed(&choice(ChoiceStatus::Offer), accept("recruited")),
        expect![[r#"
        RecruitedRecorded ∅→recruited 2026-07-01 Inferred first_seen
        CourseChoiceChanged ∅→c-1 2026-09-18 Inferred first_seen
        CycleChanged ∅→2026 2026-09-01 Inferred first_seen
        InterviewsChanged ∅→2 2026-09-18 Inferred first_seen
    "#]],
    );
    let recruited = changed(&pending, accept("recruited"));
    check(
        Some(&recruited),
        &pending,
        expect![[r#"
        ApplicationChoiceStatusChanged recruited→pending_conditions 2026-09-18 Inferred reversed
    "#]],
    );
}

/// S-C: the late SKE confirmation moves `updated_at` only, which is not even part of the state.
#[test]
fn a_late_confirmation_of_a_condition_is_no_event() {
    let recruited = choice(ChoiceStatus::Recruited);
    let later = Seen {
        source_updated_on: Some(date(2027, 1, 5)),
        ..SEEN
    };
    assert_eq!(derive_choice(Some(&recruited), &recruited.clone(), &later), []);
}

/// S-D: the same choice comes back recruited in the next cycle.
#[test]
fn a_deferred_offer_is_reinstated_in_the_next_cycle() {
    let deferred = choice(ChoiceStatus::OfferDeferred);
    let reinstated = changed(&deferred, |choice| {
        choice.status = ChoiceStatus::Recruited;
        choice.form = FormId(71);
        choice.cycle_year = Stated::Value(2027);
        choice.course = Stated::Value(ChosenCourse {
            uuid: Stated::Value("c-2".to_owned()),
            ..course()
        });
    });
    check(
        Some(&deferred),
        &reinstated,
        expect![[r#"
        OfferReinstated offer_deferred→recruited 2026-09-18 Inferred changed
        CourseChoiceChanged c-1→c-2 2026-09-18 Inferred changed
        CycleChanged 2026→2027 2027-09-01 Inferred changed
    "#]],
    );
}

#[test]
fn interviews_are_counted_as_they_stand() {
    let old = choice(ChoiceStatus::Interviewing);
    let with = |change: fn(&mut Vec<Interview>)| {
        changed(&old, |choice| {
            let Stated::Value(list) = &mut choice.interviews else {
                unreachable!("the sample states interviews")
            };
            change(list);
        })
    };
    check(Some(&old), &with(|list| list.reverse()), expect![[""]]);
    check(
        Some(&old),
        &with(|list| list[0].cancelled_at = at("2025-10-30T09:00:00Z")),
        expect![[r#"
        InterviewsChanged 2→1 2026-09-18 Inferred changed
    "#]],
    );
    check(
        Some(&old),
        &with(|list| list[0].at = at("2025-11-02T10:00:00Z")),
        expect![[r#"
        InterviewsChanged 2→2 2026-09-18 Inferred changed
    "#]],
    );
    check(
        Some(&old),
        &with(Vec::clear),
        expect![[r#"
        InterviewsChanged 2→0 2026-09-18 Inferred changed
    "#]],
    );
}

#[test]
fn a_candidate_is_seen_and_so_is_each_form() {
    let old = candidate();
    expect![[r#"
        CandidateSeen - 2024-10-01 Stated first_seen
        ApplicationFormChanged ∅→60 2026-09-18 Inferred first_seen
        ApplicationFormChanged ∅→70 2025-10-12 Stated first_seen
    "#]]
    .assert_eq(&told(&derive_candidate(None, &old, &SEEN)));

    let mut new = old.clone();
    if let Stated::Value(forms) = &mut new.forms {
        forms.reverse();
        assert_eq!(derive_candidate(Some(&old), &new, &SEEN), []);
    }
    let Stated::Value(forms) = &mut new.forms else {
        unreachable!("the sample states forms")
    };
    forms[1].submitted_at = at("2026-01-02T09:00:00Z");
    forms[0] = Form {
        id: FormId(71),
        ..forms[0].clone()
    };
    expect![[r#"
        ApplicationFormChanged 60→60 2026-01-02 Stated changed
        ApplicationFormChanged 70→∅ 2026-09-18 Inferred changed
        ApplicationFormChanged ∅→71 2025-10-12 Stated first_seen
    "#]]
    .assert_eq(&told(&derive_candidate(Some(&old), &new, &SEEN)));
}

#[test]
fn a_recruit_is_recruited_when_it_says_so() {
    expect![[r#"
        RecruitedRecorded ∅→recruited 2025-12-01 Stated first_seen
        CourseChoiceChanged ∅→c-1 2026-09-18 Inferred first_seen
        CycleChanged ∅→2026 2026-09-01 Inferred first_seen
    "#]]
    .assert_eq(&told(&derive_recruit(
        None,
        &recruit(ChoiceStatus::Recruited),
        &SEEN,
    )));
    let old = ApplyRecruit {
        recruited_at: Stated::Null,
        ..recruit(ChoiceStatus::OfferDeferred)
    };
    let new = recruit(ChoiceStatus::Recruited);
    expect![[r#"
        OfferReinstated offer_deferred→recruited 2026-09-18 Inferred changed
    "#]]
    .assert_eq(&told(&derive_recruit(Some(&old), &new, &SEEN)));
    let withdrawn = recruit(ChoiceStatus::Withdrawn);
    expect![[r#"
        ApplicationWithdrawn recruited→withdrawn 2026-09-18 Inferred changed
    "#]]
    .assert_eq(&told(&derive_recruit(Some(&new), &withdrawn, &SEEN)));
}
