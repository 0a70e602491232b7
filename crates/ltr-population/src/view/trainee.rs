//! Register: a record for each traineeship, as providers enter it.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::calendar::days_after;
use ltr_domain::ids::{RecordId, RecordKind, Trn};
use ltr_domain::time::start_of_london_day;
use ltr_upstreams::world::register::{
    FutureInterest, Placement, RecordSource, Trainee, TraineeState, Trigger, Withdrawal,
};
use ltr_upstreams::world::{Extra, Text, Touch, Version};

use super::Scribe;
use crate::dice::Dice;
use crate::instants::{self, Rising};
use crate::life::{Kept, Leaving, Life, SwapTrns, Traineeship};
use crate::person::PersonNo;
use crate::provider::{ApplicationIds, ProviderKind, ProviderNo};
use crate::truth::{Said, SourceWrong, WrongFact};

/// Something that somebody, or a nightly job, writes into Register.
#[derive(Debug, Clone)]
enum Entry {
    Submitted,
    Trn(Trn),
    Start(Date),
    Moved(ProviderNo),
    Deferred(Date),
    Returned(Date),
    Withdrawn(Withdrawal),
    WithdrawalUndone,
    Placement(u8),
    LastName(String),
    Recommended(Date),
    Awarded,
    AwardTakenBack,
}

impl Scribe<'_> {
    pub(super) fn trainees(&mut self, life: &Life) {
        for (which, one) in life.traineeships.iter().enumerate() {
            let Some(registered_at) = one.paperwork.registered_at else {
                continue;
            };
            let mut dice = life
                .person
                .dice(self.seed, if which == 0 { "register" } else { "register again" });
            let slug = slug(&mut dice);
            let record = RecordId::new(RecordKind::RegisterTrainee, slug.to_string());
            self.truth.knows(life.person, record.clone());
            self.mark_wrongs(life.person, one, &record);
            let mut trainee = self.draft(life, one);
            let mut rising = Rising::new();
            for (at, entry) in entries(life, one, registered_at, &mut dice) {
                let at = rising.next(at);
                let touch = write(&mut trainee, &entry, at, &slug);
                self.world.register.add(
                    slug.clone(),
                    Version {
                        from: at,
                        touch,
                        value: Some(trainee.clone()),
                    },
                );
                self.truth.says(&record, at, said(&trainee, one.planned_on));
            }
        }
    }

    /// What Register knows before anybody has submitted it.
    fn draft(&mut self, life: &Life, one: &Traineeship) -> Trainee {
        let cycle = ltr_domain::calendar::academic_year(one.planned_on);
        let course = life.choices.first().map_or(0, |choice| choice.course);
        let identity = &life.identity;
        let registered_on = one.paperwork.registered_at.map(ltr_domain::time::london_date);
        let is_imported = one.provider.kind() == ProviderKind::Scitt && one.application.is_some();
        Trainee {
            ukprn: one.provider.ukprn(),
            application_id: one.application,
            trn: None,
            first_names: Text::from(identity.first_name),
            middle_names: Text::from(identity.middle_name),
            // A name taken later is entered later.
            last_name: Text::from(match one.paperwork.renamed_on {
                Some(_) => identity.last_name.as_str(),
                None => identity.last_name_on(registered_on.unwrap_or(one.started_on)),
            }),
            date_of_birth: identity.date_of_birth,
            email: Text::from(identity.email.as_str()),
            state: TraineeState::Draft,
            record_source: match (is_imported, one.provider.application_ids()) {
                (true, _) => RecordSource::Apply,
                (false, ApplicationIds::Stated) => RecordSource::Api,
                (false, ApplicationIds::Missing) => RecordSource::Manual,
            },
            training_route: Text::from("02"),
            itt_start_date: Some(one.planned_on),
            itt_end_date: Some(one.ends_on),
            trainee_start_date: None,
            submitted_for_trn_at: None,
            defer_date: None,
            defer_reason: None,
            reinstate_date: None,
            withdrawal: None,
            recommended_for_award_at: None,
            outcome_date: None,
            awarded_at: None,
            course: self.course(one.provider, course, cycle).register,
            placements: Vec::new(),
            extra: Extra::new(),
        }
    }

    fn mark_wrongs(&mut self, person: PersonNo, one: &Traineeship, record: &RecordId) {
        let mut mark = |fact, from, to| {
            self.truth.is_wrong(SourceWrong {
                person,
                record: record.clone(),
                fact,
                from,
                to,
            });
        };
        let end_of = ltr_domain::time::end_of_london_day;
        if let Some((from, to)) = one.paperwork.withdrawn_in_error {
            mark(WrongFact::Withdrawal, start_of_london_day(from), end_of(to));
        }
        if let (Some(until), Some(at)) = (one.paperwork.wrong_start_until, one.paperwork.registered_at) {
            mark(WrongFact::Start, at, end_of(until));
        }
        if let (Some(until), Some(at)) = (one.paperwork.swapped_until, one.paperwork.trn_at) {
            mark(WrongFact::Trn, at, end_of(until));
        }
    }
}

