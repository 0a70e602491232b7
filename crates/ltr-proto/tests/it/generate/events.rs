//! Any event of any fact.

use ltr_domain::event::{Change, ChangeKind, Event, Fact, Link, LinkStrength};
use ltr_domain::time::{Basis, Effective, Precision};

use super::{Any, Source, any_struct};

/// Draws a fact of one name.
pub(crate) type Draw = fn(&mut Source) -> Fact;

/// Every fact that this version can write, one drawing function each.
pub(crate) const EVERY_FACT: &[Draw] = &[
    |_| Fact::SourceRecordVanished,
    |_| Fact::SourceRecordReappeared,
    |source| Fact::IdentityLinkAsserted(Any::any(source)),
    |source| Fact::IdentityLinkRetracted(Any::any(source)),
    |source| Fact::TrnAllocated(Any::any(source)),
    |source| Fact::TrnMergedInto(Any::any(source)),
    |source| Fact::TrnDeactivated(Any::any(source)),
    |source| Fact::TrnReactivated(Any::any(source)),
    |source| Fact::TrnNotFound(Any::any(source)),
    |source| Fact::NameObserved(Any::any(source)),
    |source| Fact::NameChanged(Any::any(source)),
    |source| Fact::PreviousNamesChanged(Any::any(source)),
    |source| Fact::DateOfBirthObserved(Any::any(source)),
    |source| Fact::DateOfBirthCorrected(Any::any(source)),
    |source| Fact::ContactEmailChanged(Any::any(source)),
    |source| Fact::TrnDeclared(Any::any(source)),
    |_| Fact::CandidateSeen,
    |source| Fact::ApplicationFormChanged(Any::any(source)),
    |source| Fact::ApplicationSubmitted(Any::any(source)),
    |source| Fact::ApplicationChoiceStatusChanged(Any::any(source)),
    |source| Fact::OfferMade(Any::any(source)),
    |source| Fact::OfferAccepted(Any::any(source)),
    |source| Fact::RecruitedRecorded(Any::any(source)),
    |source| Fact::OfferDeferred(Any::any(source)),
    |source| Fact::OfferReinstated(Any::any(source)),
    |source| Fact::ApplicationRejected(Any::any(source)),
    |source| Fact::ApplicationWithdrawn(Any::any(source)),
    |source| Fact::ApplicationReversed(Any::any(source)),
    |source| Fact::CourseChoiceChanged(Any::any(source)),
    |source| Fact::CycleChanged(Any::any(source)),
    |source| Fact::InterviewsChanged(Any::any(source)),
    |source| Fact::TraineeRegistered(Any::any(source)),
    |source| Fact::TrnRequested(Any::any(source)),
    |source| Fact::TraineeTrnReceived(Any::any(source)),
    |source| Fact::PlannedStartChanged(Any::any(source)),
    |source| Fact::PlannedEndChanged(Any::any(source)),
    |source| Fact::StartConfirmed(Any::any(source)),
    |source| Fact::StartDateRevised(Any::any(source)),
    |source| Fact::TraineeMovedProvider(Any::any(source)),
    |source| Fact::CourseDetailsChanged(Any::any(source)),
    |source| Fact::TrainingDeferred(Any::any(source)),
    |source| Fact::TrainingReinstated(Any::any(source)),
    |source| Fact::TrainingWithdrawn(Any::any(source)),
    |source| Fact::WithdrawalDetailsCorrected(Any::any(source)),
    |source| Fact::WithdrawalReversed(Any::any(source)),
    |source| Fact::RecommendedForAward(Any::any(source)),
    |source| Fact::AwardRecorded(Any::any(source)),
    |source| Fact::AwardRevoked(Any::any(source)),
    |source| Fact::TraineeStateChanged(Any::any(source)),
    |source| Fact::OutcomeDateChanged(Any::any(source)),
    |source| Fact::PlacementRecorded(Any::any(source)),
    |source| Fact::PlacementChanged(Any::any(source)),
    |source| Fact::PlacementRemoved(Any::any(source)),
    |source| Fact::RouteRecorded(Any::any(source)),
    |source| Fact::RouteStatusChanged(Any::any(source)),
    |source| Fact::RouteRemoved(Any::any(source)),
    |source| Fact::QualifiedStatusHeld(Any::any(source)),
    |source| Fact::QualifiedDateRevised(Any::any(source)),
    |source| Fact::QualifiedStatusRemoved(Any::any(source)),
    |source| Fact::EarlyYearsStatusChanged(Any::any(source)),
    |source| Fact::QtlsGranted(Any::any(source)),
    |source| Fact::QtlsLapsed(Any::any(source)),
    |source| Fact::MandatoryQualificationRecorded(Any::any(source)),
    |source| Fact::MandatoryQualificationChanged(Any::any(source)),
    |source| Fact::MandatoryQualificationRemoved(Any::any(source)),
    |source| Fact::InductionRequired(Any::any(source)),
    |source| Fact::InductionStarted(Any::any(source)),
    |source| Fact::InductionPassed(Any::any(source)),
    |source| Fact::InductionFailed(Any::any(source)),
    |source| Fact::InductionExempted(Any::any(source)),
    |source| Fact::InductionExemptionEnded(Any::any(source)),
    |source| Fact::InductionReset(Any::any(source)),
    |source| Fact::InductionDatesCorrected(Any::any(source)),
    |source| Fact::AlertOpened(Any::any(source)),
    |source| Fact::AlertAmended(Any::any(source)),
    |source| Fact::AlertClosed(Any::any(source)),
    |source| Fact::AlertDeleted(Any::any(source)),
    |source| Fact::AlertsListed(Any::any(source)),
    |_| Fact::VacancyChanged,
    |source| Fact::JobApplicationSubmitted(Any::any(source)),
    |source| Fact::JobApplicationStatusChanged(Any::any(source)),
    |source| Fact::JobOfferRecorded(Any::any(source)),
    |source| Fact::JobOfferDeclined(Any::any(source)),
    |_| Fact::JobApplicationDetailsChanged,
];

impl Any for Fact {
    fn any(source: &mut Source) -> Self {
        source.pick(EVERY_FACT)(source)
    }
}

impl<T: Any> Any for Change<T> {
    fn any(source: &mut Source) -> Self {
        Self {
            old: Any::any(source),
            new: Any::any(source),
        }
    }
}

impl Any for ChangeKind {
    fn any(source: &mut Source) -> Self {
        source.pick(&Self::ALL)
    }
}

impl Any for LinkStrength {
    fn any(source: &mut Source) -> Self {
        source.pick(&Self::ALL)
    }
}

impl Any for Precision {
    fn any(source: &mut Source) -> Self {
        source.pick(&[Self::Day, Self::Month, Self::Year])
    }
}

impl Any for Basis {
    fn any(source: &mut Source) -> Self {
        source.pick(&[Self::Stated, Self::Inferred, Self::Observed])
    }
}

any_struct! {
    Link { to, strength }
    Effective { on, precision, basis }
    Event { fact, effective, kind, supersedes }
}
