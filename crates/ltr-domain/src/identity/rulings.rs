//! What judgements amount to by a known time: for each pair what rules and operators say of it, for each request whether
//! it is in effect. Folding never fails: a judgement that nobody may make is a finding and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::LinkStrength;
use crate::ids::RecordId;
use crate::judgement::{
    Answer, Judged, LinkDecided, LinkDecision, LinkMatched, MatchVerdict, Pair, Parts, Regrouping,
    RegroupingRequested, RequestAnswered,
};
use crate::observation::Position;

/// Judgements folded in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rulings {
    pairs: BTreeMap<Pair, PairRuling>,
    requests: BTreeMap<u64, Request>,
    /// What is odd, by the sequence of the judgement.
    findings: BTreeMap<u64, JudgementFinding>,
    /// Where each record occurs.
    of_record: BTreeMap<RecordId, Places>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Places {
    pairs: BTreeSet<Pair>,
    requests: BTreeSet<u64>,
}

/// What is said of one pair.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PairRuling {
    /// The last word of the rules.
    pub matched: Option<(Position, LinkMatched)>,
    /// The decision in force; never a retraction.
    pub decided: Option<(Position, LinkDecided)>,
    /// Whether a match backed the confirmation in force: the rules said so when it was given, or later.
    backed: bool,
}

/// A request for a join or a split, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where it stands on the log.
    pub position: Position,
    /// What is asked for, by whom.
    pub asked: RegroupingRequested,
    /// The answer that took effect.
    pub answered: Option<(Position, RequestAnswered)>,
}

/// Something odd about a judgement. Never an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JudgementFinding {
    /// Somebody approved a request of their own.
    ApprovedByRequester,
    /// Somebody withdrew a request of another's.
    WithdrawnByAnother,
    /// The request had been answered already.
    AnsweredAlready,
    /// There is no such request.
    NoSuchRequest,
    /// There is no such decision to take back.
    NothingToRetract,
}

impl JudgementFinding {
    /// The name used in logs and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::ApprovedByRequester => "approved_by_requester",
            Self::WithdrawnByAnother => "withdrawn_by_another",
            Self::AnsweredAlready => "answered_already",
            Self::NoSuchRequest => "no_such_request",
            Self::NothingToRetract => "nothing_to_retract",
        }
    }
}

impl Request {
    /// Where it took effect; `None`: it has none, or not yet.
    #[must_use]
    pub fn approved_at(&self) -> Option<Position> {
        let (position, answered) = self.answered.as_ref()?;
        (answered.answer == Answer::Approve).then_some(*position)
    }

    /// Whether it waits for an answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.answered.is_none()
    }
}

impl PairRuling {
    /// The match that an operator is still to look at.
    #[must_use]
    pub fn open_proposal(&self) -> Option<&(Position, LinkMatched)> {
        let proposed = self
            .matched
            .as_ref()
            .filter(|(_, matched)| matched.verdict == MatchVerdict::Proposed);
        proposed.filter(|_| self.decided.is_none())
    }

    /// Whether the decision in force is that one.
    #[must_use]
    pub fn is(&self, decision: LinkDecision) -> bool {
        self.decided
            .as_ref()
            .is_some_and(|(_, decided)| decided.decision == decision)
    }

    /// What rules say of the pair, unless they withdrew it.
    #[must_use]
    pub fn standing_match(&self) -> Option<&(Position, LinkMatched)> {
        self.matched
            .as_ref()
            .filter(|(_, matched)| matched.verdict != MatchVerdict::Withdrawn)
    }

    fn is_asserted(&self) -> bool {
        self.matched
            .as_ref()
            .is_some_and(|(_, matched)| matched.verdict == MatchVerdict::Asserted)
    }
}

/// Against which links two records are held apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Against {
    /// Against matches: an operator rejected one.
    Matches,
    /// Against every link: they were split.
    EveryLink,
}

