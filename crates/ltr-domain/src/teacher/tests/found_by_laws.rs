//! What the laws over generated lives have found, told by hand.

use super::*;

#[test]
fn an_account_alone_is_told_of_from_the_day_on_which_it_was_heard() {
    let heard_on = date(2025, 11, 16);
    let account = RecordId::new(RecordKind::ApplyCandidate, "C1000");
    let life = History::default().said(heard_on, &account, vec![event(Fact::CandidateSeen, heard_on)]);
    let folds = life.folds(heard_on);
    let folds: Vec<&RecordFold> = folds.iter().collect();
    let known_on = date(2026, 2, 1);
    let line = intervals(
        &folds,
        &Policy::first(),
        &Hearing::nothing(known_on),
        date(2026, 3, 1),
    );
    let told: Vec<_> = line
        .iter()
        .map(|one| (one.from, one.headline.stage, one.headline.resolution.certainty))
        .collect();
    // Nobody says since when there is an account, so no day of the record's own begins the line.
    let expected = [
        (heard_on, Stage::NoTeachingStatus, Certainty::Confirmed),
        (date(2026, 2, 2), Stage::NoTeachingStatus, Certainty::Presumed),
    ];
    assert_eq!(told, expected);
}

#[test]
fn another_reason_alone_is_another_answer_to_review() {
    let (known_on, none_from) = (date(2026, 11, 1), date(2026, 11, 9));
    let none = Fact::InductionReset(to(induction(InductionStatus::None, None)));
    let found = Fact::TrnAllocated(to(crate::record::trs::Answer::Found));
    let life = History::default().said(
        known_on,
        &person(),
        vec![event(found, known_on), event(none, none_from)],
    );
    let answer = life.at(known_on, known_on);
    let induction = &answer.facts.induction;
    assert_eq!(
        (induction.value, induction.reason),
        ("none", "no_induction_status")
    );
    // The value stays; the reason and the day since which it is so do not, nor does the digest.
    assert_eq!(answer.review_on, Some(none_from));
    let then = life
        .heard(none_from, known_on, &Hearing::nothing(none_from))
        .facts
        .induction;
    assert_eq!((then.value, then.reason), ("none", "induction_status"));
}

fn late(fact: Fact, on: Date) -> Event {
    Event {
        kind: ChangeKind::Late,
        ..event(fact, on)
    }
}

#[test]
fn an_old_reading_neither_joins_nor_parts_anybody_now() {
    let other = RecordId::new(RecordKind::TrsPerson, "3100002");
    let link = |to: RecordId| Link {
        to,
        strength: LinkStrength::Issued,
    };
    let (linked_on, told_on) = (date(2026, 9, 21), date(2026, 12, 1));
    let life = History::default()
        .said(linked_on, &trainee(), vec![event(issued(person()), linked_on)])
        .said(
            told_on,
            &trainee(),
            vec![
                late(Fact::IdentityLinkRetracted(link(person())), date(2026, 9, 1)),
                late(Fact::IdentityLinkAsserted(link(other)), date(2026, 9, 1)),
            ],
        );
    let folds = life.folds(told_on);
    assert_eq!(folds[0].links, BTreeSet::from([link(person())]));
}

#[test]
fn an_old_reading_does_not_tell_how_things_stand() {
    let (withdrawn_on, told_on) = (date(2026, 10, 5), date(2026, 12, 1));
    let start = date(2026, 9, 3);
    let life = History::default().said(
        date(2026, 10, 10),
        &trainee(),
        vec![
            event(
                Fact::TraineeRegistered(to(TraineeState::TrnReceived)),
                date(2026, 9, 21),
            ),
            event(Fact::StartConfirmed(to(day(start))), start),
            event(Fact::TrainingWithdrawn(to(TraineeState::Withdrawn)), withdrawn_on),
        ],
    );
    let before = life.at(told_on, told_on);
    // Taken on 7 October, when Register had not noted the withdrawal yet, nor the start.
    let life = life.said(
        told_on,
        &trainee(),
        vec![
            late(
                Fact::TraineeStateChanged(to(TraineeState::TrnReceived)),
                date(2026, 10, 7),
            ),
            late(
                Fact::StartDateRevised(Change {
                    old: Some(day(start)),
                    new: None,
                }),
                start,
            ),
        ],
    );
    let after = life.at(told_on, told_on);
    assert_eq!(after.headline.stage, Stage::LeftTraining);
    assert_eq!((after.headline, after.facts), (before.headline, before.facts));
}
