//! What goes wrong between the services, and is put right or not: the readings that make a case out of a few lives.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ltr_domain::ids::{RecordId, RecordKind, Trn};
use ltr_domain::record::trs::Answer;
use ltr_domain::record::{Body, ChoiceStatus, InductionStatus, RouteStatus, Stated, TraineeState, TrsPerson};
use ltr_domain::time::CivilDate;

use crate::life::{held, induction};
use crate::{Dice, Snapshot, Telling};

/// Why a reading is there that no ordinary life has.
///
/// Judgements by operators, joins and splits, get arms of their own once they are messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Incident {
    /// TRS redirects a TRN to another (S-I).
    Merge,
    /// The redirection is undone.
    Unmerge,
    /// A trainee carries somebody else's TRN (S-K).
    Swap,
    /// It is put right.
    Repair,
    /// A trainee is said to have come from another application, or from none.
    Split,
    /// The record is gone from its feed.
    Vanish,
    /// It is back.
    Reappear,
    /// The source says that it had it wrong.
    Correction,
    /// An old reading, told by a backfill.
    Late,
    /// A state that no rule of the source leads to.
    Noise,
    /// A candidate says who they are.
    Declared,
    /// A status that nobody has announced, for a while or for good.
    Word,
}

/// Adds what happens between these lives.
pub(crate) fn happen(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    if dice.chance(40) {
        merge(dice, all);
    }
    if dice.chance(45) {
        swap(dice, all);
    }
    if dice.chance(15) {
        split(dice, all);
    }
    if dice.chance(30) {
        vanish(dice, all);
    }
    if dice.chance(30) {
        correct(dice, all);
    }
    if dice.chance(20) {
        for _ in 0..=dice.below(2) {
            words(dice, all);
        }
    }
    if dice.chance(25) {
        late(dice, all);
    }
    if dice.chance(20) {
        for _ in 0..=dice.below(3) {
            noise(dice, all);
        }
    }
}

/// The records of one kind that are told of.
fn records_of(all: &[Snapshot], kind: RecordKind) -> Vec<RecordId> {
    let records: BTreeSet<&RecordId> = all.iter().map(|one| &one.record).collect();
    records
        .into_iter()
        .filter(|record| record.kind == kind)
        .cloned()
        .collect()
}

/// The last ordinary reading of a record by a day, else its first.
fn as_of<'a>(all: &'a [Snapshot], record: &RecordId, on: Date) -> Option<&'a Snapshot> {
    let own = || all.iter().filter(|one| one.record == *record);
    own()
        .filter(|one| one.read_on <= on)
        .max_by_key(|one| one.read_on)
        .or_else(|| own().min_by_key(|one| one.read_on))
}

/// A day on or after the first reading of a record.
fn some_day(dice: &mut Dice, all: &[Snapshot], record: &RecordId) -> Date {
    let first = all
        .iter()
        .filter(|one| one.record == *record)
        .map(|one| one.read_on);
    let first = first.min().expect("a record is told of");
    dice.day_after(first, 1, 400)
}

fn merge(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    let mut known = records_of(all, RecordKind::TrsPerson);
    let Some(into) = known.first().cloned() else {
        return;
    };
    if known.len() < 2 || dice.one_in(3) {
        // A second TRN for somebody who has one.
        let twin = Trn::parse(&format!("{}", 3_100_005 + 10 * dice.below(3))).expect("seven digits");
        let twin = RecordId::trs_person(twin);
        let mut person = TrsPerson::answered(Answer::Found);
        person.qts = Stated::Null;
        let on = some_day(dice, all, &into);
        let body = Body::TrsPerson(Box::new(person));
        all.push(Snapshot::ordinary(twin.clone(), on, body));
        known.push(twin);
    }
    dice.shuffle(&mut known);
    let (from, into) = (known[0].clone(), known[1].clone());
    let Ok(into) = Trn::parse(&into.key) else { return };
    let on = some_day(dice, all, &from);
    let Some(before) = as_of(all, &from, on).cloned() else {
        return;
    };
    let redirect = Snapshot {
        body: Body::TrsPerson(Box::new(TrsPerson::answered(Answer::MergedInto(into)))),
        ..before.again(on, Incident::Merge)
    };
    let stays = dice.one_in(2);
    if stays {
        all.retain(|one| one.record != from || one.read_on <= on);
    } else {
        let undone_on = dice.day_after(on, 3, 200);
        all.push(before.again(undone_on, Incident::Unmerge));
    }
    all.push(redirect);
}

