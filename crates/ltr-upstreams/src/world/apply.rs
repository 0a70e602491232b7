//! What Apply holds of a candidate: the account, a form per cycle, the choices on it, and what only the recruits API
//! tells (U§2). What an API needs beyond that is filled in from the key when a row is rendered.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::ids::{ChoiceId, FormId};
use uuid::Uuid;

use super::{Extra, Text, words};

/// One account. Its own `updated_at`, which the Candidate API filters by, is that of its timeline.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The e-mail address of the account.
    pub email: Text,
    /// Date of birth; told by the recruits API alone.
    pub date_of_birth: Date,
    /// Nationalities, two letters each, at most five; told by the recruits API alone.
    pub nationalities: Vec<Text>,
    /// Forms, at most one per cycle begun by hand, more where one was carried over.
    pub forms: Vec<Form>,
    /// Attributes of the candidate that no specification knows (T20).
    pub extra: Extra,
}

/// The application form of one cycle.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its id.
    pub id: FormId,
    /// The cycle, by the year in which its courses start.
    pub cycle_year: u16,
    /// First name, on the form and not on the account.
    pub first_name: Text,
    /// Last name.
    pub last_name: Text,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed, as Apply has it.
    pub updated_at: Timestamp,
    /// When a choice on it was first sent.
    pub submitted_at: Option<Timestamp>,
    /// What Apply says of the whole form; none: inferred from the choices as Apply does (U§2.4).
    pub status: Option<FormStatus>,
    /// The choices on it.
    pub choices: Vec<Choice>,
}

/// One choice: an application to one course. Its id is Register's `application_id`.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its id.
    pub id: ChoiceId,
    /// Where it stands.
    pub status: ChoiceStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed, as Apply has it; not moved by corrections by hand.
    pub updated_at: Timestamp,
    /// When it was sent to the provider; none while it is in the basket.
    pub sent_to_provider_at: Option<Timestamp>,
    /// When an offer was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When the place was confirmed. From then on the recruits API tells of the choice, and it alone tells this.
    pub recruited_at: Option<Timestamp>,
    /// The course applied for, which the Candidate API tells whatever was offered (U§0.7).
    pub course: Arc<Course>,
    /// The course offered and accepted, if another; told by the recruits API alone.
    pub offered: Option<Arc<Course>>,
    /// Interviews.
    pub interviews: Vec<Interview>,
}

/// An interview.
#[derive(Debug, Clone, Copy)]
pub struct Interview {
    /// Its id.
    pub id: u64,
    /// When it was set.
    pub created_at: Timestamp,
    /// When it takes place.
    pub at: Timestamp,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
}

/// A course in one cycle at one provider.
#[derive(Debug, Clone)]
pub struct Course {
    /// Its id, another one each cycle.
    pub uuid: Uuid,
    /// The cycle it belongs to, by the year in which it starts. An offer taken up after a deferral is for a course of a
    /// later cycle than the form's; the recruits API goes by the course.
    pub cycle_year: u16,
    /// Its name, such as `Mathematics`.
    pub name: Text,
    /// Its code, four characters at most; told by the recruits API alone.
    pub code: Text,
    /// Primary or secondary.
    pub level: Level,
    /// Who pays.
    pub funding_type: FundingType,
    /// What kind of programme it is.
    pub program_type: ProgramType,
    /// Full time or part time; told by the recruits API alone.
    pub study_mode: StudyMode,
    /// Who trains.
    pub provider: Arc<Provider>,
}

/// A training provider as Apply knows it: by name and code, without its UKPRN.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name, which is all that the Candidate API tells.
    pub name: Text,
    /// Its code, three characters at most; told by the recruits API alone.
    pub code: Text,
    /// What it is; told by the recruits API alone.
    pub kind: ProviderKind,
    /// Who answers for the training, if somebody else: code and kind.
    pub accredited_by: Option<(Text, ProviderKind)>,
}

