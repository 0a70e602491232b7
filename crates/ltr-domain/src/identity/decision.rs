//! The judgements that took effect, as explanations tell them: who decided, how surely, why, and who approved.

use std::collections::BTreeSet;

use super::Rulings;
use crate::ids::RecordId;
use crate::judgement::{Answer, DecidedBy, Judged, MatchVerdict, Regrouping};
use crate::observation::Position;

/// A decision by which an answer is explained.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// Where it took effect: of a join or a split, where it was approved.
    pub position: Position,
    /// What it is: `confirm`, `reject`, `retract`, `join`, `split`, or of rules `asserted` or `withdrawn`.
    pub what: &'static str,
    /// Which records it names, in the order of ids.
    pub records: Vec<RecordId>,
    /// Who decided, how surely and why; `None`: rules did.
    pub by: Option<DecidedBy>,
    /// Who approved it, where that takes a second.
    pub approved_by: Option<DecidedBy>,
}

/// The judgements that took effect, in the order of the log: of joins and splits the approvals.
#[must_use]
pub fn decisions(judgements: &[(Position, Judged)]) -> Vec<Decision> {
    let rulings = Rulings::of(judgements.iter().map(|(position, judged)| (*position, judged)));
    let named = |records: BTreeSet<&RecordId>| records.into_iter().cloned().collect();
    let decision = |(position, judged): &(Position, Judged)| {
        if rulings.findings().contains_key(&position.sequence) {
            return None;
        }
        let (what, records, by, approved_by) = match judged {
            Judged::Matched(matched) if matched.verdict == MatchVerdict::Proposed => return None,
            Judged::Matched(matched) => (matched.verdict.token(), named(judged.records()), None, None),
            Judged::Decided(decided) => {
                let by = Some(decided.by.clone());
                (decided.decision.token(), named(judged.records()), by, None)
            }
            Judged::Requested(_) => return None,
            Judged::Answered(answered) if answered.answer != Answer::Approve => return None,
            Judged::Answered(answered) => {
                let request = rulings.requests().get(&answered.request.sequence)?;
                let what = match request.asked.regrouping {
                    Regrouping::Join(_) => "join",
                    Regrouping::Split(_) => "split",
                };
                let by = Some(request.asked.by.clone());
                let records = named(request.asked.regrouping.records());
                (what, records, by, Some(answered.by.clone()))
            }
        };
        Some(Decision {
            position: *position,
            what,
            records,
            by,
            approved_by,
        })
    };
    judgements.iter().filter_map(decision).collect()
}
