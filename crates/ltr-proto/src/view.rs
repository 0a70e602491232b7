//! The resolved record as it is served and stored: from the domain to `ltr.record.v1.Teacher`, and its digest.

use jiff::civil::Date;
use ltr_domain::ids::PersonId;
use ltr_domain::observation::Position;
use ltr_domain::resolution::{Claim, Resolution};
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
        stage: stage_of(answer.headline.stage.token()).into(),
        phase: named::<record::Phase>("PHASE", answer.phase().token(), record::Phase::from_str_name).into(),
        headline: Some(resolution(&answer.headline.resolution)),
        facts: Some(record::Facts {
            qualified_status: Some(resolution(&answer.facts.qualified_status)),
            training: Some(resolution(&answer.facts.training)),
            induction: Some(resolution(&answer.facts.induction)),
            employment: Some(resolution(&answer.facts.employment)),
            restriction: Some(resolution(&answer.facts.restriction)),
        }),
        review_on: date(answer.review_on),
        findings: answer
            .findings
            .iter()
            .map(|finding| finding.token().to_owned())
            .collect(),
        records: answer.records.iter().map(ToString::to_string).collect(),
        policy_version: answer.policy_version,
        person_id,
        trn,
        ..record::Teacher::default()
    };
    teacher.record_digest = crate::hex::encode(&record_digest(&teacher));
    teacher
}

/// A stretch of effective time as it is served.
#[must_use]
pub fn stage_interval(interval: &StageInterval) -> record::StageInterval {
    record::StageInterval {
        from_on: interval.from.to_string(),
        to_on: date(interval.to),
        stage: stage_of(interval.headline.stage.token()).into(),
        headline: Some(resolution(&interval.headline.resolution)),
    }
}

/// The record digest: SHA-256 of the canonical answer. Presentation and places on the log are left out, so that the
/// same facts told by another run of the same history have the same digest.
#[must_use]
pub fn record_digest(teacher: &record::Teacher) -> [u8; 32] {
    let mut canonical = record::Teacher {
        record_digest: String::new(),
        as_of: None,
        redirected_from: String::new(),
        freshness: Vec::new(),
        clock_simulated: false,
        personal: None,
        withheld: Vec::new(),
        consistency_token: String::new(),
        ..teacher.clone()
    };
    let facts = canonical.facts.iter_mut().flat_map(|facts| {
        [
            &mut facts.qualified_status,
            &mut facts.training,
            &mut facts.induction,
            &mut facts.employment,
            &mut facts.restriction,
        ]
    });
    for resolution in facts.chain([&mut canonical.headline]).flatten() {
        for claim in resolution.claim.iter_mut().chain(&mut resolution.lost) {
            claim.sequence = 0;
            claim.known_at = None;
        }
    }
    Sha256::digest(canonical.encode_to_vec()).into()
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

pub(crate) fn resolution(resolution: &Resolution) -> record::Resolution {
    record::Resolution {
        value: resolution.value.to_owned(),
        certainty: named(
            "CERTAINTY",
            resolution.certainty.token(),
            record::Certainty::from_str_name,
        )
        .into(),
        caveats: resolution
            .caveats
            .iter()
            .map(|caveat| named("CAVEAT", caveat.token(), record::Caveat::from_str_name).into())
            .collect(),
        reason: resolution.reason.to_owned(),
        since: date(resolution.since),
        claim: resolution.claim.as_ref().map(claim),
        lost: resolution.lost.iter().map(claim).collect(),
    }
}

pub(crate) fn claim(claim: &Claim) -> record::Claim {
    let Position { sequence, known_at } = claim.position;
    record::Claim {
        value: claim.value.to_owned(),
        source: claim.source.token().to_owned(),
        record: claim.record.to_string(),
        since: date(claim.since),
        sequence,
        known_at: Some(timestamp(known_at.0)),
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

fn stage_of(token: &str) -> record::Stage {
    named("STAGE", token, record::Stage::from_str_name)
}

/// The enum value of a token. Every token of the domain has one: a test walks them all.
fn named<T: Default>(prefix: &str, token: &str, from: impl Fn(&str) -> Option<T>) -> T {
    from(&format!("{prefix}_{}", token.to_uppercase())).unwrap_or_default()
}

pub(crate) fn date(on: Option<Date>) -> String {
    on.map(|on| on.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use ltr_domain::headline::Stage;

    use super::*;

    #[test]
    fn every_stage_and_phase_has_its_value_in_the_schema() {
        for stage in Stage::ALL {
            assert_eq!(stage_token(stage_of(stage.token())), stage.token());
            let phase = named("PHASE", stage.phase().token(), record::Phase::from_str_name);
            assert_eq!(phase_token(phase), stage.phase().token());
        }
    }
}
