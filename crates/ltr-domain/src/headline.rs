//! The headline stage: one table over the states of a person's tracks, first match wins (DESIGN §4). Tracks are what
//! was believed at a known time, on an effective day; the table knows neither.

/// One word for where a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// QTS, open post, induction done.
    InService,
    /// QTS and in early career.
    Ect,
    /// QTS, induction failed.
    InductionFailed,
    /// Standards met, TRS does not hold it yet.
    AwardPending,
    /// Training deferred.
    TrainingDeferred,
    /// In training.
    InTraining,
    /// Planned start passed, start not confirmed.
    InTrainingUnconfirmed,
    /// Registered, start ahead.
    RegisteredNotStarted,
    /// QTS, last post ended not long ago.
    BetweenPosts,
    /// QTS, last post ended long ago.
    NotInStateService,
    /// QTS, no post seen.
    Qualified,
    /// Open post, no QTS.
    InPostWithoutQts,
    /// EYTS or EYPS only.
    EarlyYearsQualified,
    /// Recruited, planned start passed, Register silent.
    StartUnknown,
    /// Recruited and did not start, by the silence rule.
    LeftBeforeStart,
    /// Recruited.
    Recruited,
    /// A place accepted, conditions open.
    AcceptedConditional,
    /// A place accepted and deferred.
    OfferDeferred,
    /// An application is live.
    Applicant,
    /// The last traineeship ended without award.
    LeftTraining,
    /// All applications ended.
    UnsuccessfulApplicant,
    /// Heard of, and no status to be told.
    NoTeachingStatus,
    /// No entitled source has been heard.
    NotKnown,
}

/// A coarse stage for clients that do not know a newer stage. Never grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before training.
    BeforeTraining,
    /// In training.
    Training,
    /// In early career.
    EarlyCareer,
    /// Teaching.
    Teaching,
    /// Qualified, not known to teach.
    Qualified,
    /// None of these.
    None,
    /// The record is closed.
    Closed,
}

impl Phase {
    /// The name used in the API, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::BeforeTraining => "before_training",
            Self::Training => "training",
            Self::EarlyCareer => "early_career",
            Self::Teaching => "teaching",
            Self::Qualified => "qualified",
            Self::None => "none",
            Self::Closed => "closed",
        }
    }
}

impl Stage {
    /// Every stage, in the order of the table.
    pub const ALL: [Self; 23] = [
        Self::InService,
        Self::Ect,
        Self::InductionFailed,
        Self::AwardPending,
        Self::TrainingDeferred,
        Self::InTraining,
        Self::InTrainingUnconfirmed,
        Self::RegisteredNotStarted,
        Self::BetweenPosts,
        Self::NotInStateService,
        Self::Qualified,
        Self::InPostWithoutQts,
        Self::EarlyYearsQualified,
        Self::StartUnknown,
        Self::LeftBeforeStart,
        Self::Recruited,
        Self::AcceptedConditional,
        Self::OfferDeferred,
        Self::Applicant,
        Self::LeftTraining,
        Self::UnsuccessfulApplicant,
        Self::NoTeachingStatus,
        Self::NotKnown,
    ];

