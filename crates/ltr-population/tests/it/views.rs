use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::headline::Stage;
use ltr_domain::ids::{RecordKind, Trn};
use ltr_domain::time::london_date;
use ltr_population::truth::Told;
use ltr_population::{Population, Truth};
use ltr_upstreams::world::apply::ChoiceStatus;
use ltr_upstreams::world::register::TraineeState;
use ltr_upstreams::world::trs::{Answer, RouteStatus};

fn population() -> Population {
    Population::of(11, 4_000)
}

/// No record tells of a thing before it was so, except where the ledger says that the source was wrong.
#[test]
fn nothing_is_told_before_it_has_happened() {
    let population = population();
    let truth = &population.truth;
    let mut told_of = BTreeMap::<&str, u32>::new();
    for (record, person) in truth.records() {
        for saying in truth.sayings(record) {
            let day = london_date(saying.from);
            let Some(told) = saying.said.told(day) else {
                continue;
            };
            // A TRN without a status tells nothing of training.
            if told == Told::Stage(Stage::NoTeachingStatus) || is_wrong(truth, record, saying.from) {
                continue;
            }
            let known = truth.person(person).unwrap();
            let has_been = known
                .stages
                .iter()
                .take_while(|(from, _)| *from <= day)
                .any(|(_, stage)| told.agrees_with(*stage));
            assert!(has_been, "{record} tells {told:?} on {day}; {:?}", known.stages);
            *told_of.entry(record.source().token()).or_default() += 1;
        }
    }
    assert!(told_of.values().all(|count| *count > 1_000), "{told_of:?}");
}

fn is_wrong(truth: &Truth, record: &ltr_domain::ids::RecordId, at: jiff::Timestamp) -> bool {
    truth
        .wrongs()
        .iter()
        .any(|wrong| wrong.record == *record && wrong.from <= at && at < wrong.to)
}

/// The last thing that everybody's records tell is true, except where it is not told any more.
#[test]
fn in_the_end_all_is_told() {
    let population = population();
    let truth = &population.truth;
    let end = jiff::civil::date(2028, 6, 1);
    let at = ltr_domain::time::end_of_london_day(end);
    let (mut told, mut all) = (0, 0);
    for (person, known) in truth.people() {
        if truth.settlers(person, end).is_empty() {
            continue;
        }
        all += 1;
        let agrees = truth.delivered(person, end, &ltr_population::truth::AtOnce);
        told += u32::from(agrees);
        let is_unregistered = known
            .life
            .traineeships
            .iter()
            .any(|one| one.paperwork.registered_at.is_none());
        let has_wrong = truth
            .wrongs()
            .iter()
            .any(|wrong| wrong.person == person && wrong.to > at);
        assert!(
            agrees || is_unregistered || has_wrong,
            "{:?}: {:?}",
            known.life.kind,
            known.stages
        );
    }
    assert!(told * 100 > all * 98, "{told} of {all}");
}

#[test]
fn versions_rise_and_every_key_leads_somewhere() {
    let population = population();
    let world = &population.world;
    let choices: BTreeSet<_> = world
        .apply
        .iter()
        .flat_map(|(_, timeline)| timeline.versions())
        .filter_map(|version| version.value.as_ref())
        .flat_map(|candidate| candidate.forms.iter().flat_map(|form| &form.choices))
        .map(|choice| choice.id)
        .collect();
    let ukprns: BTreeMap<_, _> = population.providers.iter().map(|one| (one.ukprn, one)).collect();
    let mut with_application = 0;
    for (slug, timeline) in world.register.iter() {
        assert_eq!(slug.len(), 24);
        assert!(
            timeline
                .versions()
                .windows(2)
                .all(|pair| pair[0].from < pair[1].from)
        );
        for version in timeline.versions() {
            let trainee = version.value.as_ref().unwrap();
            if let Some(choice) = trainee.application_id {
                assert!(choices.contains(&choice));
                with_application += 1;
            }
            if let Some(trn) = &trainee.trn {
                let at = world.trs.get(trn).expect("TRS has issued it");
                assert!(
                    at.at(version.from).is_some(),
                    "{trn} is in Register before TRS has it"
                );
            }
            assert!(ukprns.contains_key(&trainee.ukprn));
        }
    }
    assert!(with_application > 1_000);
    for (_, timeline) in world.trs.iter() {
        assert!(
            timeline
                .versions()
                .windows(2)
                .all(|pair| pair[0].from < pair[1].from)
        );
    }
    for (_, timeline) in world.apply.iter() {
        assert!(
            timeline
                .versions()
                .windows(2)
                .all(|pair| pair[0].from < pair[1].from)
        );
    }
    for (_, timeline) in world.vacancies.job_applications.iter() {
        for version in timeline.versions() {
            let application = version.value.as_ref().unwrap();
            let vacancy = world
                .vacancies
                .vacancies
                .get(&application.vacancy)
                .expect("it was published");
            let submitted = application.submitted_at.expect("only what was sent is told");
            let shown = vacancy.at(submitted).expect("it is shown").value;
            assert!(shown.publish_on <= london_date(submitted));
            assert!(london_date(submitted) <= shown.expires_at.date());
        }
    }
}

/// U§3.3, with what support does outside the machine.
fn may_follow(before: &TraineeState, after: &TraineeState) -> bool {
    use TraineeState as S;
    match (before, after) {
        (a, b) if a == b => true,
        (S::Draft | S::Deferred, S::SubmittedForTrn) => true,
        (S::SubmittedForTrn | S::Deferred, S::TrnReceived) => true,
        (S::TrnReceived, S::RecommendedForAward) => true,
        (S::SubmittedForTrn | S::TrnReceived | S::Deferred, S::Withdrawn) => true,
        (S::SubmittedForTrn | S::TrnReceived, S::Deferred) => true,
        (S::RecommendedForAward, S::Awarded) => true,
        // An undone withdrawal, and an award taken back (U§0.11).
        (S::Withdrawn | S::Awarded, S::TrnReceived) => true,
        _ => false,
    }
}

