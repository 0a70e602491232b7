//! Which event names a move of an application from one status to another.

use ltr_domain::event::{Change, ChangeKind, Fact};
use ltr_domain::record::ChoiceStatus as Status;
use ltr_domain::time::Effective;

use crate::diff::Events;

/// The name of a move, without its status values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Submitted,
    Made,
    Accepted,
    Recruited,
    Deferred,
    Reinstated,
    Rejected,
    Withdrawn,
    Reversed,
    /// No more specific event names it.
    Moved,
}

/// What a move is called, and what kind of change it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) fact: Named,
    pub(super) kind: ChangeKind,
}

impl Name {
    pub(super) fn push(
        self,
        old: Option<&Status>,
        new: &Status,
        effective: Effective,
        events: &mut Events<'_>,
    ) {
        let change = Change {
            old: old.cloned(),
            new: Some(new.clone()),
        };
        let fact = match self.fact {
            Named::Submitted => Fact::ApplicationSubmitted(change),
            Named::Made => Fact::OfferMade(change),
            Named::Accepted => Fact::OfferAccepted(change),
            Named::Recruited => Fact::RecruitedRecorded(change),
            Named::Deferred => Fact::OfferDeferred(change),
            Named::Reinstated => Fact::OfferReinstated(change),
            Named::Rejected => Fact::ApplicationRejected(change),
            Named::Withdrawn => Fact::ApplicationWithdrawn(change),
            Named::Reversed => Fact::ApplicationReversed(change),
            Named::Moved => Fact::ApplicationChoiceStatusChanged(change),
        };
        events.push(fact, effective, self.kind);
    }
}

/// Names the move from `old` to another status; at first sight the present status is named.
pub(super) fn name(old: Option<&Status>, new: &Status) -> Name {
    let Some(old) = old else {
        return Name {
            fact: arrival(new),
            kind: ChangeKind::FirstSeen,
        };
    };
    let changed = |fact| Name {
        fact,
        kind: ChangeKind::Changed,
    };
    match (old, new) {
        // The provider's own steps back, which the machine knows.
        (Status::Rejected | Status::OfferWithdrawn, Status::Offer) => return changed(Named::Made),
        (Status::OfferDeferred, Status::PendingConditions | Status::Recruited) => {
            return changed(Named::Reinstated);
        }
        _ => {}
    }
    match (standing(old), standing(new)) {
        (Standing::Ended, Standing::Live(_)) => Name {
            fact: Named::Reversed,
            kind: ChangeKind::Reversed,
        },
        // Undone by support before any end, as recruited → pending_conditions → awaiting: no new offer, no new
        // acceptance, and nothing that the instants of the row would date.
        (Standing::Live(before), Standing::Live(after)) if after < before => Name {
            fact: Named::Moved,
            kind: ChangeKind::Reversed,
        },
        _ if *new == Status::AwaitingProviderDecision && *old != Status::Unsubmitted => changed(Named::Moved),
        _ => changed(arrival(new)),
    }
}

/// The event that says an application is in that status.
fn arrival(status: &Status) -> Named {
    match status {
        Status::AwaitingProviderDecision => Named::Submitted,
        Status::Offer => Named::Made,
        Status::PendingConditions => Named::Accepted,
        Status::Recruited => Named::Recruited,
        Status::OfferDeferred => Named::Deferred,
        Status::Rejected
        | Status::Declined
        | Status::OfferWithdrawn
        | Status::ConditionsNotMet
        | Status::ApplicationNotSent
        | Status::Cancelled => Named::Rejected,
        Status::Withdrawn => Named::Withdrawn,
        Status::Unsubmitted | Status::Inactive | Status::Interviewing | Status::Unrecognised(_) => {
            Named::Moved
        }
    }
}

/// How far an application has got.
enum Standing {
    /// Under way, and how many of the steps sent, offered, accepted, recruited are behind it.
    Live(u8),
    Ended,
    Unknown,
}

fn standing(status: &Status) -> Standing {
    match status {
        Status::Unsubmitted => Standing::Live(0),
        // Interviews are set and cancelled, and `inactive` is only slow: moves among these are no steps back.
        Status::AwaitingProviderDecision | Status::Inactive | Status::Interviewing => Standing::Live(1),
        Status::Offer => Standing::Live(2),
        Status::PendingConditions => Standing::Live(3),
        Status::Recruited | Status::OfferDeferred => Standing::Live(4),
        Status::Rejected
        | Status::Declined
        | Status::OfferWithdrawn
        | Status::ConditionsNotMet
        | Status::Withdrawn
        | Status::ApplicationNotSent
        | Status::Cancelled => Standing::Ended,
        Status::Unrecognised(_) => Standing::Unknown,
    }
}
