//! Forms of judgements on identity.

use std::collections::BTreeSet;

use ltr_domain::ids::RecordId;
use ltr_domain::judgement::{
    Answer, Assurance, DecidedBy, Judged, Judgement, LinkDecided, LinkDecision, LinkMatched, MatchVerdict,
    Pair, Parts, Regrouping, RegroupingRequested, RequestAnswered,
};
use ltr_domain::observation::MessageRef;
use ltr_domain::time::RecordedAt;

use super::fault::Fault;
use super::fields::Raw;
use super::stated::{Wired, read_fields, required};
use crate::event as wire;
use crate::event::log_message::Body;
use crate::event::regrouping_requested::Regrouping as Asked;

/// The score of two records that are alike in everything that is compared.
const SCORE_MAX: u32 = 1_000;

/// The body of a judgement's message.
pub(super) fn judgement_to_form(judgement: &Judgement) -> Body {
    let previous = judgement.previous.as_ref().map(Wired::to_form);
    match &judgement.judged {
        Judged::Matched(matched) => Body::LinkMatched(wire::LinkMatched {
            pair: Some(matched.pair.to_form()),
            score: matched.score,
            rule_version: matched.rule_version,
            rules: matched.rules.clone(),
            verdict: matched.verdict.to_form(),
            previous,
        }),
        Judged::Decided(decided) => Body::LinkDecided(wire::LinkDecided {
            pair: Some(decided.pair.to_form()),
            decision: decided.decision.to_form(),
            by: Some(decided.by.to_form()),
            decides: decided.decides.as_ref().map(Wired::to_form),
            previous,
        }),
        Judged::Requested(requested) => Body::RegroupingRequested(wire::RegroupingRequested {
            regrouping: Some(match &requested.regrouping {
                Regrouping::Join(pair) => Asked::Join(pair.to_form()),
                Regrouping::Split(parts) => Asked::Split(parts.to_form()),
            }),
            by: Some(requested.by.to_form()),
            previous,
        }),
        Judged::Answered(answered) => Body::RequestAnswered(wire::RequestAnswered {
            subject: Some(answered.subject.to_form()),
            request: Some(answered.request.to_form()),
            answer: answered.answer.to_form(),
            by: Some(answered.by.to_form()),
            previous,
        }),
    }
}

/// Reads the body with that number, 9 to 12.
pub(super) fn read_judgement(number: u32, raw: Raw<'_>, recorded_at: RecordedAt) -> Result<Judgement, Fault> {
    let (judged, previous) = match number {
        9 => read_matched(raw)?,
        10 => read_decided(raw)?,
        11 => read_requested(raw)?,
        _ => read_answered(raw)?,
    };
    Ok(Judgement {
        judged,
        previous,
        recorded_at,
    })
}

type Read = Result<(Judged, Option<MessageRef>), Fault>;

fn read_matched(raw: Raw<'_>) -> Read {
    read_fields!(raw.fields("LinkMatched")?, "LinkMatched" {
        1 => pair,
        2 => score,
        3 => rule_version,
        5 => verdict,
        6 => previous,
        repeated { 4 => rules, }
    });
    let score = required(score, "LinkMatched.score")?;
    if score > SCORE_MAX {
        return Err(Fault::invalid("LinkMatched.score"));
    }
    let matched = LinkMatched {
        pair: required(pair, "LinkMatched.pair")?,
        score,
        rule_version: required(rule_version, "LinkMatched.rule_version")?,
        rules,
        verdict: required(verdict, "LinkMatched.verdict")?,
    };
    Ok((Judged::Matched(matched), previous))
}

fn read_decided(raw: Raw<'_>) -> Read {
    read_fields!(raw.fields("LinkDecided")?, "LinkDecided" {
        1 => pair,
        2 => decision,
        3 => by,
        4 => decides,
        5 => previous,
    });
    let decided = LinkDecided {
        pair: required(pair, "LinkDecided.pair")?,
        decision: required(decision, "LinkDecided.decision")?,
        by: required(by, "LinkDecided.by")?,
        decides,
    };
    Ok((Judged::Decided(decided), previous))
}