    /// The name used in the API, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::InService => "in_service",
            Self::Ect => "ect",
            Self::InductionFailed => "induction_failed",
            Self::AwardPending => "award_pending",
            Self::TrainingDeferred => "training_deferred",
            Self::InTraining => "in_training",
            Self::InTrainingUnconfirmed => "in_training_unconfirmed",
            Self::RegisteredNotStarted => "registered_not_started",
            Self::BetweenPosts => "between_posts",
            Self::NotInStateService => "not_in_state_service",
            Self::Qualified => "qualified",
            Self::InPostWithoutQts => "in_post_without_qts",
            Self::EarlyYearsQualified => "early_years_qualified",
            Self::StartUnknown => "start_unknown",
            Self::LeftBeforeStart => "left_before_start",
            Self::Recruited => "recruited",
            Self::AcceptedConditional => "accepted_conditional",
            Self::OfferDeferred => "offer_deferred",
            Self::Applicant => "applicant",
            Self::LeftTraining => "left_training",
            Self::UnsuccessfulApplicant => "unsuccessful_applicant",
            Self::NoTeachingStatus => "no_teaching_status",
            Self::NotKnown => "not_known",
        }
    }

    /// Whether it is concluded from somebody's silence, or waits for it.
    #[must_use]
    pub fn rests_on_silence(self) -> bool {
        matches!(self, Self::StartUnknown | Self::LeftBeforeStart)
    }

    /// The phase a client falls back on.
    #[must_use]
    pub fn phase(self) -> Phase {
        match self {
            Self::InService | Self::InPostWithoutQts => Phase::Teaching,
            Self::Ect => Phase::EarlyCareer,
            Self::InductionFailed
            | Self::BetweenPosts
            | Self::NotInStateService
            | Self::Qualified
            | Self::EarlyYearsQualified => Phase::Qualified,
            Self::AwardPending | Self::TrainingDeferred | Self::InTraining | Self::InTrainingUnconfirmed => {
                Phase::Training
            }
            Self::RegisteredNotStarted
            | Self::StartUnknown
            | Self::Recruited
            | Self::AcceptedConditional
            | Self::OfferDeferred
            | Self::Applicant => Phase::BeforeTraining,
            Self::LeftBeforeStart
            | Self::LeftTraining
            | Self::UnsuccessfulApplicant
            | Self::NoTeachingStatus
            | Self::NotKnown => Phase::None,
        }
    }
}

macro_rules! track_states {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name { $($(#[$vdoc])* $variant,)* }

            impl $name {
                /// Every state.
                pub const ALL: &[Self] = &[$(Self::$variant),*];
            }
        )*
    };
}

track_states! {
    /// What TRS says of professional status.
    Qualification {
        /// TRS has not been heard.
        NotHeard,
        /// TRS answered, and there is none.
        None,
        /// Qualified teacher status.
        Qts,
        /// Early years status only.
        EarlyYears,
    }
    /// What TRS says of induction, as far as the table cares.
    InductionState {
        /// Nothing, or no status.
        None,
        /// Required to complete.
        Required,
        /// In progress, begun not too long ago, or an open induction period.
        InProgressRecent,
        /// In progress, begun long ago or nobody knows when.
        InProgressOld,
        /// Passed.
        Passed,
        /// Exempt.
        Exempt,
        /// Failed, in England or in Wales.
        Failed,
    }
    /// What is known of employment.
    EmploymentState {
        /// No source of posts has been heard.
        NotHeard,
        /// An open post.
        InPost,
        /// The last post ended not long ago.
        EndedRecently,
        /// The last post ended long ago.
        EndedLongAgo,
    }
    /// The newest live traineeship begun after any award, or else how the last one ended.
    TrainingState {
        /// None heard of, or only drafts, or only one that an award has crowned.
        None,
        /// Register holds only a draft: no evidence of a start (U§3.6).
        Draft,
        /// Registered, start ahead.
        RegisteredNotStarted,
        /// Planned start passed, start not confirmed.
        Unconfirmed,
        /// In training, under assessment included.
        InTraining,
        /// Deferred.
        Deferred,
        /// Recommended or awarded, TRS does not hold it.
        AwardPending,
        /// The last one ended without award.
        Ended,
    }
    /// The newest cycle's best application that no traineeship has followed.
    ApplicationState {
        /// None heard of, or all followed by a traineeship or an award.
        None,
        /// An account or choices, nothing sent.
        NotSent,
        /// All ended.
        Ended,
        /// Live.
        Live,
        /// Offer deferred.
        Deferred,
        /// Accepted, conditions open.
        AcceptedConditional,
        /// Recruited, start ahead.
        Recruited,
        /// Recruited, planned start passed, no Register record.
        StartUnknown,
        /// Recruited, and by the silence rule did not start.
        LeftBeforeStart,
    }
}

/// The states of a person's tracks at one (effective, known).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackStates {
    /// Professional status.
    pub qualification: Qualification,
    /// Induction.
    pub induction: InductionState,
    /// Employment.
    pub employment: EmploymentState,
    /// Training.
    pub training: TrainingState,
    /// Application.
    pub application: ApplicationState,
}

