//! The resolved record as it is served and stored: from the domain to `ltr.record.v1.Teacher`, and its digest.

use jiff::civil::Date;
use ltr_domain::headline::{Phase, Stage};
use ltr_domain::ids::PersonId;
use ltr_domain::resolution::{Caveat, Certainty, Claim, Resolution};
use ltr_domain::teacher::{StageInterval, Standing, TeacherRecord};
use prost::Message;
use sha2::{Digest, Sha256};

use crate::record;

/// The answer as it is served, without what only the service knows (as-of, freshness, redirection, personal values).
#[must_use]
pub fn teacher(person: PersonId, answer: &TeacherRecord) -> record::Teacher {
    let person_id = person.to_string();
    let trn = answer.trn.map(|trn| trn.to_string()).unwrap_or_default();
    let id = if trn.is_empty() { &person_id } else { &trn };
    let mut teacher = record::Teacher {
        name: format!("teachers/{id}"),
        trns: answer.trns.iter().map(ToString::to_string).collect(),
        merged_trns: answer
            .merged
            .iter()
            .map(|(trn, into)| record::MergedTrn {
                trn: trn.to_string(),
                into_trn: into.to_string(),
            })
            .collect(),
        standing: standing(answer.standing).into(),
        stage: stage(answer.headline.stage).into(),
        phase: phase(answer.phase()).into(),
        headline: Some(unplaced(&answer.headline.resolution)),
        facts: Some(record::Facts {
            qualified_status: Some(unplaced(&answer.facts.qualified_status)),
            training: Some(unplaced(&answer.facts.training)),
            induction: Some(unplaced(&answer.facts.induction)),
            employment: Some(unplaced(&answer.facts.employment)),
            restriction: Some(unplaced(&answer.facts.restriction)),
        }),
        review_on: date(answer.review_on),
        findings: answer
            .findings
            .iter()
            .map(|finding| finding.token().to_owned())
            .collect(),
        records: answer.records.iter().map(ToString::to_string).collect(),
        person_id,
        trn,
        ..record::Teacher::default()
    };
    // What the digest leaves out is not filled in yet, so that nothing need be taken out again.
    teacher.record_digest = crate::hex::encode(&digest(&teacher));
    teacher.policy_version = answer.policy_version;
    place_all(&mut teacher, answer);
    teacher
}

/// A stretch of effective time as it is served.
#[must_use]
pub fn stage_interval(interval: &StageInterval) -> record::StageInterval {
    record::StageInterval {
        from_on: interval.from.to_string(),
        to_on: date(interval.to),
        stage: stage(interval.headline.stage).into(),
        headline: Some(resolution(&interval.headline.resolution)),
    }
}

/// The record digest: SHA-256 of the canonical answer. Presentation and places on the log are left out, so that the
/// same facts told by another run of the same history have the same digest; so is the number of the policy, so that
/// adopting one changes the digests of those whose answers it changes.
#[must_use]
pub fn record_digest(teacher: &record::Teacher) -> [u8; 32] {
    let mut canonical = record::Teacher {
        record_digest: String::new(),
        policy_version: 0,
        as_of: None,
        redirected_from: String::new(),
        freshness: Vec::new(),
        clock_simulated: false,
        personal: None,
        withheld: Vec::new(),
        consistency_token: String::new(),
        ..teacher.clone()
    };
    for resolution in resolutions(&mut canonical) {
        for claim in resolution.claim.iter_mut().chain(&mut resolution.lost) {
            claim.sequence = 0;
            claim.known_at = None;
            claim.provider.clear();
        }
    }
    digest(&canonical)
}

fn digest(canonical: &record::Teacher) -> [u8; 32] {
    Sha256::digest(canonical.encode_to_vec()).into()
}

/// The headline's and the facts' resolutions, in the order of [`ltr_domain::teacher::Facts::named`].
fn resolutions(teacher: &mut record::Teacher) -> impl Iterator<Item = &mut record::Resolution> {
    let facts = teacher.facts.iter_mut().flat_map(|facts| {
        [
            &mut facts.qualified_status,
            &mut facts.training,
            &mut facts.induction,
            &mut facts.employment,
            &mut facts.restriction,
        ]
    });
    [&mut teacher.headline].into_iter().chain(facts).flatten()
}

/// Says of every claim in which message it was made, and which provider holds its record.
fn place_all(teacher: &mut record::Teacher, answer: &TeacherRecord) {
    let facts = answer.facts.named().map(|(_, resolution)| resolution);
    let told = std::iter::once(&answer.headline.resolution).chain(facts);
    for (served, told) in resolutions(teacher).zip(told) {
        place(served, told);
        let claims = served.claim.iter_mut().chain(&mut served.lost);
        for (served, told) in claims.zip(told.claim.iter().chain(&told.lost)) {
            if let Some(ukprn) = answer.held_by.get(&told.record) {
                served.provider = ukprn.to_string();
            }
        }
    }
}

fn place(served: &mut record::Resolution, told: &Resolution) {
    let claims = served.claim.iter_mut().chain(&mut served.lost);
    for (served, told) in claims.zip(told.claim.iter().chain(&told.lost)) {
        served.sequence = told.position.sequence;
        served.known_at = Some(timestamp(told.position.known_at.0));
    }
}

/// The token of a served stage: `in_training` for `STAGE_IN_TRAINING`.
#[must_use]
pub fn stage_token(stage: record::Stage) -> String {
    token(stage.as_str_name(), "STAGE_")
}

/// The token of a served phase.
#[must_use]
pub fn phase_token(phase: record::Phase) -> String {
    token(phase.as_str_name(), "PHASE_")
}

