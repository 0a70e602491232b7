//! Judgements on identity as JSON.

use ltr_domain::judgement::{DecidedBy, Judged, Judgement, Pair, Regrouping};
use serde_json::{Map, Value, json};

use super::{Shown, object, put};

/// The name of the message and its fields.
pub(super) fn shown_judgement(judgement: &Judgement) -> (&'static str, Map<String, Value>) {
    let (name, mut object) = match &judgement.judged {
        Judged::Matched(matched) => (
            "link_matched",
            object([
                ("pair", matched.pair.shown()),
                ("verdict", matched.verdict.token().into()),
                ("score", matched.score.shown()),
                ("rules", matched.rules.shown()),
                ("rule_version", matched.rule_version.shown()),
            ]),
        ),
        Judged::Decided(decided) => (
            "link_decided",
            object([
                ("pair", decided.pair.shown()),
                ("decision", decided.decision.token().into()),
                ("by", decided.by.shown()),
                ("decides", decided.decides.shown()),
            ]),
        ),
        Judged::Requested(requested) => {
            let asked_for = match &requested.regrouping {
                Regrouping::Join(pair) => ("join", pair.shown()),
                Regrouping::Split(parts) => (
                    "split",
                    json!({
                        "cut_off": parts.cut_off().iter().map(Shown::shown).collect::<Vec<_>>(),
                        "staying": parts.staying().iter().map(Shown::shown).collect::<Vec<_>>(),
                    }),
                ),
            };
            (
                "regrouping_requested",
                object([asked_for, ("by", requested.by.shown())]),
            )
        }
        Judged::Answered(answered) => (
            "request_answered",
            object([
                ("subject", answered.subject.shown()),
                ("request", answered.request.shown()),
                ("answer", answered.answer.token().into()),
                ("by", answered.by.shown()),
            ]),
        ),
    };
    put(&mut object, "previous", &judgement.previous);
    (name, object)
}

impl Shown for Pair {
    fn shown(&self) -> Value {
        self.records().map(Shown::shown).collect()
    }
}

impl Shown for DecidedBy {
    fn shown(&self) -> Value {
        json!({
            "actor": self.actor,
            "assurance": self.assurance.token(),
            "reason": self.reason,
        })
    }
}