impl TrackStates {
    /// Nothing heard from any entitled source.
    pub const NOTHING_HEARD: Self = Self {
        qualification: Qualification::NotHeard,
        induction: InductionState::None,
        employment: EmploymentState::NotHeard,
        training: TrainingState::None,
        application: ApplicationState::None,
    };
}

/// The headline stage of those tracks: the table of DESIGN §4, row by row.
#[must_use]
pub fn headline(tracks: &TrackStates) -> Stage {
    let qts = tracks.qualification == Qualification::Qts;
    let in_post = tracks.employment == EmploymentState::InPost;
    if qts && let Some(stage) = early_or_in_service(tracks, in_post) {
        return stage;
    }
    if let Some(stage) = live_training(tracks.training) {
        return stage;
    }
    if qts {
        return match tracks.employment {
            EmploymentState::EndedRecently => Stage::BetweenPosts,
            EmploymentState::EndedLongAgo => Stage::NotInStateService,
            EmploymentState::NotHeard | EmploymentState::InPost => Stage::Qualified,
        };
    }
    if in_post {
        return Stage::InPostWithoutQts;
    }
    if tracks.qualification == Qualification::EarlyYears {
        return Stage::EarlyYearsQualified;
    }
    if let Some(stage) = live_application(tracks.application) {
        return stage;
    }
    if tracks.training == TrainingState::Ended {
        return Stage::LeftTraining;
    }
    if tracks.application == ApplicationState::Ended {
        return Stage::UnsuccessfulApplicant;
    }
    if *tracks == TrackStates::NOTHING_HEARD {
        Stage::NotKnown
    } else {
        Stage::NoTeachingStatus
    }
}

/// Rows 1 to 3, for holders of QTS.
fn early_or_in_service(tracks: &TrackStates, in_post: bool) -> Option<Stage> {
    match tracks.induction {
        InductionState::Passed | InductionState::Exempt | InductionState::None if in_post => {
            Some(Stage::InService)
        }
        InductionState::InProgressRecent => Some(Stage::Ect),
        InductionState::Required if in_post => Some(Stage::Ect),
        // Begun so long ago that it no longer tells the career stage; a post does.
        InductionState::InProgressOld if in_post => Some(Stage::InService),
        InductionState::Failed => Some(Stage::InductionFailed),
        InductionState::None
        | InductionState::Required
        | InductionState::InProgressOld
        | InductionState::Passed
        | InductionState::Exempt => None,
    }
}

/// Rows 4 to 8.
fn live_training(training: TrainingState) -> Option<Stage> {
    match training {
        TrainingState::AwardPending => Some(Stage::AwardPending),
        TrainingState::Deferred => Some(Stage::TrainingDeferred),
        TrainingState::InTraining => Some(Stage::InTraining),
        TrainingState::Unconfirmed => Some(Stage::InTrainingUnconfirmed),
        TrainingState::RegisteredNotStarted => Some(Stage::RegisteredNotStarted),
        TrainingState::None | TrainingState::Draft | TrainingState::Ended => None,
    }
}

/// Rows 14 to 18.
fn live_application(application: ApplicationState) -> Option<Stage> {
    match application {
        ApplicationState::StartUnknown => Some(Stage::StartUnknown),
        ApplicationState::LeftBeforeStart => Some(Stage::LeftBeforeStart),
        ApplicationState::Recruited => Some(Stage::Recruited),
        ApplicationState::AcceptedConditional => Some(Stage::AcceptedConditional),
        ApplicationState::Deferred => Some(Stage::OfferDeferred),
        ApplicationState::Live => Some(Stage::Applicant),
        ApplicationState::None | ApplicationState::NotSent | ApplicationState::Ended => None,
    }
}

#[cfg(test)]
mod tests;
