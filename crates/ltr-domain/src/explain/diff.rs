//! What differs between two answers, and what made the difference: found by recomputing with one ingredient swapped at
//! a time, always in this order:
//!
//! 1. *identity*: the records that belong to the person, as far as they had been observed by the earlier known time, and
//!    what was judged of them;
//! 2. *evidence*: the messages that became known in between, one after the other in the order of the log, each of them
//!    new evidence, a correction or a late arrival;
//! 3. *policy*;
//! 4. *time*: the effective day, the day up to which it was listened, and what was heard of the feeds by then.
//!
//! The walk begins at the one answer and ends at the other, so the causes of a field explain all of its difference. A
//! step that changes a field is a cause of it even where a later step changes it again.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::lifetime::{Folds, Lifetime, Moment, Told, answer_of, folds};
use crate::event::{ChangeKind, Event};
use crate::fold;
use crate::identity::Decision;
use crate::ids::RecordId;
use crate::observation::Position;
use crate::teacher::TeacherRecord;
use crate::time::{Basis, KnownAt};

/// What made an answer another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Records were joined to the person or taken from them, or somebody judged whose they are.
    Identity {
        /// Records that belong to the person now.
        joined: Vec<RecordId>,
        /// Records that no longer do.
        left: Vec<RecordId>,
        /// The judgements that took effect in between.
        decisions: Vec<Decision>,
    },
    /// A message told something new.
    NewEvidence(MessageOf),
    /// A message took something back or put it right.
    Correction(MessageOf),
    /// A message told of what had been so before the earlier known time.
    LateArrival(MessageOf),
    /// Another version of the policy.
    Policy {
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// Another day is asked about, or time has passed in which nothing was said of this person.
    Time {
        /// Before.
        from: Date,
        /// After.
        to: Date,
    },
}

impl Cause {
    /// The name used in the API and docs.
    #[must_use]
    pub fn token(&self) -> &'static str {
        match self {
            Self::Identity { .. } => "identity",
            Self::NewEvidence(_) => "new_evidence",
            Self::Correction(_) => "correction",
            Self::LateArrival(_) => "late_arrival",
            Self::Policy { .. } => "policy",
            Self::Time { .. } => "time",
        }
    }

    /// The message it names, where it names one.
    #[must_use]
    pub fn message(&self) -> Option<&MessageOf> {
        match self {
            Self::NewEvidence(message) | Self::Correction(message) | Self::LateArrival(message) => {
                Some(message)
            }
            Self::Identity { .. } | Self::Policy { .. } | Self::Time { .. } => None,
        }
    }
}

/// A message that made a difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageOf {
    /// About which record.
    pub record: RecordId,
    /// Where it stands on the log.
    pub position: Position,
    /// The names of its events, in order.
    pub events: Vec<&'static str>,
}

/// One field of the answer that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// Which field, such as `facts.training.certainty`.
    pub field: &'static str,
    /// Its value before; empty: none.
    pub before: String,
    /// Its value after; empty: none.
    pub after: String,
    /// What made the difference, in the order in which the ingredients were swapped. Never empty.
    pub causes: Vec<Cause>,
}

/// Two answers and what lies between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The one answer.
    pub before: TeacherRecord,
    /// The other.
    pub after: TeacherRecord,
    /// The fields that differ.
    pub fields: Vec<FieldDifference>,
}

/// What differs between the answers at two moments, and why.
///
/// `after` must not know less than `before`; what it knows less is taken for known.
#[must_use]
pub fn diff(lifetime: &Lifetime, before: Moment<'_>, after: Moment<'_>) -> Difference {
    let steps = walk(lifetime, before, after);
    let mut fields: Vec<FieldDifference> = Vec::new();
    let first = lifetime.answer(before);
    let last = lifetime.answer(after);
    for (index, (field, value)) in fields_of(&first).into_iter().enumerate() {
        let mut causes = Vec::new();
        let mut held = value.clone();
        for (cause, step) in &steps {
            if step[index] != held {
                held.clone_from(&step[index]);
                causes.push(cause.clone());
            }
        }
        if held != value {
            fields.push(FieldDifference {
                field,
                before: value,
                after: held,
                causes,
            });
        }
    }
    Difference {
        before: first,
        after: last,
        fields,
    }
}