/// Everything that is entered about a traineeship, in order.
fn entries(
    life: &Life,
    one: &Traineeship,
    registered_at: Timestamp,
    dice: &mut Dice,
) -> Vec<(Timestamp, Entry)> {
    let papers = &one.paperwork;
    let mut entries = vec![(registered_at, Entry::Submitted)];
    let at = |on: Date, dice: &mut Dice| instants::of(on, dice).max(registered_at);
    let right_start = one.started_on;
    let first_start = match papers.wrong_start_until {
        Some(_) => days_after(right_start, 365),
        None => right_start,
    };
    match papers.start_entered_on {
        Some(on) => entries.push((at(on, dice), Entry::Start(first_start))),
        None => entries.push((registered_at, Entry::Start(first_start))),
    }
    if let Some(on) = papers.wrong_start_until {
        entries.push((at(on, dice), Entry::Start(right_start)));
    }
    if let Some(trn_at) = papers.trn_at {
        let swapped = papers.swapped_until.map(|_| SwapTrns::partner(life.person));
        entries.push((trn_at, Entry::Trn(swapped.unwrap_or(life.person).trn(0))));
    }
    if let Some(on) = papers.swapped_until {
        entries.push((at(on, dice), Entry::Trn(life.person.trn(0))));
    }
    if let (Some(on), Some(Kept::Old)) = (papers.trn_replaced_on, life.merged.map(|one| one.kept)) {
        entries.push((at(on, dice), Entry::Trn(life.person.trn(1))));
    }
    if let (Some(on), Some((_, to))) = (papers.moved_on, one.moved) {
        entries.push((at(on, dice), Entry::Moved(to)));
    }
    if let (Some(on), Some(from)) = (papers.deferred_on, one.deferred_on) {
        entries.push((at(on, dice), Entry::Deferred(from)));
    }
    if let (Some(on), Some(from)) = (papers.returned_on, one.returned_on) {
        entries.push((at(on, dice), Entry::Returned(from)));
    }
    if let (Some(on), Some((from, leaving))) = (papers.withdrawn_on, one.withdrew) {
        entries.push((at(on, dice), Entry::Withdrawn(withdrawal(from, leaving, dice))));
    }
    if let Some((from, to)) = papers.withdrawn_in_error {
        entries.push((
            at(from, dice),
            Entry::Withdrawn(withdrawal(from, Leaving::GaveUp, dice)),
        ));
        entries.push((at(to, dice), Entry::WithdrawalUndone));
    }
    if let (Some(on), Some((_, name))) = (papers.renamed_on, &life.identity.renamed) {
        entries.push((at(on, dice), Entry::LastName(name.clone())));
    }
    for (number, days) in [(1, 45), (2, 140)] {
        let on = days_after(one.started_on, days + dice.between(0, 25));
        let is_there = one.is_without_break() && papers.withdrawn_in_error.is_none_or(|(from, _)| on < from);
        if is_there && life.died.is_none_or(|(died_on, _)| on < died_on) {
            entries.push((at(on, dice), Entry::Placement(number)));
        }
    }
    if let (Some(on), Some(met_on)) = (one.recommended_on, one.standards_met_on) {
        entries.push((at(on, dice), Entry::Recommended(met_on)));
    }
    if let Some(on) = one.awarded_on {
        entries.push((awarded_at(life, on), Entry::Awarded));
    }
    if let Some(revoked) = one.revoked {
        entries.push((at(revoked.register_on, dice), Entry::AwardTakenBack));
    }
    // Of one instant, in the order above.
    entries.sort_by_key(|(at, _)| *at);
    entries
}

/// TRS awards at night of the day, and Register learns it with the answer.
pub(super) fn awarded_at(life: &Life, on: Date) -> Timestamp {
    start_of_london_day(on) + jiff::SignedDuration::from_mins(19 * 60 + i64::from(life.person.0 % 240))
}

