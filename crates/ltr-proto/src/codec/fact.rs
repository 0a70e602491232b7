//! Forms of events. An event that cannot be read in full, because a newer version wrote it, is an unrecognised fact:
//! it folds to a finding and is never dropped.

use jiff::civil::Date;
use ltr_domain::event::{ChangeKind, Event, Fact};
use ltr_domain::time::{Basis, Effective, Precision};
use serde_json::Value;

use super::fault::Fault;
use super::fields::Raw;
use super::stated::Wired;
use crate::event as wire;
use crate::event::event;
use crate::json::Shown;

/// Joins every fact to its arm of `Event.fact` and to its JSON, with the number of the arm in the schema (a test holds
/// them against the descriptor). Facts `alone` say no more than their name.
macro_rules! facts {
    (
        alone { $($alone:ident = $alone_number:literal,)* }
        with { $($with:ident = $with_number:literal,)* }
    ) => {
        /// Writes a fact. An unrecognised one is never published: there is nothing to write for it.
        fn fact_to_form(fact: &Fact) -> Option<event::Fact> {
            match fact {
                $(Fact::$alone => Some(event::Fact::$alone(wire::Occurrence {})),)*
                $(Fact::$with(detail) => Some(event::Fact::$with(detail.to_form())),)*
                Fact::Unrecognised(_) => None,
            }
        }

        /// Reads the fact in the arm of that number; `None` if this version knows no such fact.
        fn fact_of(number: u32, raw: Raw<'_>) -> Result<Option<Fact>, Fault> {
            Ok(Some(match number {
                $($alone_number => Fact::$alone,)*
                $($with_number => Fact::$with(Wired::read(raw, concat!("Event.", stringify!($with)))?),)*
                _ => return Ok(None),
            }))
        }

        /// What a fact says beside its name.
        pub(crate) fn fact_detail(fact: &Fact) -> Option<Value> {
            match fact {
                $(Fact::$alone => None,)*
                $(Fact::$with(detail) => Some(detail.shown()),)*
                Fact::Unrecognised(number) => Some((*number).into()),
            }
        }

        /// Every fact by name with the number of its arm.
        #[cfg(test)]
        pub(super) const ARMS: &[(&str, i32)] =
            &[
                $((stringify!($alone), $alone_number),)*
                $((stringify!($with), $with_number),)*
            ];
    };
}

facts! {
    alone {
        SourceRecordVanished = 20,
        SourceRecordReappeared = 21,
        CandidateSeen = 70,
        VacancyChanged = 240,
        JobApplicationDetailsChanged = 245,
    }
    with {
        IdentityLinkAsserted = 30,
        IdentityLinkRetracted = 31,
        TrnAllocated = 32,
        TrnMergedInto = 33,
        TrnDeactivated = 34,
        TrnReactivated = 35,
        TrnNotFound = 36,
        NameObserved = 50,
        NameChanged = 51,
        PreviousNamesChanged = 52,
        DateOfBirthObserved = 53,
        DateOfBirthCorrected = 54,
        ContactEmailChanged = 55,
        TrnDeclared = 56,
        ApplicationFormChanged = 71,
        ApplicationSubmitted = 72,
        ApplicationChoiceStatusChanged = 73,
        OfferMade = 74,
        OfferAccepted = 75,
        RecruitedRecorded = 76,
        OfferDeferred = 77,
        OfferReinstated = 78,
        ApplicationRejected = 79,
        ApplicationWithdrawn = 80,
        ApplicationReversed = 81,
        CourseChoiceChanged = 82,
        CycleChanged = 83,
        InterviewsChanged = 84,
        TraineeRegistered = 110,
        TrnRequested = 111,
        TraineeTrnReceived = 112,
        PlannedStartChanged = 113,
        PlannedEndChanged = 114,
        StartConfirmed = 115,
        StartDateRevised = 116,
        TraineeMovedProvider = 117,
        CourseDetailsChanged = 118,
        TrainingDeferred = 119,
        TrainingReinstated = 120,
        TrainingWithdrawn = 121,
        WithdrawalDetailsCorrected = 122,
        WithdrawalReversed = 123,
        RecommendedForAward = 124,
        AwardRecorded = 125,
        AwardRevoked = 126,
        TraineeStateChanged = 127,
        OutcomeDateChanged = 128,
        PlacementRecorded = 129,
        PlacementChanged = 130,
        PlacementRemoved = 131,
        RouteRecorded = 160,
        RouteStatusChanged = 161,
        RouteRemoved = 162,
        QualifiedStatusHeld = 163,
        QualifiedDateRevised = 164,
        QualifiedStatusRemoved = 165,
        EarlyYearsStatusChanged = 166,
        QtlsGranted = 167,
        QtlsLapsed = 168,
        MandatoryQualificationRecorded = 169,
        MandatoryQualificationChanged = 170,
        MandatoryQualificationRemoved = 171,
        InductionRequired = 200,
        InductionStarted = 201,
        InductionPassed = 202,
        InductionFailed = 203,
        InductionExempted = 204,
        InductionExemptionEnded = 205,
        InductionReset = 206,
        InductionDatesCorrected = 207,
        AlertOpened = 220,
        AlertAmended = 221,
        AlertClosed = 222,
        AlertDeleted = 223,
        AlertsListed = 224,
        JobApplicationSubmitted = 241,
        JobApplicationStatusChanged = 242,
        JobOfferRecorded = 243,
        JobOfferDeclined = 244,
    }
}