/// The steps from one moment to another, each with its cause and the fields of the answer after it.
fn walk(lifetime: &Lifetime, before: Moment<'_>, after: Moment<'_>) -> Vec<(Cause, Vec<String>)> {
    let mut steps = Vec::new();
    let known = after.known_at.max(before.known_at);
    let held = lifetime.records_at(before.known_at);
    let records = lifetime.records_at(after.known_at);
    let mut at = before;
    let mut belief = folds(lifetime.told_of(records.clone(), before.known_at));
    let mut step = |cause, belief: &Folds, at: Moment<'_>| {
        steps.push((cause, values_of(&answer_of(belief, at))));
    };

    let observed: BTreeSet<&RecordId> = lifetime
        .told_of(held.union(&records).copied().collect(), before.known_at)
        .map(|told| &told.observation.record)
        .collect();
    let only_in = |a: &BTreeSet<&RecordId>, b: &BTreeSet<&RecordId>| -> Vec<RecordId> {
        let only = a.difference(b).filter(|record| observed.contains(*record));
        only.map(|record| (*record).clone()).collect()
    };
    let (joined, left) = (only_in(&records, &held), only_in(&held, &records));
    // From here on it is told with what is judged by the later known time.
    lifetime.lay(&mut belief, known);
    let mut decisions = lifetime.decisions_at(known);
    decisions.extend(lifetime.decisions_of(&held, known));
    decisions.sort();
    decisions.dedup();
    decisions.retain(|one| one.position.known_at > before.known_at);
    if !joined.is_empty() || !left.is_empty() || !decisions.is_empty() {
        let cause = Cause::Identity {
            joined,
            left,
            decisions,
        };
        step(cause, &belief, at);
    }

    for told in lifetime.told_of(records, known) {
        if told.position.known_at > before.known_at {
            fold::take(&mut belief, &told.observation, told.position);
            lifetime.lay(&mut belief, known);
            step(cause_of(told, before.known_at), &belief, at);
        }
    }

    if before.policy != after.policy {
        at.policy = after.policy;
        let cause = Cause::Policy {
            from: before.policy.version,
            to: after.policy.version,
        };
        step(cause, &belief, at);
    }
    let asked_on_another_day = before.effective_on != after.effective_on;
    if asked_on_another_day || before.known_on != after.known_on || before.hearing != after.hearing {
        // Silence is a matter of time: nobody said anything of this person.
        at = Moment {
            known_at: at.known_at,
            ..after
        };
        let (from, to) = if asked_on_another_day {
            (before.effective_on, after.effective_on)
        } else {
            (before.known_on, after.known_on)
        };
        step(Cause::Time { from, to }, &belief, at);
    }
    steps
}

/// What kind of cause a message is, for somebody who knew everything up to `earlier`.
fn cause_of(told: &Told, earlier: KnownAt) -> Cause {
    let events = &told.observation.events;
    let message = MessageOf {
        record: told.observation.record.clone(),
        position: told.position,
        events: events.iter().map(|event| event.fact.name()).collect(),
    };
    let corrects = |event: &Event| match event.kind {
        ChangeKind::Corrected | ChangeKind::Reversed => true,
        ChangeKind::FirstSeen
        | ChangeKind::Changed
        | ChangeKind::Vanished
        | ChangeKind::Reappeared
        | ChangeKind::Late => event.supersedes.is_some(),
    };
    // A day that was only observed says nothing of when it was so.
    let is_late = |event: &Event| {
        let dated = match event.effective.basis {
            Basis::Stated | Basis::Inferred => true,
            Basis::Observed => false,
        };
        event.kind == ChangeKind::Late || (dated && event.effective.on < earlier.london_date())
    };
    if events.iter().any(corrects) {
        Cause::Correction(message)
    } else if events.iter().any(is_late) {
        Cause::LateArrival(message)
    } else {
        Cause::NewEvidence(message)
    }
}

fn values_of(answer: &TeacherRecord) -> Vec<String> {
    fields_of(answer).into_iter().map(|(_, value)| value).collect()
}

/// Every field of an answer, always the same ones in the same order.
fn fields_of(answer: &TeacherRecord) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("stage", answer.headline.stage.token().to_owned()),
        ("phase", answer.phase().token().to_owned()),
    ];
    macro_rules! resolution {
        ($name:literal, $of:expr) => {{
            let of = &$of;
            let source = of.source().map(|source| source.token().to_owned());
            let caveats: Vec<_> = of.caveats.iter().map(|caveat| caveat.token()).collect();
            fields.push((concat!($name, ".value"), of.value.to_owned()));
            fields.push((concat!($name, ".certainty"), of.certainty.token().to_owned()));
            fields.push((concat!($name, ".caveats"), caveats.join(", ")));
            fields.push((concat!($name, ".source"), source.unwrap_or_default()));
            fields.push((concat!($name, ".reason"), of.reason.to_owned()));
            fields.push((concat!($name, ".since"), optional(of.since)));
        }};
    }
    resolution!("headline", answer.headline.resolution);
    resolution!("facts.qualified_status", answer.facts.qualified_status);
    resolution!("facts.training", answer.facts.training);
    resolution!("facts.induction", answer.facts.induction);
    resolution!("facts.employment", answer.facts.employment);
    resolution!("facts.restriction", answer.facts.restriction);
    let merged = answer
        .merged
        .iter()
        .map(|(trn, into)| format!("{trn} into {into}"));
    fields.extend([
        ("trn", optional(answer.trn)),
        ("trns", joined(answer.trns.iter())),
        ("merged_trns", joined(merged)),
        ("standing", answer.standing.token().to_owned()),
        ("review_on", optional(answer.review_on)),
        (
            "findings",
            joined(answer.findings.iter().map(|finding| finding.token())),
        ),
        ("records", joined(answer.records.iter())),
        ("policy_version", answer.policy_version.to_string()),
    ]);
    fields.retain(|(name, _)| *name != "headline.value");
    fields
}

fn optional(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn joined(values: impl Iterator<Item = impl ToString>) -> String {
    let all: Vec<String> = values.map(|value| value.to_string()).collect();
    all.join(", ")
}
