//! Made-up lives by the throw of dice: two applications, two traineeships and two TRNs that may or may not be of one
//! person, told in any order, corrected, taken back and late.

use jiff::civil::{Date, date};

use crate::calendar::days_after;
use crate::event::{Change, ChangeKind, Event, Fact, LinkStrength};
use crate::explain::{Belonging, Lifetime, Told};
use crate::ids::{PersonId, RecordId, RecordKind, Trn};
use crate::observation::Position;
use crate::record::trs::{Alert, Answer, HeldStatus, Induction, Route};
use crate::record::{ChoiceStatus, InductionStatus, RouteStatus, Stated, TraineeState};
use crate::testing::{observation, route_in_training, to};
use crate::time::{Basis, CivilDate, Effective, KnownAt, Precision, start_of_london_day};

/// Dice that fall the same way for the same seed.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    pub(super) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    /// A day of the two years in which everything happens.
    pub(super) fn day(&mut self) -> Date {
        let days = i32::try_from(self.below(730)).expect("two years");
        days_after(date(2026, 1, 1), days)
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

fn records() -> [RecordId; 6] {
    [
        RecordId::new(RecordKind::ApplyChoice, "501"),
        RecordId::new(RecordKind::ApplyChoice, "502"),
        RecordId::new(RecordKind::RegisterTrainee, "slug1"),
        RecordId::new(RecordKind::RegisterTrainee, "slug2"),
        RecordId::new(RecordKind::TrsPerson, "3100001"),
        RecordId::new(RecordKind::TrsPerson, "3100002"),
    ]
}

/// A life of up to twenty messages. The second of each kind may be somebody else's for a while.
pub(super) fn life(dice: &mut Dice) -> Lifetime {
    let records = records();
    let mut days: Vec<Date> = (0..4 + dice.below(16)).map(|_| dice.day()).collect();
    days.sort();
    let told: Vec<Told> = days
        .into_iter()
        .enumerate()
        .map(|(index, on)| told(dice, &records, index as u64 + 1, on))
        .collect();
    let first = told.first().expect("at least four messages").position.known_at;
    let turn = KnownAt(start_of_london_day(dice.day()));
    let (own, other) = (PersonId::of(&records[0]), PersonId::of(&records[1]));
    let belongs = |record: &RecordId, person, known_from, known_to| Belonging {
        record: record.clone(),
        person,
        known_from,
        known_to,
        strength: Some(LinkStrength::Issued),
    };
    let joins = dice.one_in(2);
    let mut belonging = Vec::new();
    for (index, record) in records.iter().enumerate() {
        if index % 2 == 0 || turn <= first {
            belonging.push(belongs(record, own, first, None));
            continue;
        }
        let (before, after) = if joins { (other, own) } else { (own, other) };
        belonging.push(belongs(record, before, first, Some(turn)));
        belonging.push(belongs(record, after, turn, None));
    }
    Lifetime::new(vec![records[0].clone()], told, belonging)
}

fn told(dice: &mut Dice, records: &[RecordId], sequence: u64, on: Date) -> Told {
    let record = dice.of(records);
    let at = start_of_london_day(on);
    let events = (0..1 + dice.below(3)).map(|_| event(dice, &record)).collect();
    Told {
        observation: observation(&record, at, events),
        position: Position {
            sequence,
            known_at: KnownAt(at),
        },
    }
}

fn event(dice: &mut Dice, record: &RecordId) -> Event {
    let fact = match record.kind {
        RecordKind::ApplyChoice => application(dice),
        RecordKind::RegisterTrainee => training(dice),
        RecordKind::TrsPerson => trs(dice),
        RecordKind::ApplyCandidate
        | RecordKind::ApplyRecruit
        | RecordKind::TvJobApplication
        | RecordKind::TvVacancy
        | RecordKind::TvPosting => Fact::CandidateSeen,
    };
    let kinds = [
        ChangeKind::FirstSeen,
        ChangeKind::Changed,
        ChangeKind::Changed,
        ChangeKind::Corrected,
        ChangeKind::Reversed,
        ChangeKind::Late,
    ];
    Event {
        fact,
        effective: Effective {
            on: dice.day(),
            precision: Precision::Day,
            basis: dice.of(&[Basis::Stated, Basis::Inferred, Basis::Observed]),
        },
        kind: dice.of(&kinds),
        supersedes: None,
    }
}

fn application(dice: &mut Dice) -> Fact {
    let status = dice.of(&[
        ChoiceStatus::Unsubmitted,
        ChoiceStatus::AwaitingProviderDecision,
        ChoiceStatus::PendingConditions,
        ChoiceStatus::Recruited,
        ChoiceStatus::Recruited,
        ChoiceStatus::OfferDeferred,
        ChoiceStatus::Rejected,
        ChoiceStatus::Unrecognised("some_new_word".to_owned()),
    ]);
    if dice.one_in(3) {
        return Fact::CycleChanged(to(dice.of(&[2026, 2027])));
    }
    Fact::ApplicationChoiceStatusChanged(to(status))
}

fn training(dice: &mut Dice) -> Fact {
    let state = dice.of(&[
        TraineeState::Draft,
        TraineeState::SubmittedForTrn,
        TraineeState::TrnReceived,
        TraineeState::TrnReceived,
        TraineeState::Deferred,
        TraineeState::Withdrawn,
        TraineeState::Awarded,
        TraineeState::Unrecognised("some_new_word".to_owned()),
    ]);
    let day = CivilDate::Day(dice.day());
    match dice.below(5) {
        0 => Fact::StartConfirmed(to(day)),
        1 => Fact::PlannedStartChanged(to(day)),
        _ => Fact::TraineeStateChanged(to(state)),
    }
}

fn trs(dice: &mut Dice) -> Fact {
    let day = Stated::Value(CivilDate::Day(dice.day()));
    let held = HeldStatus {
        holds_from: day.clone(),
        route_types: Vec::new(),
    };
    let other = Trn::parse("3100001").expect("seven digits");
    let answer = dice.of(&[
        Answer::Found,
        Answer::Found,
        Answer::Found,
        Answer::MergedInto(other),
        Answer::Deactivated,
        Answer::NotFound,
    ]);
    let induction = Induction {
        status: dice.of(&[
            InductionStatus::RequiredToComplete,
            InductionStatus::InProgress,
            InductionStatus::Passed,
            InductionStatus::Failed,
        ]),
        start_date: day.clone(),
        completed_date: Stated::Null,
        exemption_reasons: Vec::new(),
    };
    let alert = Alert {
        key: dice.of(&["a1", "a2"]).to_owned(),
        type_id: Stated::Unstated,
        category_id: dice.of(&[
            Stated::Unstated,
            Stated::Value("b2b19019-b165-47a3-8745-3297ff152581".into()),
        ]),
        start_date: day.clone(),
        end_date: Stated::Null,
    };
    let route = Route {
        key: dice.of(&["r1", "r2"]).to_owned(),
        status: dice.of(&[
            RouteStatus::InTraining,
            RouteStatus::Withdrawn,
            RouteStatus::Deferred,
        ]),
        training_start_date: day,
        training_end_date: Stated::Null,
        ..route_in_training()
    };
    match dice.below(8) {
        0 | 1 => Fact::TrnAllocated(to(answer)),
        2 => Fact::QualifiedStatusHeld(to(held)),
        3 => Fact::QualifiedStatusRemoved(Change { old: None, new: None }),
        4 => Fact::InductionStarted(to(induction)),
        5 => Fact::AlertOpened(to(alert)),
        6 => Fact::AlertsListed(to(1)),
        _ => Fact::RouteRecorded(to(route)),
    }
}
