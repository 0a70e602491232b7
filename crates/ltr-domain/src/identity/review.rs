//! What an operator is to look at: proposals of rules, requests that wait for a second person, links that were refused,
//! and links that are suspect; each with its evidence.

use std::collections::BTreeSet;

use super::{RefusedLink, Request, Rulings};
use crate::event::LinkStrength;
use crate::ids::RecordId;
use crate::judgement::{DecidedBy, LinkMatched, Pair};
use crate::observation::Position;
use crate::teacher::SuspectLink;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// Rules propose that two records are one person's: confirm or reject.
    Proposal {
        /// Where the match stands on the log.
        position: Position,
        /// What the rules found.
        matched: LinkMatched,
    },
    /// A join or split waits for somebody else: approve or refuse.
    Request(Request),
    /// A link would bring together what is held apart: correct the source, or join again.
    Refused {
        /// The link.
        link: RefusedLink,
        /// Who asked for the split that holds its ends apart, where it is one.
        split_by: Option<DecidedBy>,
    },
    /// A record of TRS may be somebody else's: confirm the pair, or split.
    Suspect(SuspectLink),
}

impl Review {
    /// The name of its kind in the API, SQL and docs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Proposal { .. } => "proposal",
            Self::Request(_) => "request",
            Self::Refused { .. } => "refused",
            Self::Suspect(_) => "suspect",
        }
    }

    /// Every record that it is about.
    #[must_use]
    pub fn records(&self) -> BTreeSet<&RecordId> {
        match self {
            Self::Proposal { matched, .. } => matched.pair.records().collect(),
            Self::Request(request) => request.asked.regrouping.records(),
            Self::Refused { link, .. } => BTreeSet::from([&link.from, &link.to]),
            Self::Suspect(link) => BTreeSet::from([&link.trainee, &link.trs_person]),
        }
    }

    /// What names it for ever: the request of a sequence, or a kind and two records.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Request(request) => format!("request {}", request.position.sequence),
            Self::Proposal { .. } | Self::Refused { .. } | Self::Suspect(_) => {
                let records: Vec<String> = self.records().iter().map(ToString::to_string).collect();
                format!("{} {}", self.kind(), records.join(" "))
            }
        }
    }
}

/// What is to be looked at, of these judgements and refused links.
#[must_use]
pub fn reviews(rulings: &Rulings, refused: &[RefusedLink], suspects: Vec<SuspectLink>) -> Vec<Review> {
    let proposals = rulings.pairs().filter_map(|(_, ruling)| {
        let (position, matched) = ruling.open_proposal()?;
        Some(Review::Proposal {
            position: *position,
            matched: matched.clone(),
        })
    });
    let requests = rulings.requests().values().filter(|request| request.is_open());
    // That a split overrules an operator's earlier join is what it was asked for.
    let overruling = |link: &&RefusedLink| link.strength != LinkStrength::Operator;
    // Links come strongest first: of several between the same two, the one to be put right at its source.
    let mut told = BTreeSet::new();
    let mut first = |link: &&RefusedLink| match Pair::of(link.from.clone(), link.to.clone()) {
        Some(pair) => told.insert(pair),
        None => true,
    };
    let to_tell: Vec<&RefusedLink> = refused
        .iter()
        .filter(overruling)
        .filter(|link| first(link))
        .collect();
    let refused = to_tell.into_iter().map(|link| {
        let split = rulings.split_between(link.apart.lesser(), link.apart.greater());
        Review::Refused {
            link: link.clone(),
            split_by: split.map(|request| request.asked.by.clone()),
        }
    });
    proposals
        .chain(requests.cloned().map(Review::Request))
        .chain(refused)
        .chain(suspects.into_iter().map(Review::Suspect))
        .collect()
}
