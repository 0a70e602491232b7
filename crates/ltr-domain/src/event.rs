//! Events: past-tense facts derived from a record's previous state and its new one. They state what changed at the
//! source, never a consequence (T41): stage, effective induction and discrepancies are computed.

use crate::ids::{RecordId, Ukprn};
use crate::record::apply::ChosenCourse;
use crate::record::register::{Course, Placement, Withdrawal};
use crate::record::trs::{Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route};
use crate::record::{ChoiceStatus, JobApplicationStatus, KeyedDigest, QtlsStatus, TraineeState};
use crate::time::{CivilDate, Effective};

/// One change of one smallest meaningful unit of a source record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What changed.
    pub fact: Fact,
    /// From when it was true.
    pub effective: Effective,
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// The sequence of the observation that this one corrects, where there is one.
    pub supersedes: Option<u64>,
}

/// What kind of change an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The record, or this unit of it, was seen for the first time.
    FirstSeen,
    /// The value changed; whether in the world or by correction is undecidable (T29).
    Changed,
    /// The source says that it corrected itself, or we mapped the same evidence again.
    Corrected,
    /// A step was taken back: withdrawal undone, award revoked (T10, T11).
    Reversed,
    /// The record is gone from complete deliveries. Changes no fact (T14).
    Vanished,
    /// The record came back.
    Reappeared,
    /// An older snapshot, published by a backfill: history, not the present.
    Late,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::FirstSeen,
        Self::Changed,
        Self::Corrected,
        Self::Reversed,
        Self::Vanished,
        Self::Reappeared,
        Self::Late,
    ];

    /// The name used in JSON and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::FirstSeen => "first_seen",
            Self::Changed => "changed",
            Self::Corrected => "corrected",
            Self::Reversed => "reversed",
            Self::Vanished => "vanished",
            Self::Reappeared => "reappeared",
            Self::Late => "late",
        }
    }
}

/// A unit before and after. `None`: there was none, or there is none now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// Before.
    pub old: Option<T>,
    /// After.
    pub new: Option<T>,
}

/// How sure a link is, weakest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkStrength {
    /// A person decided it.
    Operator,
    /// One source issued the key that the other carries.
    Issued,
    /// A rule judged it likely.
    Matched,
    /// Somebody typed it in. Never joins people (T36).
    Declared,
}

impl LinkStrength {
    /// Every strength.
    pub const ALL: [Self; 4] = [Self::Operator, Self::Issued, Self::Matched, Self::Declared];

    /// The name used in JSON, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Issued => "issued",
            Self::Matched => "matched",
            Self::Declared => "declared",
        }
    }

    /// Whether a link of this strength puts two records into one person.
    #[must_use]
    pub fn joins(self) -> bool {
        self != Self::Declared
    }
}

/// An assertion that this record and another are about one person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// The other record. It need not have been observed yet.
    pub to: RecordId,
    /// How sure it is.
    pub strength: LinkStrength,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident $(($payload:ty))? = $name:literal,)*) => {
        /// What changed (names after U§14b).
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Fact {
            $($(#[$doc])* $variant $(($payload))?,)*
        }

        impl Fact {
            /// The name used in JSON, SQL and docs.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(facts!(@pattern $variant $(($payload))?) => $name,)*
                }
            }

            /// The names of all facts, in order of declaration.
            pub const NAMES: &[&str] = &[$($name),*];
        }
    };
    (@pattern $variant:ident ($payload:ty)) => { Self::$variant(_) };
    (@pattern $variant:ident) => { Self::$variant };
}

