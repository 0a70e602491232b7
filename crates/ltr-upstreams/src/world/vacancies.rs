//! What Teaching Vacancies holds (U§6, `docs/teaching-vacancies-extract.md`). Its public list tells of vacancies; of job
//! applications only the extract tells.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use uuid::Uuid;

use super::{Extra, Text, words};

/// A vacancy. Its `updated_at` is that of its timeline.
#[derive(Debug, Clone)]
pub struct Vacancy {
    /// What post.
    pub job_title: Text,
    /// Where.
    pub organisations: Vec<Organisation>,
    /// Roles, such as `teacher`; the public list shows the first.
    pub job_roles: Vec<Text>,
    /// Phases, such as `secondary`.
    pub phases: Vec<Text>,
    /// Subjects in clear words.
    pub subjects: Vec<Text>,
    /// Working patterns, such as `full_time`.
    pub working_patterns: Vec<Text>,
    /// For how long.
    pub contract_type: ContractType,
    /// Whether it suits an early career teacher.
    pub ect_status: EctStatus,
    /// From when it is shown.
    pub publish_on: Date,
    /// Until when applications are taken, in London; it is shown until then.
    pub expires_at: DateTime,
    /// Whether people apply through the service.
    pub applications: Applications,
    /// The outcome that the school reported, after it expired.
    pub hired_status: Option<HiredStatus>,
    /// Fields that no specification knows (T20).
    pub extra: Extra,
}

/// A school or a trust.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its name.
    pub name: Text,
    /// URN; a trust has none.
    pub urn: Option<Text>,
    /// UID; a school has none.
    pub uid: Option<Text>,
    /// UKPRN.
    pub ukprn: Option<Text>,
}

/// Where people apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applications {
    /// Through the service, which knows of them.
    Here,
    /// At the school's own site.
    Elsewhere,
}

/// A job application. Its `updated_at` is that of its timeline.
#[derive(Debug, Clone)]
pub struct JobApplication {
    /// For which vacancy.
    pub vacancy: Uuid,
    /// Typed in or uploaded.
    pub kind: JobApplicationKind,
    /// Where it stands.
    pub status: JobApplicationStatus,
    /// When it was submitted.
    pub submitted_at: Option<Timestamp>,
    /// When the interview takes place.
    pub interviewing_at: Option<Timestamp>,
    /// When a job was offered, as somebody typed it in.
    pub offered_at: Option<Timestamp>,
    /// When the offer was declined, as somebody typed it in.
    pub declined_at: Option<Timestamp>,
    /// What they say of qualified teacher status; none: not answered.
    pub qualified_teacher_status: Option<DeclaredStatus>,
    /// What they say of their induction.
    pub induction_complete: Option<bool>,
    /// Who they say they are; none: there is no account any more.
    pub jobseeker: Option<Jobseeker>,
    /// Fields that no specification knows (T20).
    pub extra: Extra,
}

/// Who says they applied.
#[derive(Debug, Clone)]
pub struct Jobseeker {
    /// First name.
    pub first_name: Text,
    /// Last name.
    pub last_name: Text,
    /// E-mail address of the account.
    pub email: Text,
    /// The TRN they typed in, in whatever form; may be another person's (T01, T36).
    pub teacher_reference_number: Option<Text>,
}

words!(
    /// For how long a post is.
    ContractType {
        Permanent = "permanent",
        FixedTerm = "fixed_term",
        Casual = "casual",
    }
);

words!(
    /// Whether a post suits an early career teacher.
    EctStatus {
        Suitable = "ect_suitable",
        Unsuitable = "ect_unsuitable",
    }
);

words!(
    /// What became of a vacancy, if the school said so.
    HiredStatus {
        HiredTvs = "hired_tvs",
        HiredOtherFree = "hired_other_free",
        HiredPaid = "hired_paid",
        HiredNoListing = "hired_no_listing",
        NotFilledOngoing = "not_filled_ongoing",
        NotFilledNotLooking = "not_filled_not_looking",
        HiredDontKnow = "hired_dont_know",
    }
);

words!(
    /// How an application came in.
    JobApplicationKind {
        Native = "NativeJobApplication",
        Uploaded = "UploadedJobApplication",
    }
);

words!(
    /// Where an application stands (U§6.3). There is no word for somebody who took the post.
    JobApplicationStatus {
        Draft = "draft",
        Submitted = "submitted",
        Reviewed = "reviewed",
        Shortlisted = "shortlisted",
        Interviewing = "interviewing",
        Offered = "offered",
        Declined = "declined",
        Unsuccessful = "unsuccessful",
        UnsuccessfulInterview = "unsuccessful_interview",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
    }
);

words!(
    /// What somebody says of their qualified teacher status.
    DeclaredStatus {
        Yes = "yes",
        No = "no",
        OnTrack = "on_track",
    }
);