fn swap(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    let mut given: Vec<(RecordId, Trn, Date)> = Vec::new();
    for one in all.iter() {
        if let Body::RegisterTrainee(trainee) = &one.body
            && let Some(trn) = trainee.trn.value()
            && given
                .iter()
                .all(|(record, held, _)| *record != one.record && held != trn)
        {
            given.push((one.record.clone(), *trn, one.read_on));
        }
    }
    let [(one, own, since), (other, others, since_too), ..] = given.as_slice() else {
        return;
    };
    let swapped_until = dice.day_after(*since.max(since_too), 5, 60);
    let put_right_until = dice.day_after(swapped_until, 0, 4);
    for (record, right, wrong, until) in [
        (one, *own, *others, swapped_until),
        (other, *others, *own, put_right_until),
    ] {
        let right_again = as_of(all, record, until).cloned();
        for told in all
            .iter_mut()
            .filter(|told| told.record == *record && told.read_on < until)
        {
            if let Body::RegisterTrainee(trainee) = &mut told.body
                && trainee.trn == Stated::Value(right)
            {
                trainee.trn = Stated::Value(wrong);
                told.incident = Some(Incident::Swap);
            }
        }
        all.extend(right_again.map(|right| right.again(until, Incident::Repair)));
    }
}

fn split(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    let trainees = records_of(all, RecordKind::RegisterTrainee);
    let choices = records_of(all, RecordKind::ApplyChoice);
    if trainees.is_empty() || choices.is_empty() {
        return;
    }
    let record = dice.of(&trainees).clone();
    let on = some_day(dice, all, &record);
    let Some(mut moved) = as_of(all, &record, on).map(|before| before.again(on, Incident::Split)) else {
        return;
    };
    let choice = dice.of(&choices).key.parse().ok().map(ltr_domain::ids::ChoiceId);
    if let Body::RegisterTrainee(trainee) = &mut moved.body {
        trainee.application_id = Stated::from_nullable(choice.filter(|_| dice.one_in(2)));
    }
    all.push(moved);
}

fn vanish(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    let record = dice.of(all).record.clone();
    let on = some_day(dice, all, &record);
    let Some(before) = as_of(all, &record, on).cloned() else {
        return;
    };
    all.push(Snapshot {
        vanished: true,
        ..before.again(on, Incident::Vanish)
    });
    if dice.chance(60) {
        let back_on = dice.day_after(on, 7, 120);
        all.push(before.again(back_on, Incident::Reappear));
    }
}

fn correct(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    let record = dice.of(all).record.clone();
    let on = some_day(dice, all, &record);
    let Some(before) = as_of(all, &record, on) else {
        return;
    };
    let mut corrected = before.again(on, Incident::Correction);
    corrected.telling = Telling::Corrected;
    let new = CivilDate::Day(dice.day_after(on, 0, 30));
    match &mut corrected.body {
        Body::RegisterTrainee(trainee) => {
            let date = if dice.one_in(2) {
                &mut trainee.itt_start_date
            } else {
                &mut trainee.trainee_start_date
            };
            *date = Stated::Value(new);
        }
        Body::TrsPerson(person) => {
            if let Stated::Value(held) = &mut person.qts {
                held.holds_from = Stated::Value(new);
            } else if let Stated::Value(induction) = &mut person.induction {
                induction.start_date = Stated::Value(new);
            }
        }
        Body::ApplyChoice(choice) => choice.status = ChoiceStatus::Declined,
        Body::ApplyCandidate(_)
        | Body::ApplyRecruit(_)
        | Body::TvJobApplication(_)
        | Body::TvVacancy(_)
        | Body::TvPosting(_) => {}
    }
    all.push(corrected);
}