words!(
    /// Where a choice stands (U§2.4).
    ChoiceStatus {
        Unsubmitted = "unsubmitted",
        ApplicationNotSent = "application_not_sent",
        Cancelled = "cancelled",
        AwaitingProviderDecision = "awaiting_provider_decision",
        /// Waiting for more than thirty days; the specification of v1.4 does not have it.
        Inactive = "inactive",
        Interviewing = "interviewing",
        Offer = "offer",
        OfferWithdrawn = "offer_withdrawn",
        Declined = "declined",
        Rejected = "rejected",
        PendingConditions = "pending_conditions",
        ConditionsNotMet = "conditions_not_met",
        Recruited = "recruited",
        OfferDeferred = "offer_deferred",
        Withdrawn = "withdrawn",
    }
);

words!(
    /// What Apply says of a whole form (U§2.4).
    FormStatus {
        NeverSignedIn = "never_signed_in",
        UnsubmittedNotStartedForm = "unsubmitted_not_started_form",
        UnsubmittedInProgress = "unsubmitted_in_progress",
        AwaitingProviderDecisions = "awaiting_provider_decisions",
        AwaitingCandidateResponse = "awaiting_candidate_response",
        Recruited = "recruited",
        PendingConditions = "pending_conditions",
        OfferDeferred = "offer_deferred",
        EndedWithoutSuccess = "ended_without_success",
        UnknownState = "unknown_state",
    }
);

words!(
    /// What a course prepares for.
    Level {
        Primary = "primary",
        Secondary = "secondary",
        FurtherEducation = "further_education",
    }
);

words!(
    /// Who pays for a course.
    FundingType {
        Fee = "fee",
        Salaried = "salaried",
        Apprenticeship = "apprenticeship",
    }
);

words!(
    /// What kind of programme a course is.
    ProgramType {
        HigherEducation = "higher_education_programme",
        HigherEducationSalaried = "higher_education_salaried_programme",
        SchoolDirectTraining = "school_direct_training_programme",
        SchoolDirectSalaried = "school_direct_salaried_training_programme",
        Scitt = "scitt_programme",
    }
);

words!(
    /// How much of the week a course takes.
    StudyMode {
        FullTime = "full_time",
        PartTime = "part_time",
    }
);

words!(
    /// What a provider is. Register imports applications for a SCITT, never for a university (U§3.6).
    ProviderKind {
        Scitt = "scitt",
        LeadSchool = "lead_school",
        University = "university",
    }
);

impl Form {
    /// What Apply says of the form: what is stated, else the first rank that any of its choices reaches (U§2.4).
    #[must_use]
    pub fn status(&self) -> FormStatus {
        if let Some(stated) = &self.status {
            return stated.clone();
        }
        let any = |wanted: &[ChoiceStatus]| self.choices.iter().any(|choice| wanted.contains(&choice.status));
        use ChoiceStatus as Is;
        if self.choices.is_empty() {
            FormStatus::UnsubmittedNotStartedForm
        } else if self.submitted_at.is_none() && any(&[Is::Unsubmitted]) {
            FormStatus::UnsubmittedInProgress
        } else if any(&[Is::AwaitingProviderDecision, Is::Interviewing, Is::Inactive]) {
            FormStatus::AwaitingProviderDecisions
        } else if any(&[Is::Offer]) {
            FormStatus::AwaitingCandidateResponse
        } else if any(&[Is::Recruited]) {
            FormStatus::Recruited
        } else if any(&[Is::PendingConditions]) {
            FormStatus::PendingConditions
        } else if any(&[Is::OfferDeferred]) {
            FormStatus::OfferDeferred
        } else if any(&[
            Is::ApplicationNotSent,
            Is::Cancelled,
            Is::OfferWithdrawn,
            Is::Declined,
            Is::Rejected,
            Is::ConditionsNotMet,
            Is::Withdrawn,
        ]) {
            FormStatus::EndedWithoutSuccess
        } else if any(&[Is::Unsubmitted]) {
            FormStatus::UnsubmittedInProgress
        } else {
            FormStatus::UnknownState
        }
    }
}
