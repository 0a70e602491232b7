//! The upstream vocabularies that drive the fold. A value we do not know is kept as it came (T19).

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A value that this version of the code does not know, as received.
            Unrecognised(String),
        }

        impl $name {
            /// Every value this version knows.
            #[must_use]
            pub fn known() -> Vec<Self> {
                vec![$(Self::$variant),*]
            }

            /// Reads the upstream text; never fails.
            #[must_use]
            pub fn read(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Unrecognised(other.to_owned()),
                }
            }

            /// The upstream text.
            #[must_use]
            pub fn text(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unrecognised(text) => text,
                }
            }

            /// Whether this version knows the value.
            #[must_use]
            pub fn is_recognised(&self) -> bool {
                !matches!(self, Self::Unrecognised(_))
            }
        }
    };
}

vocabulary!(
    /// Status of an Apply application choice (U§2.4).
    ChoiceStatus {
        /// In the candidate's basket.
        Unsubmitted = "unsubmitted",
        /// The cycle ended before it was sent.
        ApplicationNotSent = "application_not_sent",
        /// Obsolete.
        Cancelled = "cancelled",
        /// Sent, waiting for the provider.
        AwaitingProviderDecision = "awaiting_provider_decision",
        /// Waiting for more than thirty days.
        Inactive = "inactive",
        /// At least one interview is set.
        Interviewing = "interviewing",
        /// An offer is open.
        Offer = "offer",
        /// The provider took the offer back.
        OfferWithdrawn = "offer_withdrawn",
        /// The candidate declined, or default by date.
        Declined = "declined",
        /// The provider rejected, or default by date.
        Rejected = "rejected",
        /// Accepted with conditions open.
        PendingConditions = "pending_conditions",
        /// Accepted, conditions failed.
        ConditionsNotMet = "conditions_not_met",
        /// Accepted; says nothing of an SKE condition that may still be pending (U§0.5).
        Recruited = "recruited",
        /// Accepted and moved to the next cycle.
        OfferDeferred = "offer_deferred",
        /// Withdrawn by or for the candidate.
        Withdrawn = "withdrawn",
    }
);

vocabulary!(
    /// State of a Register trainee (U§3.3).
    TraineeState {
        /// Not submitted: not evidence of a start.
        Draft = "draft",
        /// Submitted, TRN requested.
        SubmittedForTrn = "submitted_for_trn",
        /// TRN received; also the state after a reinstatement.
        TrnReceived = "trn_received",
        /// Standards met, recommended to TRS.
        RecommendedForAward = "recommended_for_award",
        /// Withdrawn; includes those who failed (U§0.12).
        Withdrawn = "withdrawn",
        /// Deferred now.
        Deferred = "deferred",
        /// TRS accepted the recommendation.
        Awarded = "awarded",
    }
);

vocabulary!(
    /// Status of a route to professional status in TRS (U§4.4).
    RouteStatus {
        /// In training.
        InTraining = "InTraining",
        /// Holds the status.
        Holds = "Holds",
        /// Deferred.
        Deferred = "Deferred",
        /// Deferred for a skills test (historic).
        DeferredForSkillsTest = "DeferredForSkillsTest",
        /// Failed.
        Failed = "Failed",
        /// Withdrawn.
        Withdrawn = "Withdrawn",
        /// Assessment only.
        UnderAssessment = "UnderAssessment",
    }
);

vocabulary!(
    /// Induction status in TRS (U§4.4).
    InductionStatus {
        /// None.
        None = "None",
        /// Required to complete.
        RequiredToComplete = "RequiredToComplete",
        /// Exempt.
        Exempt = "Exempt",
        /// In progress.
        InProgress = "InProgress",
        /// Passed.
        Passed = "Passed",
        /// Failed.
        Failed = "Failed",
        /// Failed in Wales (T45).
        FailedInWales = "FailedInWales",
    }
);

vocabulary!(
    /// QTLS status in TRS.
    QtlsStatus {
        /// Never held.
        None = "None",
        /// Held while a member of the Society for Education and Training.
        Active = "Active",
        /// Lapsed (S-M).
        Expired = "Expired",
    }
);

vocabulary!(
    /// A professional status that TRS records.
    ProfessionalStatusKind {
        /// Qualified teacher status.
        Qts = "QualifiedTeacherStatus",
        /// Early years teacher status.
        Eyts = "EarlyYearsTeacherStatus",
        /// Early years professional status; undated.
        Eyps = "EarlyYearsProfessionalStatus",
        /// Partial qualified teacher status.
        Pqts = "PartialQualifiedTeacherStatus",
    }
);

vocabulary!(
    /// Status of a Teaching Vacancies job application (U§6.3). There is no "hired".
    JobApplicationStatus {
        /// Being written.
        Draft = "draft",
        /// Submitted.
        Submitted = "submitted",
        /// Reviewed (legacy).
        Reviewed = "reviewed",
        /// Shortlisted.
        Shortlisted = "shortlisted",
        /// Interviewing.
        Interviewing = "interviewing",
        /// Offered: the last positive state there is.
        Offered = "offered",
        /// Offer declined.
        Declined = "declined",
        /// Unsuccessful.
        Unsuccessful = "unsuccessful",
        /// Unsuccessful after interview.
        UnsuccessfulInterview = "unsuccessful_interview",
        /// Rejected.
        Rejected = "rejected",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
);