fn withdrawal(date: Date, leaving: Leaving, dice: &mut Dice) -> Withdrawal {
    let (trigger, reason) = match leaving {
        Leaving::NotPassed => (Trigger::Provider, "not_meeting_qts_standards"),
        Leaving::OtherCourse => (Trigger::Trainee, "moved_to_different_itt_course"),
        Leaving::GaveUp => {
            let (trigger, reason) = dice.one_of(&GAVE_UP);
            (trigger.clone(), *reason)
        }
    };
    Withdrawal {
        date,
        trigger,
        reasons: vec![Text::from(reason)],
        future_interest: match dice.below(3) {
            0 => FutureInterest::Yes,
            1 => FutureInterest::No,
            _ => FutureInterest::Unknown,
        },
    }
}

const GAVE_UP: [(Trigger, &str); 4] = [
    (Trigger::Trainee, "trainee_workload_issues"),
    (Trigger::Trainee, "change_in_personal_or_health_circumstances"),
    (Trigger::Trainee, "does_not_want_to_become_a_teacher"),
    (Trigger::Provider, "stopped_responding_to_messages"),
];

/// Writes an entry, and says whether the record's `updated_at` moves.
fn write(trainee: &mut Trainee, entry: &Entry, at: Timestamp, slug: &Text) -> Touch {
    match entry {
        Entry::Submitted => {
            trainee.state = TraineeState::SubmittedForTrn;
            trainee.submitted_for_trn_at = Some(at);
        }
        Entry::Trn(trn) => {
            trainee.trn = Some(*trn);
            if trainee.state == TraineeState::SubmittedForTrn {
                trainee.state = TraineeState::TrnReceived;
            }
        }
        Entry::Start(on) => trainee.trainee_start_date = Some(*on),
        Entry::Moved(to) => trainee.ukprn = to.ukprn(),
        Entry::Deferred(on) => {
            trainee.state = TraineeState::Deferred;
            trainee.defer_date = Some(*on);
            trainee.defer_reason = Some(Text::from("Personal circumstances"));
        }
        Entry::Returned(on) => {
            trainee.state = in_training(trainee);
            trainee.reinstate_date = Some(*on);
        }
        Entry::Withdrawn(withdrawal) => {
            trainee.state = TraineeState::Withdrawn;
            trainee.withdrawal = Some(withdrawal.clone());
            return Touch::Blind;
        }
        Entry::WithdrawalUndone => {
            trainee.state = in_training(trainee);
            trainee.withdrawal = None;
            return Touch::Blind;
        }
        Entry::Placement(number) => {
            trainee.placements.push(Placement {
                id: Text::from(format!("{}{number}", &slug[..23])),
                urn: Some(Text::from(format!("{}", 990_000 + u32::from(*number) * 100))),
                name: Text::from(format!("Placement School {number}")),
            });
            return Touch::Blind;
        }
        Entry::LastName(name) => trainee.last_name = Text::from(name.as_str()),
        Entry::Recommended(met_on) => {
            trainee.state = TraineeState::RecommendedForAward;
            trainee.recommended_for_award_at = Some(at);
            trainee.outcome_date = Some(*met_on);
        }
        Entry::Awarded => {
            trainee.state = TraineeState::Awarded;
            trainee.awarded_at = trainee.outcome_date.map(start_of_london_day);
        }
        Entry::AwardTakenBack => {
            trainee.state = TraineeState::TrnReceived;
            trainee.recommended_for_award_at = None;
            trainee.outcome_date = None;
            trainee.awarded_at = None;
        }
    }
    Touch::Bumps
}

fn in_training(trainee: &Trainee) -> TraineeState {
    match trainee.trn {
        Some(_) => TraineeState::TrnReceived,
        None => TraineeState::SubmittedForTrn,
    }
}

fn said(trainee: &Trainee, planned_on: Date) -> Said {
    match &trainee.state {
        TraineeState::Draft | TraineeState::Other(_) => Said::Nothing,
        TraineeState::SubmittedForTrn | TraineeState::TrnReceived => Said::Registered {
            planned_on,
            started_on: trainee.trainee_start_date,
        },
        TraineeState::Deferred => Said::Deferred,
        TraineeState::Withdrawn => Said::Withdrawn,
        TraineeState::RecommendedForAward | TraineeState::Awarded => Said::Awarding,
    }
}

/// Twenty-four characters, as Register draws them.
fn slug(dice: &mut Dice) -> Text {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789";
    let slug: String = (0..24).map(|_| char::from(*dice.one_of(LETTERS))).collect();
    Text::from(slug)
}