/// The token of a served certainty.
#[must_use]
pub fn certainty_token(certainty: record::Certainty) -> String {
    token(certainty.as_str_name(), "CERTAINTY_")
}

/// The token of a served caveat.
#[must_use]
pub fn caveat_token(caveat: record::Caveat) -> String {
    token(caveat.as_str_name(), "CAVEAT_")
}

/// The token of a served standing.
#[must_use]
pub fn standing_token(standing: record::Standing) -> String {
    token(standing.as_str_name(), "STANDING_")
}

fn token(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}

pub(crate) fn resolution(told: &Resolution) -> record::Resolution {
    let mut served = unplaced(told);
    place(&mut served, told);
    served
}

/// A resolution whose claims do not say yet in which messages they were made.
fn unplaced(resolution: &Resolution) -> record::Resolution {
    record::Resolution {
        value: resolution.value.to_owned(),
        certainty: certainty(resolution.certainty).into(),
        caveats: resolution
            .caveats
            .iter()
            .map(|told| caveat(*told).into())
            .collect(),
        reason: resolution.reason.to_owned(),
        since: date(resolution.since),
        claim: resolution.claim.as_ref().map(unplaced_claim),
        lost: resolution.lost.iter().map(unplaced_claim).collect(),
    }
}

/// A claim as it is served, with the message it was made in.
pub(crate) fn claim(told: &Claim) -> record::Claim {
    record::Claim {
        sequence: told.position.sequence,
        known_at: Some(timestamp(told.position.known_at.0)),
        ..unplaced_claim(told)
    }
}

fn unplaced_claim(claim: &Claim) -> record::Claim {
    record::Claim {
        value: claim.value.to_owned(),
        source: claim.source.token().to_owned(),
        record: claim.record.to_string(),
        since: date(claim.since),
        sequence: 0,
        known_at: None,
        provider: String::new(),
    }
}

/// An instant as it is served.
#[must_use]
pub fn timestamp(at: jiff::Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}

fn standing(standing: Standing) -> record::Standing {
    match standing {
        Standing::Open => record::Standing::Open,
        Standing::Merged { .. } => record::Standing::RecordMerged,
        Standing::Closed => record::Standing::RecordClosed,
    }
}

fn stage(stage: Stage) -> record::Stage {
    match stage {
        Stage::InService => record::Stage::InService,
        Stage::Ect => record::Stage::Ect,
        Stage::InductionFailed => record::Stage::InductionFailed,
        Stage::AwardPending => record::Stage::AwardPending,
        Stage::TrainingDeferred => record::Stage::TrainingDeferred,
        Stage::InTraining => record::Stage::InTraining,
        Stage::InTrainingUnconfirmed => record::Stage::InTrainingUnconfirmed,
        Stage::RegisteredNotStarted => record::Stage::RegisteredNotStarted,
        Stage::BetweenPosts => record::Stage::BetweenPosts,
        Stage::NotInStateService => record::Stage::NotInStateService,
        Stage::Qualified => record::Stage::Qualified,
        Stage::InPostWithoutQts => record::Stage::InPostWithoutQts,
        Stage::EarlyYearsQualified => record::Stage::EarlyYearsQualified,
        Stage::StartUnknown => record::Stage::StartUnknown,
        Stage::LeftBeforeStart => record::Stage::LeftBeforeStart,
        Stage::Recruited => record::Stage::Recruited,
        Stage::AcceptedConditional => record::Stage::AcceptedConditional,
        Stage::OfferDeferred => record::Stage::OfferDeferred,
        Stage::Applicant => record::Stage::Applicant,
        Stage::LeftTraining => record::Stage::LeftTraining,
        Stage::UnsuccessfulApplicant => record::Stage::UnsuccessfulApplicant,
        Stage::NoTeachingStatus => record::Stage::NoTeachingStatus,
        Stage::NotKnown => record::Stage::NotKnown,
    }
}

fn phase(phase: Phase) -> record::Phase {
    match phase {
        Phase::BeforeTraining => record::Phase::BeforeTraining,
        Phase::Training => record::Phase::Training,
        Phase::EarlyCareer => record::Phase::EarlyCareer,
        Phase::Teaching => record::Phase::Teaching,
        Phase::Qualified => record::Phase::Qualified,
        Phase::None => record::Phase::None,
        Phase::Closed => record::Phase::Closed,
    }
}

fn certainty(certainty: Certainty) -> record::Certainty {
    match certainty {
        Certainty::Confirmed => record::Certainty::Confirmed,
        Certainty::Provisional => record::Certainty::Provisional,
        Certainty::Presumed => record::Certainty::Presumed,
        Certainty::Unknown => record::Certainty::Unknown,
    }
}

fn caveat(caveat: Caveat) -> record::Caveat {
    match caveat {
        Caveat::Contested => record::Caveat::Contested,
        Caveat::Stale => record::Caveat::Stale,
        Caveat::NotCovered => record::Caveat::NotCovered,
        Caveat::Parked => record::Caveat::Parked,
    }
}

pub(crate) fn date(on: Option<Date>) -> String {
    on.map(|on| on.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_schema_is_the_domains_token() {
        for told in Stage::ALL {
            assert_eq!(stage_token(stage(told)), told.token());
            assert_eq!(phase_token(phase(told.phase())), told.phase().token());
        }
        for told in [
            Certainty::Confirmed,
            Certainty::Provisional,
            Certainty::Presumed,
            Certainty::Unknown,
        ] {
            assert_eq!(certainty_token(certainty(told)), told.token());
        }
        for told in [
            Caveat::Contested,
            Caveat::Stale,
            Caveat::NotCovered,
            Caveat::Parked,
        ] {
            assert_eq!(caveat_token(caveat(told)), told.token());
        }
    }
}
