//! Apply's candidates as the log tells of them: who has an application under way, and when each was last seen. The
//! service drops people at roll-over, and only a question about one of them tells whether anything changed (U§2.2).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ltr_domain::ids::{CandidateId, ChoiceId};
use ltr_domain::record::{ApplyChoice, ChoiceStatus};

/// Candidates by id.
#[derive(Debug, Default)]
pub struct Applicants {
    known: BTreeMap<CandidateId, Applicant>,
    /// Whose applications are under way, by since when nothing was seen of them.
    order: BTreeSet<(Timestamp, CandidateId)>,
}

#[derive(Debug, Default)]
struct Applicant {
    seen_at: Option<Timestamp>,
    /// Their silence counts from here on: they were asked for, and nothing came. Known to this process alone.
    put_off: Option<Timestamp>,
    /// Choices that may still change.
    live: BTreeSet<ChoiceId>,
}

impl Applicant {
    /// Since when nothing was seen of them. `None`: nothing is under way, or they were never seen.
    fn silent_since(&self) -> Option<Timestamp> {
        let seen_at = self.seen_at.filter(|_| !self.live.is_empty())?;
        Some(self.put_off.map_or(seen_at, |put_off| put_off.max(seen_at)))
    }
}

impl Applicants {
    /// Since when the longest silent of those has been silent whose applications are under way.
    #[must_use]
    pub fn longest_silent_since(&self) -> Option<Timestamp> {
        self.order.first().map(|(since, _)| *since)
    }

    /// Those whose applications are under way and of whom nothing was seen since, the longest silent first.
    pub fn unseen_since(&self, since: Timestamp) -> impl Iterator<Item = CandidateId> {
        let silent = self.order.iter().take_while(move |(at, _)| *at <= since);
        silent.map(|(_, id)| *id)
    }

    /// Lets somebody's silence count from an instant on, if they are not seen before.
    pub(crate) fn put_off(&mut self, id: CandidateId, to: Timestamp) {
        self.change(id, |applicant| {
            applicant.put_off = applicant.put_off.max(Some(to))
        });
    }

    pub(crate) fn was_seen(&mut self, key: &str, at: Timestamp) {
        if let Ok(id) = CandidateId::parse(key) {
            self.change(id, |applicant| {
                applicant.seen_at = applicant.seen_at.max(Some(at))
            });
        }
    }

    pub(crate) fn chose(&mut self, key: &str, choice: &ApplyChoice) {
        let Ok(id) = ChoiceId::parse(key) else {
            return;
        };
        self.change(choice.candidate, |applicant| {
            if may_change(&choice.status) {
                applicant.live.insert(id);
            } else {
                applicant.live.remove(&id);
            }
        });
    }

    fn change(&mut self, id: CandidateId, change: impl FnOnce(&mut Applicant)) {
        let applicant = self.known.entry(id).or_default();
        let before = applicant.silent_since();
        change(applicant);
        let after = applicant.silent_since();
        if before != after {
            before.map(|since| self.order.remove(&(since, id)));
            after.map(|since| self.order.insert((since, id)));
        }
    }
}

/// Whether an application in that status is under way. A recruited one is: it may be deferred or withdrawn.
fn may_change(status: &ChoiceStatus) -> bool {
    match status {
        ChoiceStatus::AwaitingProviderDecision
        | ChoiceStatus::Inactive
        | ChoiceStatus::Interviewing
        | ChoiceStatus::Offer
        | ChoiceStatus::PendingConditions
        | ChoiceStatus::Recruited
        | ChoiceStatus::OfferDeferred
        | ChoiceStatus::Unrecognised(_) => true,
        ChoiceStatus::Unsubmitted
        | ChoiceStatus::ApplicationNotSent
        | ChoiceStatus::Cancelled
        | ChoiceStatus::OfferWithdrawn
        | ChoiceStatus::Declined
        | ChoiceStatus::Rejected
        | ChoiceStatus::ConditionsNotMet
        | ChoiceStatus::Withdrawn => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn under_way(applicants: &mut Applicants, id: CandidateId) {
        applicants.change(id, |applicant| _ = applicant.live.insert(ChoiceId(1)));
    }

    #[test]
    fn the_longest_silent_come_first_and_who_was_asked_for_in_vain_later() {
        let [one, two, three] = ["C1", "C2", "C3"].map(|id| CandidateId::parse(id).unwrap());
        let mut applicants = Applicants::default();
        applicants.was_seen("C1", at("2026-10-02T00:00:00Z"));
        applicants.was_seen("C2", at("2026-10-01T00:00:00Z"));
        applicants.was_seen("C3", at("2026-09-01T00:00:00Z"));
        assert_eq!(applicants.longest_silent_since(), None);
        under_way(&mut applicants, one);
        under_way(&mut applicants, two);
        let unseen = |applicants: &Applicants, since| applicants.unseen_since(at(since)).collect::<Vec<_>>();
        assert_eq!(unseen(&applicants, "2026-10-02T00:00:00Z"), [two, one]);
        assert_eq!(unseen(&applicants, "2026-10-01T12:00:00Z"), [two]);

        applicants.put_off(two, at("2026-10-03T00:00:00Z"));
        under_way(&mut applicants, three);
        assert_eq!(unseen(&applicants, "2026-10-03T00:00:00Z"), [three, one, two]);
        applicants.was_seen("C3", at("2026-10-04T00:00:00Z"));
        assert_eq!(
            applicants.longest_silent_since(),
            Some(at("2026-10-02T00:00:00Z"))
        );
        // An earlier page that is told later makes nobody longer silent.
        applicants.was_seen("C3", at("2026-09-20T00:00:00Z"));
        assert_eq!(unseen(&applicants, "2026-10-09T00:00:00Z"), [one, two, three]);

        applicants.change(one, |applicant| _ = applicant.live.remove(&ChoiceId(1)));
        assert_eq!(unseen(&applicants, "2026-10-09T00:00:00Z"), [two, three]);
    }
}
