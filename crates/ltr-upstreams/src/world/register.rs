//! What Register holds of a traineeship (U§3). A person may have several, each under a slug of its own (T08).

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::ids::{ChoiceId, Trn, Ukprn};

use super::{Extra, Text, words};

/// One traineeship. Its slug is its key, its `created_at` and `updated_at` are those of its timeline.
#[derive(Debug, Clone)]
pub struct Trainee {
    /// The accredited provider it belongs to, under whose token alone it is served. Another from some version on: the
    /// trainee moved (T44).
    pub ukprn: Ukprn,
    /// The Apply choice it came from; providers outside the import seldom state it.
    pub application_id: Option<ChoiceId>,
    /// The TRN, once TRS has given it.
    pub trn: Option<Trn>,
    /// First names.
    pub first_names: Text,
    /// Middle names; empty if there are none.
    pub middle_names: Text,
    /// Last name.
    pub last_name: Text,
    /// Date of birth.
    pub date_of_birth: Date,
    /// E-mail address.
    pub email: Text,
    /// Where it stands. A draft is not served.
    pub state: TraineeState,
    /// How the record came to be.
    pub record_source: RecordSource,
    /// Training route by its code, such as `02`.
    pub training_route: Text,
    /// Planned start.
    pub itt_start_date: Option<Date>,
    /// Planned end.
    pub itt_end_date: Option<Date>,
    /// Start as the provider confirmed it; none: not confirmed.
    pub trainee_start_date: Option<Date>,
    /// When it was submitted.
    pub submitted_for_trn_at: Option<Timestamp>,
    /// When it was deferred; may stay after the return (T24).
    pub defer_date: Option<Date>,
    /// Why it was deferred, in the provider's words.
    pub defer_reason: Option<Text>,
    /// When it was taken up again.
    pub reinstate_date: Option<Date>,
    /// The withdrawal in force.
    pub withdrawal: Option<Withdrawal>,
    /// When it was recommended to TRS.
    pub recommended_for_award_at: Option<Timestamp>,
    /// The day the standards were met.
    pub outcome_date: Option<Date>,
    /// When the award was recorded: the outcome date at midnight (T39).
    pub awarded_at: Option<Timestamp>,
    /// The course.
    pub course: Arc<Course>,
    /// Placements; a change of them alone is blind (U§3.1).
    pub placements: Vec<Placement>,
    /// Fields that no specification knows (T20).
    pub extra: Extra,
}

/// A course as Register knows it.
#[derive(Debug, Clone)]
pub struct Course {
    /// What it leads to, such as `QTS`.
    pub qualification: Text,
    /// Undergraduate or postgraduate, such as `postgrad`.
    pub level: Text,
    /// Phase, such as `secondary`.
    pub education_phase: Text,
    /// Study mode by its code: `01` full time, `31` part time.
    pub study_mode: Text,
    /// Age range by its code.
    pub age_range: Text,
    /// Youngest and oldest age taught.
    pub ages: (u8, u8),
    /// Subjects by their codes, one to three, by weight.
    pub subjects: Vec<Text>,
    /// The course's own start, which may be another than the trainee's (T25).
    pub start_date: Option<Date>,
    /// The training partner's URN.
    pub training_partner_urn: Option<Text>,
    /// The training partner's UKPRN.
    pub training_partner_ukprn: Option<Text>,
    /// The employing school's URN.
    pub employing_school_urn: Option<Text>,
}

/// A withdrawal (U§3.4).
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// The day of it.
    pub date: Date,
    /// Who began it.
    pub trigger: Trigger,
    /// Why, in Register's words, such as `did_not_make_progress`.
    pub reasons: Vec<Text>,
    /// Whether they may come back.
    pub future_interest: FutureInterest,
}

/// A placement. Register gives it no dates.
#[derive(Debug, Clone)]
pub struct Placement {
    /// Its id.
    pub id: Text,
    /// The school's URN; none where it was typed in by name.
    pub urn: Option<Text>,
    /// The school's name.
    pub name: Text,
}

words!(
    /// Where a traineeship stands (U§3.3).
    TraineeState {
        Draft = "draft",
        SubmittedForTrn = "submitted_for_trn",
        TrnReceived = "trn_received",
        RecommendedForAward = "recommended_for_award",
        Withdrawn = "withdrawn",
        Deferred = "deferred",
        Awarded = "awarded",
    }
);

words!(
    /// How a record came to be.
    RecordSource {
        Manual = "manual",
        Api = "api",
        Csv = "csv",
        Apply = "apply",
        HesaCollection = "hesa_collection",
        HesaTrnData = "hesa_trn_data",
        Dttp = "dttp",
    }
);

words!(
    /// Who began a withdrawal.
    Trigger {
        Provider = "provider",
        Trainee = "trainee",
    }
);

words!(
    /// Whether a withdrawn trainee may come back.
    FutureInterest {
        Yes = "yes",
        No = "no",
        Unknown = "unknown",
    }
);

impl Trainee {
    /// The academic cycle in which it starts, by the year of its August: the confirmed start, else the planned one
    /// (U§3.8). None without either; then no list has it.
    #[must_use]
    pub fn academic_cycle(&self) -> Option<i16> {
        self.trainee_start_date
            .or(self.itt_start_date)
            .map(academic_cycle)
    }
}

/// The academic cycle of a day, 1 August to 31 July, by the year of its August (U§3.8).
#[must_use]
pub fn academic_cycle(day: Date) -> i16 {
    if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    }
}
