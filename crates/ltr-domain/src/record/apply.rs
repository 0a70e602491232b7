//! What Apply says: candidates with forms, choices, and the recruits API's view of an accepted choice (U§2).

use jiff::Timestamp;

use super::stated::canonical_record;
use super::{ChoiceStatus, Stated};
use crate::ids::{CandidateId, FormId};

canonical_record!(
    /// An Apply account. Its choices are records of their own.
    ApplyCandidate {
        always {}
        stated {
            /// When the account was made.
            created_at: Timestamp,
            /// The forms, by ascending id: one per cycle.
            forms: Vec<Form>,
        }
    }
);

/// One application form: a candidate's application in one recruitment cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The form's id.
    pub id: FormId,
    /// The recruitment cycle: courses that start from September of this year.
    pub cycle_year: Stated<u16>,
    /// First submission ever on that form.
    pub submitted_at: Stated<Timestamp>,
    /// The inferred form status. Never used for a fact: it can hide `recruited` (U§0.6).
    pub status: Stated<String>,
}

canonical_record!(
    /// An application to one course, from the Candidate API v1.4.
    ApplyChoice {
        always {
            /// Whose choice it is.
            candidate: CandidateId,
            /// On which form.
            form: FormId,
            /// Where it stands.
            status: ChoiceStatus,
        }
        stated {
            /// The recruitment cycle of its form.
            cycle_year: u16,
            /// When the choice was made.
            created_at: Timestamp,
            /// When it was sent to the provider.
            sent_to_provider_at: Timestamp,
            /// When an offer was accepted.
            accepted_at: Timestamp,
            /// The provider applied to, by name only (U§0.7: not necessarily the one that offered).
            provider_name: String,
            /// The course applied for.
            course: ChosenCourse,
            /// Interviews, by ascending id.
            interviews: Vec<Interview>,
        }
    }
);

/// The course applied for, as the Candidate API names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChosenCourse {
    /// Publish's course uuid, per cycle.
    pub uuid: Stated<String>,
    /// The course's name.
    pub name: Stated<String>,
    /// Its level, `primary`, `secondary` or `further_education`.
    pub level: Stated<String>,
    /// How it is funded: `fee`, `salary`, `apprenticeship`.
    pub funding_type: Stated<String>,
    /// Its programme type.
    pub program_type: Stated<String>,
}

/// One interview of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    /// Its id.
    pub id: u64,
    /// When it is or was.
    pub at: Stated<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Stated<Timestamp>,
}

canonical_record!(
    /// An application as the recruits API tells it: only `recruited`, `withdrawn` and `offer_deferred` occur (U§2.3).
    ApplyRecruit {
        always {
            /// Where it stands.
            status: ChoiceStatus,
        }
        stated {
            /// Whose application it is.
            candidate: CandidateId,
            /// First submission.
            submitted_at: Timestamp,
            /// When recruited.
            recruited_at: Timestamp,
            /// The recruitment cycle.
            cycle_year: u16,
            /// Publish's course uuid.
            course_uuid: String,
            /// Publish's course code.
            course_code: String,
            /// The training provider's code.
            training_provider_code: String,
            /// Its type: `scitt`, `university`, `lead_school`.
            training_provider_type: String,
            /// The accredited provider's code; null when it is the training provider.
            accredited_provider_code: String,
            /// `full_time` or `part_time`.
            study_mode: String,
        }
    }
);

// Versions of the API differ in what they leave out inside a form, course or interview too, and there as well absent is
// no statement (T21). A list says of itself which children there are.

impl ApplyCandidate {
    /// Its forms laid over the same forms as known before.
    pub(super) fn forms_over(mut self, previous: &Self) -> Self {
        children_over(
            &mut self.forms,
            &previous.forms,
            |form| form.id,
            |form, old| {
                form.cycle_year = form.cycle_year.over(&old.cycle_year);
                form.submitted_at = form.submitted_at.over(&old.submitted_at);
                form.status = std::mem::take(&mut form.status).over(&old.status);
            },
        );
        self
    }
}

impl ApplyChoice {
    /// Its interviews laid over the same interviews as known before, and its course over the same course.
    pub(super) fn parts_over(mut self, previous: &Self) -> Self {
        children_over(
            &mut self.interviews,
            &previous.interviews,
            |interview| interview.id,
            |interview, old| {
                interview.at = interview.at.over(&old.at);
                interview.cancelled_at = interview.cancelled_at.over(&old.cancelled_at);
            },
        );
        if let (Stated::Value(course), Some(old)) = (&mut self.course, previous.course.value())
            && course.uuid == old.uuid
        {
            let ChosenCourse {
                uuid,
                name,
                level,
                funding_type,
                program_type,
            } = std::mem::take(course);
            *course = ChosenCourse {
                uuid,
                name: name.over(&old.name),
                level: level.over(&old.level),
                funding_type: funding_type.over(&old.funding_type),
                program_type: program_type.over(&old.program_type),
            };
        }
        self
    }
}

/// Lays each child over the one of the same id before, where there was one.
fn children_over<T, Id: PartialEq>(
    children: &mut Stated<Vec<T>>,
    previous: &Stated<Vec<T>>,
    id: impl Fn(&T) -> Id,
    over: impl Fn(&mut T, &T),
) {
    let (Stated::Value(children), Some(previous)) = (children, previous.value()) else {
        return;
    };
    for child in children {
        if let Some(old) = previous.iter().find(|old| id(old) == id(child)) {
            over(child, old);
        }
    }
}