pub(super) fn event_to_form(event: &Event) -> wire::Event {
    let Effective { on, precision, basis } = event.effective;
    wire::Event {
        effective_on: on.to_form(),
        precision: precision_to_wire(precision).into(),
        basis: basis_to_wire(basis).into(),
        kind: kind_to_wire(event.kind).into(),
        supersedes: event.supersedes,
        fact: fact_to_form(&event.fact),
    }
}

/// The first number of the arms of `Event.fact`: any number from here on is a fact, known or not.
const FACTS_FROM: u32 = 20;

/// The fields of an event, not yet understood.
#[derive(Default)]
struct Parts<'a> {
    effective_on: Option<Raw<'a>>,
    precision: i32,
    basis: i32,
    kind: i32,
    supersedes: Option<u64>,
    fact: Option<(u32, Raw<'a>)>,
}

/// Reads an event. `seen_on` stands in for a date that only a newer version can read.
pub(super) fn read_event(raw: Raw<'_>, seen_on: Date) -> Result<Event, Fault> {
    let parts = parts(raw)?;
    let supersedes = parts.supersedes;
    let arm = parts.fact.map_or(0, |(number, _)| number);
    match when_and_kind(&parts) {
        Ok((effective, kind)) => Ok(Event {
            fact: read_fact(parts.fact)?,
            effective,
            kind,
            supersedes,
        }),
        // How the event is dated or what kind it is, only a newer version can say: then the fact is not ours to read.
        Err(Fault::Unknown { .. }) => Ok(Event {
            fact: Fact::Unrecognised(arm),
            effective: Effective::observed(seen_on),
            kind: ChangeKind::Changed,
            supersedes,
        }),
        Err(refused @ Fault::Refused(_)) => Err(refused),
    }
}

fn parts(raw: Raw<'_>) -> Result<Parts<'_>, Fault> {
    let mut parts = Parts::default();
    let mut fields = raw.fields("Event")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => parts.effective_on = Some(raw),
            2 => parts.precision = raw.int32("Event.precision")?,
            3 => parts.basis = raw.int32("Event.basis")?,
            4 => parts.kind = raw.int32("Event.kind")?,
            5 => parts.supersedes = Some(raw.number("Event.supersedes")?),
            FACTS_FROM.. => parts.fact = Some((number, raw)),
            _ => {}
        }
    }
    Ok(parts)
}

