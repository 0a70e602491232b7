//! What waits for an operator, as it is stored and served.

use bytes::Bytes;
use ltr_domain::identity::Review;
use ltr_domain::ids::RecordId;
use ltr_domain::judgement::{DecidedBy, Regrouping};
use ltr_domain::observation::Position;
use prost::Message;

use crate::record;
use crate::record::review::Evidence;
use crate::view::timestamp;

/// One thing that waits, since when, with its evidence.
#[must_use]
pub fn review(review: &Review, since: Position) -> record::Review {
    record::Review {
        id: review.id(),
        kind: review.kind().to_owned(),
        records: review.records().into_iter().map(ToString::to_string).collect(),
        since: Some(timestamp(since.known_at.0)),
        sequence: since.sequence,
        evidence: Some(evidence(review)),
    }
}

/// The same, encoded.
#[must_use]
pub fn encoded(of: &Review, since: Position) -> Bytes {
    review(of, since).encode_to_vec().into()
}

fn evidence(review: &Review) -> Evidence {
    match review {
        Review::Proposal { matched, .. } => Evidence::Match(record::MatchEvidence {
            score: matched.score,
            rule_version: matched.rule_version,
            rules: matched.rules.clone(),
        }),
        Review::Request(request) => {
            let (what, cut_off, staying) = match &request.asked.regrouping {
                Regrouping::Join(_) => ("join", Vec::new(), Vec::new()),
                Regrouping::Split(parts) => ("split", names(parts.cut_off()), names(parts.staying())),
            };
            Evidence::Request(record::RequestEvidence {
                what: what.to_owned(),
                cut_off,
                staying,
                by: Some(decided_by(&request.asked.by)),
            })
        }
        Review::Refused { link, split_by } => Evidence::Refused(record::RefusedEvidence {
            from: link.from.to_string(),
            to: link.to.to_string(),
            strength: link.strength.token().to_owned(),
            apart: names(link.apart.records()),
            split_by: split_by.as_ref().map(decided_by),
        }),
        Review::Suspect(link) => Evidence::Suspect(record::SuspectEvidence {
            trainee: link.trainee.to_string(),
            trs_person: link.trs_person.to_string(),
            qualified_on: link.qualified_on.to_string(),
            begins_on: link.begins_on.to_string(),
        }),
    }
}

fn names<'a>(records: impl IntoIterator<Item = &'a RecordId>) -> Vec<String> {
    records.into_iter().map(ToString::to_string).collect()
}

fn decided_by(by: &DecidedBy) -> record::DecidedBy {
    record::DecidedBy {
        actor: by.actor.clone(),
        assurance: by.assurance.token().to_owned(),
        reason: by.reason.clone(),
    }
}
