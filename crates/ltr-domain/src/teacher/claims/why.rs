//! Why a claim was taken, or lost: a closed list of codes, each under one rule.

use crate::resolution::Certainty;

/// Why a claim was taken or lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Taken: its source settles the fact in that window.
    Settles,
    /// Taken: its source may speak in that window, and does not settle it.
    Entitled,
    /// Taken: nobody said it; a plan or time implies it.
    Inferred,
    /// Taken as completed: the status it led to is held.
    Completed,
    /// Taken for the headline: the first row of the table of stages that matches rests on it.
    DecidesStage,
    /// Lost: a source that the policy believes first has spoken.
    Outranked,
    /// Lost: the policy lets its source say nothing of this fact.
    NotEntitled,
    /// Lost, and held against the answer: an entitled source disagrees.
    Contests,
    /// Lost: a later message of the same record says something else.
    Superseded,
    /// Lost: a later message of the same record says the same again.
    Restated,
    /// Lost: it holds from a later day on.
    NotYet,
    /// Lost: it held until an earlier day.
    NoLonger,
    /// Lost: that traineeship has ended, and another is live.
    NotLive,
    /// Lost: a newer record, or one that weighs more, tells the same kind of thing.
    Older,
    /// Lost: a draft is no evidence of a start.
    DraftOnly,
    /// Lost: the traineeship led to a status that is held.
    StatusHeld,
    /// Lost: a traineeship or a status has taken the application's place.
    Followed,
    /// Lost: the application was never sent.
    NotSent,
    /// Lost: the record is merged into another, or closed.
    Redirected,
    /// Lost: a graver alert is open, or a newer list is believed.
    LessGrave,
    /// Lost: the TRN under which it was said may be somebody else's.
    LinkSuspect,
    /// Lost for the headline: an earlier row of the table of stages matches.
    LaterRow,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 22] = [
        Self::Settles,
        Self::Entitled,
        Self::Inferred,
        Self::Completed,
        Self::DecidesStage,
        Self::Outranked,
        Self::NotEntitled,
        Self::Contests,
        Self::Superseded,
        Self::Restated,
        Self::NotYet,
        Self::NoLonger,
        Self::NotLive,
        Self::Older,
        Self::DraftOnly,
        Self::StatusHeld,
        Self::Followed,
        Self::NotSent,
        Self::Redirected,
        Self::LessGrave,
        Self::LinkSuspect,
        Self::LaterRow,
    ];

    /// The name used in the API and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Settles => "settles",
            Self::Entitled => "entitled_not_settling",
            Self::Inferred => "inferred",
            Self::Completed => "completed",
            Self::DecidesStage => "decides_stage",
            Self::Outranked => "outranked",
            Self::NotEntitled => "not_entitled",
            Self::Contests => "contests",
            Self::Superseded => "superseded",
            Self::Restated => "restated",
            Self::NotYet => "not_yet",
            Self::NoLonger => "no_longer",
            Self::NotLive => "not_live",
            Self::Older => "older",
            Self::DraftOnly => "draft_only",
            Self::StatusHeld => "status_held",
            Self::Followed => "followed",
            Self::NotSent => "not_sent",
            Self::Redirected => "redirected",
            Self::LessGrave => "less_grave",
            Self::LinkSuspect => "link_suspect",
            Self::LaterRow => "later_row",
        }
    }

    /// The part of its rule's name after the fact, where the rule is not one of the policy's.
    #[must_use]
    pub(crate) fn reading_rule(self) -> Option<&'static str> {
        match self {
            Self::Settles
            | Self::Entitled
            | Self::Inferred
            | Self::Outranked
            | Self::NotEntitled
            | Self::Contests => None,
            Self::Completed | Self::StatusHeld => Some("after_award"),
            Self::DecidesStage | Self::LaterRow => Some("first_row"),
            Self::Superseded | Self::Restated => Some("later_message"),
            Self::NotYet | Self::NoLonger => Some("effective_day"),
            Self::NotLive => Some("live_first"),
            Self::Older => Some("newest_first"),
            Self::DraftOnly => Some("draft_is_no_start"),
            Self::Followed => Some("followed"),
            Self::NotSent => Some("sent_only"),
            Self::Redirected => Some("answering_record"),
            Self::LessGrave => Some("gravest_first"),
            Self::LinkSuspect => Some("own_link"),
        }
    }

    /// Why a claim was taken, by how sure the answer is and whether its source settles the fact.
    pub(crate) fn of_taken(certainty: Certainty, settles: bool) -> Self {
        match (certainty, settles) {
            (Certainty::Presumed, _) => Self::Inferred,
            // A source that settles the fact does not, while its last word is one that nobody knows (T19).
            (Certainty::Provisional, _) => Self::Entitled,
            (Certainty::Confirmed | Certainty::Unknown, true) => Self::Settles,
            (Certainty::Confirmed | Certainty::Unknown, false) => Self::Entitled,
        }
    }
}