facts! {
    // The record itself.
    /// The record is absent from N complete deliveries in a row.
    SourceRecordVanished = "SourceRecordVanished",
    /// The record is in a delivery again.
    SourceRecordReappeared = "SourceRecordReappeared",

    // Identity.
    /// This record carries a key of another.
    IdentityLinkAsserted(Link) = "IdentityLinkAsserted",
    /// It no longer does (T07).
    IdentityLinkRetracted(Link) = "IdentityLinkRetracted",
    /// TRS knows the TRN.
    TrnAllocated(Change<Answer>) = "TrnAllocated",
    /// TRS redirects the TRN to another (T04).
    TrnMergedInto(Change<Answer>) = "TrnMergedInto",
    /// TRS has deactivated the record.
    TrnDeactivated(Change<Answer>) = "TrnDeactivated",
    /// A deactivated or merged TRN answers again.
    TrnReactivated(Change<Answer>) = "TrnReactivated",
    /// TRS does not know the TRN.
    TrnNotFound(Change<Answer>) = "TrnNotFound",

    // Details: personal values by keyed digest; the values are sealed in the message.
    /// Names were stated for the first time.
    NameObserved(Change<KeyedDigest>) = "NameObserved",
    /// Names changed, reason unknown (T28).
    NameChanged(Change<KeyedDigest>) = "NameChanged",
    /// Earlier names were stated or changed.
    PreviousNamesChanged(Change<KeyedDigest>) = "PreviousNamesChanged",
    /// A date of birth was stated for the first time.
    DateOfBirthObserved(Change<KeyedDigest>) = "DateOfBirthObserved",
    /// The date of birth differs from before.
    DateOfBirthCorrected(Change<KeyedDigest>) = "DateOfBirthCorrected",
    /// The e-mail address was stated or changed.
    ContactEmailChanged(Change<KeyedDigest>) = "ContactEmailChanged",
    /// A TRN was declared, changed or cleared in a job application (T36).
    TrnDeclared(Change<KeyedDigest>) = "TrnDeclared",

    // Application.
    /// An Apply account was seen.
    CandidateSeen = "CandidateSeen",
    /// A form was started, submitted or changed.
    ApplicationFormChanged(Change<u64>) = "ApplicationFormChanged",
    /// A choice was sent to its provider.
    ApplicationSubmitted(Change<ChoiceStatus>) = "ApplicationSubmitted",
    /// A choice moved between states that no more specific event names.
    ApplicationChoiceStatusChanged(Change<ChoiceStatus>) = "ApplicationChoiceStatusChanged",
    /// An offer was made.
    OfferMade(Change<ChoiceStatus>) = "OfferMade",
    /// An offer was accepted, with conditions.
    OfferAccepted(Change<ChoiceStatus>) = "OfferAccepted",
    /// The choice is `recruited`; conditions may be pending still (U§0.5).
    RecruitedRecorded(Change<ChoiceStatus>) = "RecruitedRecorded",
    /// The offer was deferred to the next cycle.
    OfferDeferred(Change<ChoiceStatus>) = "OfferDeferred",
    /// A deferred offer was reinstated.
    OfferReinstated(Change<ChoiceStatus>) = "OfferReinstated",
    /// Rejected, declined, not met or withdrawn by the provider.
    ApplicationRejected(Change<ChoiceStatus>) = "ApplicationRejected",
    /// Withdrawn by or for the candidate.
    ApplicationWithdrawn(Change<ChoiceStatus>) = "ApplicationWithdrawn",
    /// An ended choice is live again (U§2.4, off-machine reversals).
    ApplicationReversed(Change<ChoiceStatus>) = "ApplicationReversed",
    /// The course applied for was stated or changed.
    CourseChoiceChanged(Change<ChosenCourse>) = "CourseChoiceChanged",
    /// The cycle in which the chosen course starts was stated or changed.
    CycleChanged(Change<u16>) = "CycleChanged",
    /// The interviews of a choice changed; the number that stand.
    InterviewsChanged(Change<u32>) = "InterviewsChanged",

    // Training.
    /// A traineeship was seen.
    TraineeRegistered(Change<TraineeState>) = "TraineeRegistered",
    /// Submitted for a TRN.
    TrnRequested(Change<TraineeState>) = "TrnRequested",
    /// The TRN arrived.
    TraineeTrnReceived(Change<TraineeState>) = "TraineeTrnReceived",
    /// The planned start or end was stated or changed; the planned start.
    PlannedStartChanged(Change<CivilDate>) = "PlannedStartChanged",
    /// The planned end was stated or changed.
    PlannedEndChanged(Change<CivilDate>) = "PlannedEndChanged",
    /// The provider confirmed the start.
    StartConfirmed(Change<CivilDate>) = "StartConfirmed",
    /// The confirmed start was moved or taken back.
    StartDateRevised(Change<CivilDate>) = "StartDateRevised",
    /// Another provider holds the trainee now (T44).
    TraineeMovedProvider(Change<Ukprn>) = "TraineeMovedProvider",
    /// What is studied was stated or changed.
    CourseDetailsChanged(Change<Course>) = "CourseDetailsChanged",
    /// Training was deferred.
    TrainingDeferred(Change<TraineeState>) = "TrainingDeferred",
    /// A deferred trainee is back.
    TrainingReinstated(Change<TraineeState>) = "TrainingReinstated",
    /// Training ended without award.
    TrainingWithdrawn(Change<TraineeState>) = "TrainingWithdrawn",
    /// Date, trigger or reasons of the withdrawal were stated or changed.
    WithdrawalDetailsCorrected(Change<Withdrawal>) = "WithdrawalDetailsCorrected",
    /// A withdrawal was undone (T10).
    WithdrawalReversed(Change<TraineeState>) = "WithdrawalReversed",
    /// Recommended for award.
    RecommendedForAward(Change<TraineeState>) = "RecommendedForAward",
    /// TRS accepted the award.
    AwardRecorded(Change<TraineeState>) = "AwardRecorded",
    /// An award or recommendation was taken back (T11).
    AwardRevoked(Change<TraineeState>) = "AwardRevoked",
    /// The state changed in a way no more specific event names.
    TraineeStateChanged(Change<TraineeState>) = "TraineeStateChanged",
    /// The date on which standards were met was stated, changed or cleared.
    OutcomeDateChanged(Change<CivilDate>) = "OutcomeDateChanged",
    /// A placement was added.
    PlacementRecorded(Change<Placement>) = "PlacementRecorded",
    /// A placement was changed.
    PlacementChanged(Change<Placement>) = "PlacementChanged",
    /// A placement was removed.
    PlacementRemoved(Change<Placement>) = "PlacementRemoved",

    // Professional status.
    /// A route was seen.
    RouteRecorded(Change<Route>) = "RouteRecorded",
    /// A route changed.
    RouteStatusChanged(Change<Route>) = "RouteStatusChanged",
    /// A route is gone.
    RouteRemoved(Change<Route>) = "RouteRemoved",
    /// TRS says that qualified teacher status is held.
    QualifiedStatusHeld(Change<HeldStatus>) = "QualifiedStatusHeld",
    /// The date or routes it is held by changed.
    QualifiedDateRevised(Change<HeldStatus>) = "QualifiedDateRevised",
    /// TRS no longer says so.
    QualifiedStatusRemoved(Change<HeldStatus>) = "QualifiedStatusRemoved",
    /// TRS states, restates or removes early years teacher status.
    EarlyYearsStatusChanged(Change<HeldStatus>) = "EarlyYearsStatusChanged",
    /// QTLS became active.
    QtlsGranted(Change<QtlsStatus>) = "QtlsGranted",
    /// QTLS lapsed, or any other move that is not a grant.
    QtlsLapsed(Change<QtlsStatus>) = "QtlsLapsed",
    /// A mandatory qualification was seen.
    MandatoryQualificationRecorded(Change<MandatoryQualification>) = "MandatoryQualificationRecorded",
    /// A mandatory qualification changed.
    MandatoryQualificationChanged(Change<MandatoryQualification>) = "MandatoryQualificationChanged",
    /// A mandatory qualification is gone.
    MandatoryQualificationRemoved(Change<MandatoryQualification>) = "MandatoryQualificationRemoved",

    // Induction.
    /// Induction is required.
    InductionRequired(Change<Induction>) = "InductionRequired",
    /// Induction is in progress.
    InductionStarted(Change<Induction>) = "InductionStarted",
    /// Induction was passed.
    InductionPassed(Change<Induction>) = "InductionPassed",
    /// Induction was failed, in England or in Wales.
    InductionFailed(Change<Induction>) = "InductionFailed",
    /// An exemption was given.
    InductionExempted(Change<Induction>) = "InductionExempted",
    /// An exemption ended.
    InductionExemptionEnded(Change<Induction>) = "InductionExemptionEnded",
    /// Back to none.
    InductionReset(Change<Induction>) = "InductionReset",
    /// Dates or reasons changed under the same status, or a status we do not know.
    InductionDatesCorrected(Change<Induction>) = "InductionDatesCorrected",

    // Restriction.
    /// An alert was seen.
    AlertOpened(Change<Alert>) = "AlertOpened",
    /// An alert changed.
    AlertAmended(Change<Alert>) = "AlertAmended",
    /// An alert was given an end.
    AlertClosed(Change<Alert>) = "AlertClosed",
    /// An alert is gone: deleted, or made internal (T34).
    AlertDeleted(Change<Alert>) = "AlertDeleted",
    /// TRS listed the alerts of this person for the first time, be there any or none.
    AlertsListed(Change<u32>) = "AlertsListed",

    // Employment.
    /// A vacancy was seen or changed.
    VacancyChanged = "VacancyChanged",
    /// A job application was seen submitted.
    JobApplicationSubmitted(Change<JobApplicationStatus>) = "JobApplicationSubmitted",
    /// A job application moved.
    JobApplicationStatusChanged(Change<JobApplicationStatus>) = "JobApplicationStatusChanged",
    /// A job was offered.
    JobOfferRecorded(Change<JobApplicationStatus>) = "JobOfferRecorded",
    /// A job offer was declined.
    JobOfferDeclined(Change<JobApplicationStatus>) = "JobOfferDeclined",
    /// Details of a job application changed, not its status.
    JobApplicationDetailsChanged = "JobApplicationDetailsChanged",

    // From a newer version.
    /// A fact that this version cannot read, by its number in the schema (0: none was there); folds to a finding.
    Unrecognised(u32) = "Unrecognised",
}

#[cfg(test)]
mod tests;