/// A status comes in a word that nobody knows: instead of the one that it had, so that another may follow, or between two
/// readings, after which it may be as it was.
fn words(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    let spoken: Vec<usize> = (0..all.len())
        .filter(|index| has_status(&all[*index].body))
        .collect();
    if spoken.is_empty() {
        return;
    }
    let index = *dice.of(&spoken);
    if dice.one_in(3) {
        unknown(dice, &mut all[index].body);
        all[index].incident = Some(Incident::Word);
        return;
    }
    let before = all[index].clone();
    let mut on = dice.day_after(before.read_on, 1, 40);
    for _ in 0..=dice.below(2) {
        let mut said = before.again(on, Incident::Word);
        unknown(dice, &mut said.body);
        all.push(said);
        on = dice.day_after(on, 7, 40);
    }
    if dice.chance(60) {
        all.push(before.again(on, Incident::Word));
    }
}

fn has_status(body: &Body) -> bool {
    match body {
        Body::ApplyChoice(_) | Body::ApplyRecruit(_) | Body::RegisterTrainee(_) => true,
        Body::ApplyCandidate(_)
        | Body::TrsPerson(_)
        | Body::TvJobApplication(_)
        | Body::TvVacancy(_)
        | Body::TvPosting(_) => false,
    }
}

fn unknown(dice: &mut Dice, body: &mut Body) {
    let word = (*dice.of(&["paused", "some_new_word"])).to_owned();
    match body {
        Body::ApplyChoice(choice) => choice.status = ChoiceStatus::Unrecognised(word),
        Body::ApplyRecruit(recruit) => recruit.status = ChoiceStatus::Unrecognised(word),
        Body::RegisterTrainee(trainee) => trainee.state = TraineeState::Unrecognised(word),
        Body::ApplyCandidate(_)
        | Body::TrsPerson(_)
        | Body::TvJobApplication(_)
        | Body::TvVacancy(_)
        | Body::TvPosting(_) => {}
    }
}

/// One of the readings of a record was not read in its time, and is told once newer ones are.
fn late(dice: &mut Dice, all: &mut [Snapshot]) {
    let record = dice.of(all).record.clone();
    let mut own: Vec<&mut Snapshot> = all.iter_mut().filter(|one| one.record == record).collect();
    own.sort_by_key(|one| one.read_on);
    if own.len() < 2 {
        return;
    }
    let last_on = own[own.len() - 1].read_on;
    let index = dice.below(own.len() - 1);
    let missed = &mut own[index];
    missed.telling = Telling::Late {
        taken_on: missed.read_on,
    };
    missed.incident = Some(Incident::Late);
    missed.read_on = dice.day_after(last_on, 1, 90);
}

/// Any state at any time: sources break their own rules (U§2.4).
fn noise(dice: &mut Dice, all: &mut Vec<Snapshot>) {
    let record = dice.of(all).record.clone();
    let on = some_day(dice, all, &record);
    let Some(before) = as_of(all, &record, on) else {
        return;
    };
    let mut odd = before.again(on, Incident::Noise);
    let any_day = CivilDate::Day(dice.day_after(on, 0, 500));
    match &mut odd.body {
        Body::ApplyChoice(choice) => choice.status = dice.of(&ChoiceStatus::known()).clone(),
        Body::ApplyRecruit(recruit) => recruit.status = ChoiceStatus::OfferDeferred,
        Body::RegisterTrainee(trainee) => {
            trainee.state = dice.of(&TraineeState::known()).clone();
            match dice.below(4) {
                0 => trainee.trainee_start_date = Stated::Value(any_day),
                1 => trainee.trainee_start_date = Stated::Null,
                2 => trainee.itt_start_date = Stated::Value(CivilDate::Unreadable("soon".to_owned())),
                _ => {}
            }
        }
        Body::TrsPerson(person) => match dice.below(5) {
            0 => person.answer = *dice.of(&[Answer::Deactivated, Answer::NotFound, Answer::Found]),
            1 => person.qts = Stated::Value(held(on)),
            2 => person.qts = Stated::Null,
            3 => {
                let status = dice.of(&InductionStatus::known()).clone();
                person.induction = Stated::Value(induction(status, any_day.day(), None));
            }
            _ => {
                if let Stated::Value(routes) = &mut person.routes {
                    for route in routes {
                        route.status = dice.of(&RouteStatus::known()).clone();
                    }
                }
            }
        },
        Body::ApplyCandidate(_) | Body::TvJobApplication(_) | Body::TvVacancy(_) | Body::TvPosting(_) => {}
    }
    all.push(odd);
}
