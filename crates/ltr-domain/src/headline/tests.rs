use std::collections::BTreeMap;

use super::*;

fn combinations() -> impl Iterator<Item = TrackStates> {
    Qualification::ALL.iter().flat_map(|&qualification| {
        InductionState::ALL.iter().flat_map(move |&induction| {
            EmploymentState::ALL.iter().flat_map(move |&employment| {
                TrainingState::ALL.iter().flat_map(move |&training| {
                    ApplicationState::ALL.iter().map(move |&application| TrackStates {
                        qualification,
                        induction,
                        employment,
                        training,
                        application,
                    })
                })
            })
        })
    })
}

/// The rows of DESIGN §4 as conditions of their own, each written without the others.
fn rows_that_match(t: &TrackStates) -> Vec<Stage> {
    use ApplicationState as A;
    use EmploymentState as E;
    use InductionState as I;
    use Qualification as Q;
    use TrainingState as T;
    let qts = t.qualification == Q::Qts;
    let done = matches!(t.induction, I::Passed | I::Exempt | I::None | I::InProgressOld);
    let rows = [
        (Stage::InService, qts && t.employment == E::InPost && done),
        (
            Stage::Ect,
            qts && (t.induction == I::InProgressRecent
                || (t.employment == E::InPost && t.induction == I::Required)),
        ),
        (Stage::InductionFailed, qts && t.induction == I::Failed),
        (Stage::AwardPending, t.training == T::AwardPending),
        (Stage::TrainingDeferred, t.training == T::Deferred),
        (Stage::InTraining, t.training == T::InTraining),
        (Stage::InTrainingUnconfirmed, t.training == T::Unconfirmed),
        (Stage::RegisteredNotStarted, t.training == T::RegisteredNotStarted),
        (Stage::BetweenPosts, qts && t.employment == E::EndedRecently),
        (Stage::NotInStateService, qts && t.employment == E::EndedLongAgo),
        (Stage::Qualified, qts),
        (Stage::InPostWithoutQts, !qts && t.employment == E::InPost),
        (Stage::EarlyYearsQualified, t.qualification == Q::EarlyYears),
        (Stage::StartUnknown, t.application == A::StartUnknown),
        (Stage::LeftBeforeStart, t.application == A::LeftBeforeStart),
        (Stage::Recruited, t.application == A::Recruited),
        (
            Stage::AcceptedConditional,
            t.application == A::AcceptedConditional,
        ),
        (Stage::OfferDeferred, t.application == A::Deferred),
        (Stage::Applicant, t.application == A::Live),
        (Stage::LeftTraining, t.training == T::Ended),
        (Stage::UnsuccessfulApplicant, t.application == A::Ended),
        (Stage::NoTeachingStatus, *t != TrackStates::NOTHING_HEARD),
        (Stage::NotKnown, *t == TrackStates::NOTHING_HEARD),
    ];
    rows.into_iter()
        .filter_map(|(stage, matches)| matches.then_some(stage))
        .collect()
}

#[test]
fn every_combination_of_track_states_meets_the_first_row_that_matches() {
    let mut reached: BTreeMap<Stage, usize> = BTreeMap::new();
    for tracks in combinations() {
        let rows = rows_that_match(&tracks);
        let stage = headline(&tracks);
        assert_eq!(rows.first(), Some(&stage), "{tracks:?}");
        *reached.entry(stage).or_default() += 1;
    }
    assert_eq!(reached.len(), Stage::ALL.len(), "every row is reached");
    assert_eq!(reached[&Stage::NotKnown], 1, "only nothing heard is not known");
}

#[test]
fn holders_of_qts_are_never_below_qualified() {
    for tracks in combinations().filter(|t| t.qualification == Qualification::Qts) {
        assert!(headline(&tracks) <= Stage::Qualified, "{tracks:?}");
    }
}

#[test]
fn stages_have_distinct_names_and_the_table_order_is_their_order() {
    let names: std::collections::BTreeSet<_> = Stage::ALL.iter().map(|stage| stage.token()).collect();
    assert_eq!(names.len(), Stage::ALL.len());
    assert!(Stage::ALL.is_sorted());
}
