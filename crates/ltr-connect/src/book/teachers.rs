//! TRNs as the log tells of them: which there are, when each was last read, and who is read more often. TRS has no list
//! and no feed of changes: to know what changed, each has to be asked for again (U§4.2).

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Trn;
use ltr_domain::record::trs::{Answer, TrsPerson};
use ltr_domain::record::{InductionStatus, RegisterTrainee, TraineeState};

/// How often a TRN is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rhythm {
    /// In training, awarded and not yet seen to be qualified, in induction, or with an open alert: a change is expected.
    Often,
    /// Everybody else.
    Rarely,
}

/// TRNs, in the order in which they are to be read again.
#[derive(Debug, Default)]
pub struct Teachers {
    known: BTreeMap<Trn, Known>,
    /// Never read comes before every instant.
    order: BTreeSet<(Rhythm, Option<Timestamp>, Trn)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Known {
    read_at: Option<Timestamp>,
    /// By the last word of any trainee with this TRN: it decides when we look again, and nothing else.
    training: Training,
    /// TRS answered with a person.
    found: bool,
    holds_status: bool,
    in_induction: bool,
    open_alert: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Training {
    #[default]
    None,
    UnderWay,
    Awarded,
}

impl Known {
    fn rhythm(self) -> Rhythm {
        let awaited = match self.training {
            Training::UnderWay => true,
            Training::Awarded => !self.holds_status,
            Training::None => false,
        };
        if awaited || self.in_induction || self.open_alert {
            Rhythm::Often
        } else {
            Rhythm::Rarely
        }
    }
}

impl Teachers {
    /// When a TRN was read last; `None`: never.
    #[must_use]
    pub fn read_at(&self, trn: Trn) -> Option<Timestamp> {
        self.known.get(&trn).and_then(|known| known.read_at)
    }

    /// Whether TRS's last answer about a TRN was a person.
    #[must_use]
    pub fn was_found(&self, trn: Trn) -> bool {
        self.known.get(&trn).is_some_and(|known| known.found)
    }

    /// TRNs of a rhythm that have not been read since, the longest unread first.
    pub fn unread_since(&self, rhythm: Rhythm, since: Timestamp) -> impl Iterator<Item = Trn> {
        let of_rhythm = self
            .order
            .range((rhythm, None, lowest())..)
            .take_while(move |(found, ..)| *found == rhythm);
        of_rhythm
            .take_while(move |(_, read_at, _)| read_at.is_none_or(|at| at <= since))
            .map(|(_, _, trn)| *trn)
    }

    /// When the next TRN of a rhythm is to be read, if each is read once in `every`. `None`: there is none.
    #[must_use]
    pub fn next(&self, rhythm: Rhythm, every: SignedDuration) -> Option<Timestamp> {
        let (found, read_at, _) = self.order.range((rhythm, None, lowest())..).next()?;
        if *found != rhythm {
            return None;
        }
        let at = read_at.map_or(Some(Timestamp::MIN), |at| at.checked_add(every).ok());
        at.or(Some(Timestamp::MAX))
    }

    pub(crate) fn was_read(&mut self, key: &str, at: Timestamp) {
        self.change(key, |known| known.read_at = known.read_at.max(Some(at)));
    }

    pub(crate) fn trains(&mut self, trainee: &RegisterTrainee) {
        let Some(trn) = trainee.trn.value() else {
            return;
        };
        let training = training(&trainee.state);
        self.change(trn.as_str(), |known| known.training = training);
    }

    pub(crate) fn answered(&mut self, key: &str, person: &TrsPerson) {
        let alerts = person.alerts.value().map_or(&[][..], Vec::as_slice);
        let open_alert = alerts.iter().any(|alert| alert.end_date.value().is_none());
        let holds_status = person.qts.value().is_some() || person.eyts.value().is_some();
        let in_induction = person.induction.value().is_some_and(|induction| {
            matches!(
                induction.status,
                InductionStatus::RequiredToComplete | InductionStatus::InProgress
            )
        });
        self.change(key, |known| {
            *known = Known {
                found: person.answer == Answer::Found,
                open_alert,
                holds_status,
                in_induction,
                ..*known
            };
        });
        if let Answer::MergedInto(target) = person.answer {
            self.change(target.as_str(), |_| {});
        }
    }

    fn change(&mut self, key: &str, change: impl FnOnce(&mut Known)) {
        let Ok(trn) = Trn::parse(key) else {
            return;
        };
        let known = self.known.entry(trn).or_default();
        self.order.remove(&(known.rhythm(), known.read_at, trn));
        change(known);
        self.order.insert((known.rhythm(), known.read_at, trn));
    }
}

/// Before every other TRN.
fn lowest() -> Trn {
    Trn::parse("0000000").expect("seven digits")
}

fn training(state: &TraineeState) -> Training {
    match state {
        TraineeState::SubmittedForTrn
        | TraineeState::TrnReceived
        | TraineeState::RecommendedForAward
        | TraineeState::Deferred
        | TraineeState::Unrecognised(_) => Training::UnderWay,
        TraineeState::Awarded => Training::Awarded,
        TraineeState::Draft | TraineeState::Withdrawn => Training::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_longest_unread_comes_first_and_never_read_before_all() {
        let mut teachers = Teachers::default();
        teachers.was_read("3100003", at("2026-10-03T00:00:00Z"));
        teachers.was_read("3100001", at("2026-10-05T00:00:00Z"));
        teachers.was_read("3100002", at("2026-10-01T00:00:00Z"));
        teachers.change("3100009", |_| {});
        teachers.was_read("3100002", at("2026-09-01T00:00:00Z"));
        let unread = |teachers: &Teachers, since| {
            let unread = teachers.unread_since(Rhythm::Rarely, at(since));
            unread.map(|trn| trn.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            unread(&teachers, "2026-10-03T00:00:00Z"),
            ["3100009", "3100002", "3100003"]
        );
        teachers.change("3100002", |known| known.open_alert = true);
        assert_eq!(unread(&teachers, "2026-10-03T00:00:00Z"), ["3100009", "3100003"]);
        assert_eq!(
            teachers.next(Rhythm::Often, SignedDuration::from_hours(24)),
            Some(at("2026-10-02T00:00:00Z"))
        );
    }
}