impl Rulings {
    /// Judgements folded in the order of the log.
    #[must_use]
    pub fn of<'a>(judgements: impl IntoIterator<Item = (Position, &'a Judged)>) -> Self {
        let mut ordered: Vec<_> = judgements.into_iter().collect();
        ordered.sort_by_key(|(position, _)| *position);
        ordered.dedup_by_key(|(position, _)| *position);
        let mut rulings = Self::default();
        for (position, judged) in ordered {
            rulings.apply(position, judged);
        }
        rulings
    }

    /// Whether nobody ever judged anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.requests.is_empty()
    }

    /// Folds one more judgement, later on the log than all before.
    pub fn apply(&mut self, position: Position, judged: &Judged) {
        let finding = match judged {
            Judged::Matched(matched) => {
                let ruling = self.pair(&matched.pair);
                ruling.matched = Some((position, matched.clone()));
                ruling.backed |= ruling.standing_match().is_some();
                None
            }
            Judged::Decided(decided) => self.decide(position, decided),
            Judged::Requested(asked) => {
                for record in asked.regrouping.records() {
                    let places = self.of_record.entry(record.clone()).or_default();
                    places.requests.insert(position.sequence);
                }
                let request = Request {
                    position,
                    asked: asked.clone(),
                    answered: None,
                };
                self.requests.insert(position.sequence, request);
                None
            }
            Judged::Answered(answered) => self.answer(position, answered),
        };
        if let Some(finding) = finding {
            self.findings.insert(position.sequence, finding);
        }
    }

    fn pair(&mut self, pair: &Pair) -> &mut PairRuling {
        for record in pair.records() {
            let places = self.of_record.entry(record.clone()).or_default();
            places.pairs.insert(pair.clone());
        }
        self.pairs.entry(pair.clone()).or_default()
    }

    fn decide(&mut self, position: Position, decided: &LinkDecided) -> Option<JudgementFinding> {
        let ruling = self.pair(&decided.pair);
        match decided.decision {
            LinkDecision::Confirm | LinkDecision::Reject => {
                ruling.backed = ruling.standing_match().is_some();
                ruling.decided = Some((position, decided.clone()));
                None
            }
            LinkDecision::Retract => {
                let held = ruling.decided.as_ref().map(|(held, _)| held.sequence);
                let meant = decided.decides.map(|decision| decision.sequence);
                if held.is_none() || meant.is_some_and(|meant| held != Some(meant)) {
                    return Some(JudgementFinding::NothingToRetract);
                }
                ruling.decided = None;
                None
            }
        }
    }

    fn answer(&mut self, position: Position, answered: &RequestAnswered) -> Option<JudgementFinding> {
        let Some(request) = self.requests.get_mut(&answered.request.sequence) else {
            return Some(JudgementFinding::NoSuchRequest);
        };
        let is_requester = request.asked.by.is_same_actor(&answered.by);
        match (answered.answer, is_requester) {
            _ if !request.is_open() => Some(JudgementFinding::AnsweredAlready),
            (Answer::Approve, true) => Some(JudgementFinding::ApprovedByRequester),
            (Answer::Withdraw, false) => Some(JudgementFinding::WithdrawnByAnother),
            (Answer::Approve, false) | (Answer::Withdraw, true) | (Answer::Refuse, _) => {
                request.answered = Some((position, answered.clone()));
                None
            }
        }
    }

    /// What is odd, by the sequence of the judgement.
    #[must_use]
    pub fn findings(&self) -> &BTreeMap<u64, JudgementFinding> {
        &self.findings
    }

    /// Every pair that was ever judged, with what is said of it.
    pub fn pairs(&self) -> impl Iterator<Item = (&Pair, &PairRuling)> {
        self.pairs.iter()
    }

    /// What is said of a pair.
    #[must_use]
    pub fn of_pair(&self, pair: &Pair) -> Option<&PairRuling> {
        self.pairs.get(pair)
    }

    /// Every request ever made, by its sequence.
    #[must_use]
    pub fn requests(&self) -> &BTreeMap<u64, Request> {
        &self.requests
    }

    /// The links by judgement that a record has. A confirmation of what no rule matched is one only where `is_key` says
    /// that a key joins the two: alone nobody joins (that is a request, and takes a second person).
    pub(super) fn links<'a>(
        &'a self,
        record: &'a RecordId,
        is_key: impl Fn(&Pair) -> bool + 'a,
    ) -> impl Iterator<Item = (RecordId, LinkStrength)> + 'a {
        let places = self.of_record.get(record);
        let by_pair = places
            .into_iter()
            .flat_map(|places| &places.pairs)
            .filter_map(move |pair| {
                let ruling = self.pairs.get(pair)?;
                let strength = if ruling.is(LinkDecision::Confirm) && (ruling.backed || is_key(pair)) {
                    LinkStrength::Operator
                } else if ruling.is_asserted() && !ruling.is(LinkDecision::Reject) {
                    LinkStrength::Matched
                } else {
                    return None;
                };
                Some((other(pair, record), strength))
            });
        let by_request = places
            .into_iter()
            .flat_map(|places| &places.requests)
            .filter_map(move |sequence| {
                let request = self.requests.get(sequence)?;
                request.approved_at()?;
                match &request.asked.regrouping {
                    Regrouping::Join(pair) => Some((other(pair, record), LinkStrength::Operator)),
                    Regrouping::Split(_) => None,
                }
            });
        by_pair.chain(by_request)
    }

    /// Records that an operator confirmed to be about the same person as this one, or joined with it.
    #[must_use]
    pub fn confirmed_with(&self, record: &RecordId) -> BTreeSet<RecordId> {
        let everything = |_: &Pair| true;
        self.links(record, everything)
            .filter(|(_, strength)| *strength == LinkStrength::Operator)
            .map(|(other, _)| other)
            .collect()
    }

    /// From whom a record is held apart, and against which links.
    pub(super) fn apart_from(&self, record: &RecordId) -> Vec<(RecordId, Against)> {
        let Some(places) = self.of_record.get(record) else {
            return Vec::new();
        };
        let rejected = |pair: &&Pair| {
            let ruling = self.pairs.get(*pair);
            ruling.is_some_and(|ruling| ruling.is(LinkDecision::Reject))
        };
        let mut apart: Vec<(RecordId, Against)> = places
            .pairs
            .iter()
            .filter(rejected)
            .map(|pair| (other(pair, record), Against::Matches))
            .collect();
        for sequence in &places.requests {
            let Some(parts) = self.split_in_effect(*sequence) else {
                continue;
            };
            let others = if parts.cut_off().contains(record) {
                parts.staying()
            } else {
                parts.cut_off()
            };
            apart.extend(others.iter().map(|other| (other.clone(), Against::EveryLink)));
        }
        apart
    }

    /// The parts of a split that is in effect: approved, and not ended by a join approved later across it.
    fn split_in_effect(&self, sequence: u64) -> Option<&Parts> {
        let request = self.requests.get(&sequence)?;
        let since = request.approved_at()?;
        let Regrouping::Split(parts) = &request.asked.regrouping else {
            return None;
        };
        let ended = self.requests.values().any(|later| match &later.asked.regrouping {
            Regrouping::Join(pair) => {
                later.approved_at().is_some_and(|at| at > since) && parts.part(pair.lesser(), pair.greater())
            }
            Regrouping::Split(_) => false,
        });
        (!ended).then_some(parts)
    }

    /// The split in effect that runs between two records.
    #[must_use]
    pub fn split_between(&self, one: &RecordId, other: &RecordId) -> Option<&Request> {
        let places = self.of_record.get(one)?;
        let sequence = places.requests.iter().find(|sequence| {
            self.split_in_effect(**sequence)
                .is_some_and(|parts| parts.part(one, other))
        })?;
        self.requests.get(sequence)
    }
}

fn other(pair: &Pair, record: &RecordId) -> RecordId {
    let other = if pair.lesser() == record {
        pair.greater()
    } else {
        pair.lesser()
    };
    other.clone()
}