fn read_requested(raw: Raw<'_>) -> Read {
    const REGROUPING: &str = "RegroupingRequested.regrouping";
    let (mut regrouping, mut by, mut previous, mut unknown) = (None, None, None, None);
    let mut fields = raw.fields("RegroupingRequested")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => regrouping = Some(Regrouping::Join(Wired::read(raw, "RegroupingRequested.join")?)),
            2 => regrouping = Some(Regrouping::Split(Wired::read(raw, "RegroupingRequested.split")?)),
            3 => by = Some(Wired::read(raw, "RegroupingRequested.by")?),
            4 => previous = Some(Wired::read(raw, "RegroupingRequested.previous")?),
            number => unknown = Some(number),
        }
    }
    let requested = RegroupingRequested {
        regrouping: regrouping.ok_or_else(|| Fault::unknown_arm(REGROUPING, unknown))?,
        by: required(by, "RegroupingRequested.by")?,
    };
    Ok((Judged::Requested(requested), previous))
}

fn read_answered(raw: Raw<'_>) -> Read {
    read_fields!(raw.fields("RequestAnswered")?, "RequestAnswered" {
        1 => subject,
        2 => request,
        3 => answer,
        4 => by,
        5 => previous,
    });
    let answered = RequestAnswered {
        subject: required(subject, "RequestAnswered.subject")?,
        request: required(request, "RequestAnswered.request")?,
        answer: required(answer, "RequestAnswered.answer")?,
        by: required(by, "RequestAnswered.by")?,
    };
    Ok((Judged::Answered(answered), previous))
}

impl Wired for Pair {
    type Form = wire::RecordPair;

    fn to_form(&self) -> wire::RecordPair {
        wire::RecordPair {
            lesser: Some(self.lesser().to_form()),
            greater: Some(self.greater().to_form()),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "RecordPair" {
            1 => lesser,
            2 => greater,
        });
        let lesser: RecordId = required(lesser, "RecordPair.lesser")?;
        let greater = required(greater, "RecordPair.greater")?;
        if lesser >= greater {
            return Err(Fault::invalid("RecordPair.greater"));
        }
        Self::of(lesser, greater).ok_or(Fault::invalid("RecordPair.greater"))
    }
}

impl Wired for Parts {
    type Form = wire::RecordParts;

    fn to_form(&self) -> wire::RecordParts {
        wire::RecordParts {
            cut_off: self.cut_off().iter().map(Wired::to_form).collect(),
            staying: self.staying().iter().map(Wired::to_form).collect(),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "RecordParts" {
            repeated { 1 => cut_off, 2 => staying, }
        });
        let cut_off = ascending(cut_off, "RecordParts.cut_off")?;
        let staying = ascending(staying, "RecordParts.staying")?;
        Self::of(cut_off, staying).ok_or(Fault::invalid("RecordParts.staying"))
    }
}

/// A list that nobody writes in another order.
fn ascending(records: Vec<RecordId>, field: &'static str) -> Result<BTreeSet<RecordId>, Fault> {
    if records.is_sorted_by(|one, next| one < next) {
        Ok(records.into_iter().collect())
    } else {
        Err(Fault::invalid(field))
    }
}

impl Wired for DecidedBy {
    type Form = wire::DecidedBy;

    fn to_form(&self) -> wire::DecidedBy {
        wire::DecidedBy {
            actor: self.actor.clone(),
            assurance: self.assurance.to_form(),
            reason: self.reason.clone(),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "DecidedBy" {
            1 => actor,
            2 => assurance,
            3 => reason,
        });
        Ok(Self {
            actor: required(actor, "DecidedBy.actor")?,
            assurance: required(assurance, "DecidedBy.assurance")?,
            reason: required(reason, "DecidedBy.reason")?,
        })
    }
}

/// Words of ours that travel as numbers.
macro_rules! words {
    ($($type:ident as $form:ident { $($word:ident),* })*) => {$(
        impl Wired for $type {
            type Form = i32;

            fn to_form(&self) -> i32 {
                match self {
                    $(Self::$word => wire::$form::$word.into(),)*
                }
            }

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                let number = raw.int32(field)?;
                match wire::$form::try_from(number) {
                    $(Ok(wire::$form::$word) => Ok(Self::$word),)*
                    Ok(wire::$form::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
                }
            }
        }
    )*};
}
words! {
    Assurance as Assurance { RecordsCompared, SourceConfirmed, DocumentsSeen }
    MatchVerdict as MatchVerdict { Proposed, Asserted, Withdrawn }
    LinkDecision as LinkDecision { Confirm, Reject, Retract }
    Answer as RequestAnswer { Approve, Refuse, Withdraw }
}