#[test]
fn states_follow_each_other_as_in_register() {
    let population = population();
    for (slug, timeline) in population.world.register.iter() {
        let rows: Vec<_> = timeline
            .versions()
            .iter()
            .filter_map(|one| one.value.as_ref())
            .collect();
        assert_eq!(rows[0].state, TraineeState::SubmittedForTrn);
        for pair in rows.windows(2) {
            assert!(
                may_follow(&pair[0].state, &pair[1].state),
                "{slug}: {:?} to {:?}",
                pair[0].state,
                pair[1].state
            );
        }
        for row in rows {
            assert_eq!(row.withdrawal.is_some(), row.state == TraineeState::Withdrawn);
            assert!(
                row.withdrawal
                    .as_ref()
                    .is_none_or(|one| row.itt_start_date <= Some(one.date))
            );
            let awarded = matches!(
                row.state,
                TraineeState::Awarded | TraineeState::RecommendedForAward
            );
            assert_eq!(row.outcome_date.is_some(), awarded);
            assert!(row.state != TraineeState::TrnReceived || row.trn.is_some());
        }
    }
}

/// U§2.4.
fn choice_may_follow(before: &ChoiceStatus, after: &ChoiceStatus) -> bool {
    use ChoiceStatus as S;
    match (before, after) {
        (a, b) if a == b => true,
        (S::Unsubmitted, S::AwaitingProviderDecision) => true,
        (
            S::AwaitingProviderDecision,
            S::Offer | S::Rejected | S::Withdrawn | S::Interviewing | S::Inactive,
        ) => true,
        (S::Inactive, S::Offer | S::Rejected | S::Withdrawn | S::Interviewing) => true,
        (S::Interviewing, S::Offer | S::Rejected | S::Withdrawn) => true,
        (S::Offer, S::PendingConditions | S::Recruited | S::Declined | S::OfferWithdrawn) => true,
        (S::PendingConditions, S::Recruited | S::ConditionsNotMet | S::Withdrawn | S::OfferDeferred) => true,
        (S::Recruited, S::Withdrawn | S::OfferDeferred) => true,
        (S::OfferDeferred, S::Recruited | S::PendingConditions | S::Withdrawn) => true,
        _ => false,
    }
}

#[test]
fn statuses_follow_each_other_as_in_apply() {
    let population = population();
    let mut seen = BTreeSet::new();
    for (_, timeline) in population.world.apply.iter() {
        let mut last: BTreeMap<_, ChoiceStatus> = BTreeMap::new();
        for version in timeline.versions() {
            for choice in &version.value.as_ref().unwrap().forms[0].choices {
                let before = last.insert(choice.id, choice.status.clone());
                let before = before.unwrap_or(ChoiceStatus::Unsubmitted);
                assert!(
                    choice_may_follow(&before, &choice.status),
                    "{before:?} to {:?}",
                    choice.status
                );
                seen.insert(choice.status.clone());
            }
        }
    }
    assert!(seen.len() >= 12, "{seen:?}");
}

/// U§4.4: what holds is changed by nobody but support, which removes it; who withdrew does not defer.
#[test]
fn routes_follow_each_other_as_in_trs() {
    let population = population();
    for (trn, timeline) in population.world.trs.iter() {
        let mut last: BTreeMap<_, RouteStatus> = BTreeMap::new();
        for version in timeline.versions() {
            let Answer::Person(person) = version.value.as_ref().unwrap() else {
                continue;
            };
            assert_eq!(
                person.qts.is_some(),
                person.routes.iter().any(|one| one.status == RouteStatus::Holds)
            );
            for route in &person.routes {
                let before = last.insert(route.id, route.status.clone());
                match (&before, &route.status) {
                    (Some(RouteStatus::Holds), status) => assert_eq!(*status, RouteStatus::Holds, "{trn}"),
                    (Some(RouteStatus::Withdrawn), RouteStatus::Deferred) => {
                        panic!("{trn}: withdrawn, then deferred")
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn people_are_found_by_their_records() {
    let population = Population::of(2, 600);
    let truth = &population.truth;
    for (number, person) in truth.people() {
        for record in &person.records {
            assert_eq!(truth.by_record(record), Some(number));
        }
        let is_first = person.records.first().map(|record| record.kind.rank_for_names());
        assert!(is_first.is_some(), "nobody is unknown to every source");
    }
    let trns: BTreeSet<Trn> = population.trns().collect();
    assert_eq!(trns.len(), population.world.trs.len());
    assert!(
        trns.iter()
            .all(|trn| trn.as_str().starts_with("55") || trn.as_str().starts_with("59"))
    );
    assert!(population.known_trns.iter().all(|trn| trns.contains(trn)));
    let kinds: BTreeSet<RecordKind> = truth.records().map(|(record, _)| record.kind).collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
}

#[test]
fn nobody_could_be_taken_for_somebody_real() {
    let population = Population::of(4, 600);
    for (_, timeline) in population.world.apply.iter() {
        for version in timeline.versions() {
            assert!(version.value.as_ref().unwrap().email.ends_with("@example.com"));
        }
    }
    for (_, timeline) in population.world.trs.iter() {
        for version in timeline.versions() {
            if let Some(Answer::Person(person)) = &version.value {
                assert!(
                    person
                        .email
                        .as_ref()
                        .is_some_and(|one| one.ends_with("@example.com"))
                );
            }
        }
    }
}