fn read_fact(fact: Option<(u32, Raw<'_>)>) -> Result<Fact, Fault> {
    let Some((number, raw)) = fact else {
        return Ok(Fact::Unrecognised(0));
    };
    match fact_of(number, raw) {
        Ok(fact) => Ok(fact.unwrap_or(Fact::Unrecognised(number))),
        Err(Fault::Unknown { .. }) => Ok(Fact::Unrecognised(number)),
        Err(refused @ Fault::Refused(_)) => Err(refused),
    }
}

fn when_and_kind(parts: &Parts<'_>) -> Result<(Effective, ChangeKind), Fault> {
    const ON: &str = "Event.effective_on";
    let effective = Effective {
        on: Date::read(parts.effective_on.ok_or(Fault::missing(ON))?, ON)?,
        precision: precision_from_wire(parts.precision)?,
        basis: basis_from_wire(parts.basis)?,
    };
    Ok((effective, kind_from_wire(parts.kind)?))
}

fn precision_to_wire(precision: Precision) -> wire::Precision {
    match precision {
        Precision::Day => wire::Precision::Day,
        Precision::Month => wire::Precision::Month,
        Precision::Year => wire::Precision::Year,
    }
}

fn precision_from_wire(number: i32) -> Result<Precision, Fault> {
    match wire::Precision::try_from(number) {
        Ok(wire::Precision::Day) => Ok(Precision::Day),
        Ok(wire::Precision::Month) => Ok(Precision::Month),
        Ok(wire::Precision::Year) => Ok(Precision::Year),
        Ok(wire::Precision::Unspecified) | Err(_) => Err(Fault::enum_value("Event.precision", number)),
    }
}

fn basis_to_wire(basis: Basis) -> wire::Basis {
    match basis {
        Basis::Stated => wire::Basis::Stated,
        Basis::Inferred => wire::Basis::Inferred,
        Basis::Observed => wire::Basis::Observed,
    }
}

fn basis_from_wire(number: i32) -> Result<Basis, Fault> {
    match wire::Basis::try_from(number) {
        Ok(wire::Basis::Stated) => Ok(Basis::Stated),
        Ok(wire::Basis::Inferred) => Ok(Basis::Inferred),
        Ok(wire::Basis::Observed) => Ok(Basis::Observed),
        Ok(wire::Basis::Unspecified) | Err(_) => Err(Fault::enum_value("Event.basis", number)),
    }
}

fn kind_to_wire(kind: ChangeKind) -> wire::ChangeKind {
    match kind {
        ChangeKind::FirstSeen => wire::ChangeKind::FirstSeen,
        ChangeKind::Changed => wire::ChangeKind::Changed,
        ChangeKind::Corrected => wire::ChangeKind::Corrected,
        ChangeKind::Reversed => wire::ChangeKind::Reversed,
        ChangeKind::Vanished => wire::ChangeKind::Vanished,
        ChangeKind::Reappeared => wire::ChangeKind::Reappeared,
        ChangeKind::Late => wire::ChangeKind::Late,
    }
}

fn kind_from_wire(number: i32) -> Result<ChangeKind, Fault> {
    match wire::ChangeKind::try_from(number) {
        Ok(wire::ChangeKind::FirstSeen) => Ok(ChangeKind::FirstSeen),
        Ok(wire::ChangeKind::Changed) => Ok(ChangeKind::Changed),
        Ok(wire::ChangeKind::Corrected) => Ok(ChangeKind::Corrected),
        Ok(wire::ChangeKind::Reversed) => Ok(ChangeKind::Reversed),
        Ok(wire::ChangeKind::Vanished) => Ok(ChangeKind::Vanished),
        Ok(wire::ChangeKind::Reappeared) => Ok(ChangeKind::Reappeared),
        Ok(wire::ChangeKind::Late) => Ok(ChangeKind::Late),
        Ok(wire::ChangeKind::Unspecified) | Err(_) => Err(Fault::enum_value("Event.kind", number)),
    }
}
