//! Apply's candidates as the log tells of them: who has an application under way, and when each was last seen. The
//! service drops people at roll-over, and only a question about one of them tells whether anything changed (U§2.2).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ltr_domain::ids::{CandidateId, ChoiceId};
use ltr_domain::record::{ApplyChoice, ChoiceStatus};

/// Candidates by id.
#[derive(Debug, Default)]
pub struct Applicants(BTreeMap<CandidateId, Applicant>);

#[derive(Debug, Default)]
struct Applicant {
    seen_at: Option<Timestamp>,
    /// Choices that may still change.
    live: BTreeSet<ChoiceId>,
}

impl Applicants {
    /// Whose applications are under way, and when each was last seen.
    pub fn live(&self) -> impl Iterator<Item = (CandidateId, Timestamp)> {
        let live = self.0.iter().filter(|(_, applicant)| !applicant.live.is_empty());
        live.filter_map(|(id, applicant)| Some((*id, applicant.seen_at?)))
    }

    pub(crate) fn was_seen(&mut self, key: &str, at: Timestamp) {
        if let Ok(id) = CandidateId::parse(key) {
            let applicant = self.0.entry(id).or_default();
            applicant.seen_at = applicant.seen_at.max(Some(at));
        }
    }

    pub(crate) fn chose(&mut self, key: &str, choice: &ApplyChoice) {
        let Ok(id) = ChoiceId::parse(key) else {
            return;
        };
        let live = &mut self.0.entry(choice.candidate).or_default().live;
        if may_change(&choice.status) {
            live.insert(id);
        } else {
            live.remove(&id);
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
