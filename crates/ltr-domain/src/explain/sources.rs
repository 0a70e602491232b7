//! When the source of truth changed: the stretches in which the same source gave the same value just as surely, and why
//! each began. Along known time, or along effective time.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Question;
use super::diff::{Cause, diff};
use super::lifetime::{Folds, HeardBy, InForce, Lifetime, Moment, view_of};
use crate::fold::RecordFold;
use crate::hearing::ProviderName;
use crate::ids::{PersonId, Source};
use crate::resolution::{Certainty, Resolution};
use crate::teacher::providers;
use crate::time::{KnownAt, start_of_london_day};

/// Along which line of time the answer is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// What was answered at each known time about its own day.
    AsAnswered,
    /// What was believed at each known time about one day.
    AboutDay(Date),
    /// What is believed at one known time about each day up to this one.
    OverDays(Date),
}

/// Since when an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// Since an instant of known time.
    Known(KnownAt),
    /// Since a day of effective time.
    Effective(Date),
}

/// That from then on another source, value or certainty was the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceChange {
    /// Since when.
    pub since: Since,
    /// About whom, as the person was called then.
    pub person: PersonId,
    /// The answer until then; `None`: nobody had heard of the person.
    pub before: Option<Resolution>,
    /// The answer from then on.
    pub after: Resolution,
    /// Why. Empty only for the first answer along effective time.
    pub causes: Vec<Cause>,
}

/// Every change of the source of truth for one question, oldest first, knowing what was known at `known_at`.
#[must_use]
pub fn source_of_truth_changes(
    lifetime: &Lifetime,
    question: Question,
    (policies, heard): (&InForce<'_>, &HeardBy),
    line: Line,
    known_at: KnownAt,
) -> Vec<SourceChange> {
    let moments = match line {
        Line::AsAnswered => as_answered(lifetime, policies, heard, known_at),
        Line::AboutDay(day) => about_day(lifetime, policies, heard, day, known_at),
        Line::OverDays(until) => over_days(lifetime, policies, heard, known_at, until),
    };
    let mut changes: Vec<SourceChange> = Vec::new();
    let mut last: Option<(Moment<'_>, Resolution)> = None;
    for (since, at) in moments {
        let Some(person) = lifetime.person_at(at.known_at) else {
            continue;
        };
        let belief = lifetime.belief(at.known_at);
        if belief.is_empty() && last.is_none() {
            continue;
        }
        let after = decided(&belief, question, at);
        // Nothing to begin with: the first answer is the first that tells anything.
        let tells = !changes.is_empty() || after.certainty != Certainty::Unknown;
        let differs = last
            .as_ref()
            .is_none_or(|(_, held)| meaning(held) != meaning(&after));
        if tells && differs {
            let causes = match &last {
                Some((before, _)) => causes_between(lifetime, question, in_between(*before, at), at),
                None => first_causes(lifetime, question, since, at),
            };
            let before = last.filter(|_| !changes.is_empty()).map(|(_, held)| held);
            changes.push(SourceChange {
                since,
                person,
                before,
                after: after.clone(),
                causes,
            });
        }
        last = Some((at, after));
    }
    changes
}

/// The known times at which what had been heard of the feeds may matter to this person: when anything became known of
/// them, and every day between on which time alone may change the answer. Empty where no silence matters.
#[must_use]
pub fn listening_times(
    lifetime: &Lifetime,
    policies: &InForce<'_>,
    until: KnownAt,
) -> (BTreeSet<ProviderName>, BTreeSet<KnownAt>) {
    let belief = lifetime.belief(until);
    let records: Vec<&RecordFold> = belief.values().collect();
    let names = providers(&records);
    if names.is_empty() {
        return (names, BTreeSet::new());
    }
    let nothing = HeardBy::nothing();
    let moments = as_answered(lifetime, policies, &nothing, until);
    let mut times: BTreeSet<KnownAt> = moments
        .into_iter()
        .filter_map(|(since, _)| match since {
            Since::Known(at) => Some(at),
            Since::Effective(_) => None,
        })
        .collect();
    times.insert(until);
    (names, times)
}

/// What a stretch has in common.
fn meaning(answer: &Resolution) -> (&'static str, Certainty, Option<Source>) {
    (answer.value, answer.certainty, answer.source())
}

/// The last moment before `at`. Between two known times every day that matters has been asked about: what a message
/// changed is told of its own day, so that the day is no cause.
fn in_between<'p>(before: Moment<'p>, at: Moment<'p>) -> Moment<'p> {
    if before.known_at == at.known_at || before.effective_on == at.effective_on {
        return before;
    }
    Moment {
        effective_on: at.effective_on,
        known_on: at.known_on,
        ..before
    }
}

fn decided(belief: &Folds, question: Question, at: Moment<'_>) -> Resolution {
    let records: Vec<&RecordFold> = belief.values().collect();
    let view = view_of(&records, at);
    let fact = view
        .claims()
        .into_iter()
        .find(|resolved| Question::about(resolved.fact) == question);
    match fact {
        Some(resolved) => resolved.resolution,
        None => view.answer().headline.resolution,
    }
}

fn moment<'p>(
    policies: &InForce<'p>,
    heard: &'p HeardBy,
    known_at: KnownAt,
    effective_on: Date,
) -> Moment<'p> {
    Moment {
        effective_on,
        known_at,
        known_on: known_at.london_date(),
        policy: policies.at(known_at),
        hearing: heard.at(known_at),
    }
}

/// When anything became known that may change an answer.
fn known_times(lifetime: &Lifetime, policies: &InForce<'_>, until: KnownAt) -> Vec<KnownAt> {
    let mut steps = lifetime.steps(until);
    steps.extend(policies.steps().filter(|at| *at <= until));
    steps.into_iter().collect()
}

/// Every known time, and the beginning of the day itself: before it nothing is better than presumed.
fn about_day<'p>(
    lifetime: &Lifetime,
    policies: &InForce<'p>,
    heard: &'p HeardBy,
    day: Date,
    until: KnownAt,
) -> Vec<(Since, Moment<'p>)> {
    let times = known_times(lifetime, policies, until);
    let begins = KnownAt(start_of_london_day(day));
    let mut moments = Vec::with_capacity(times.len() + 1);
    for (index, at) in times.iter().enumerate() {
        let own = moment(policies, heard, *at, day);
        moments.push((Since::Known(*at), own));
        let next = times.get(index + 1).copied().unwrap_or(until);
        if *at < begins && begins < next {
            let on_the_day = Moment {
                known_on: day,
                hearing: heard.at(begins),
                ..own
            };
            moments.push((Since::Known(begins), on_the_day));
        }
    }
    moments
}

/// Every known time with its own day, and between them every day on which time alone may change the answer.
fn as_answered<'p>(
    lifetime: &Lifetime,
    policies: &InForce<'p>,
    heard: &'p HeardBy,
    until: KnownAt,
) -> Vec<(Since, Moment<'p>)> {
    let times = known_times(lifetime, policies, until);
    let mut moments = Vec::new();
    for (index, at) in times.iter().enumerate() {
        let own = moment(policies, heard, *at, at.london_date());
        moments.push((Since::Known(*at), own));
        let next = times.get(index + 1).copied();
        let belief = lifetime.belief(*at);
        let records: Vec<&RecordFold> = belief.values().collect();
        let days = view_of(&records, own).boundaries();
        let last = next.unwrap_or(until);
        for day in days.into_iter().filter(|day| *day > own.effective_on) {
            let begins = KnownAt(start_of_london_day(day));
            if begins > last {
                break;
            }
            let on_the_day = Moment {
                known_on: day,
                hearing: heard.at(begins),
                ..moment(policies, heard, *at, day)
            };
            moments.push((Since::Known(begins), on_the_day));
        }
    }
    moments
}

fn over_days<'p>(
    lifetime: &Lifetime,
    policies: &InForce<'p>,
    heard: &'p HeardBy,
    known_at: KnownAt,
    until: Date,
) -> Vec<(Since, Moment<'p>)> {
    let belief = lifetime.belief(known_at);
    let records: Vec<&RecordFold> = belief.values().collect();
    let own = moment(policies, heard, known_at, until);
    let days = view_of(&records, own).boundaries();
    days.into_iter()
        .filter(|day| *day <= until)
        .map(|day| {
            let at = Moment {
                effective_on: day,
                ..own
            };
            (Since::Effective(day), at)
        })
        .collect()
}

/// The causes of what changed about a question, those of its value in front.
fn causes_between(
    lifetime: &Lifetime,
    question: Question,
    before: Moment<'_>,
    after: Moment<'_>,
) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    for field in diff(lifetime, before, after).fields {
        if !is_about(field.field, question) {
            continue;
        }
        for cause in field.causes {
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
    }
    causes
}

/// The causes of the first answer: what became known then.
fn first_causes(lifetime: &Lifetime, question: Question, since: Since, after: Moment<'_>) -> Vec<Cause> {
    if let Since::Effective(_) = since {
        return Vec::new();
    }
    // To who knew nothing all of it is new, whatever the days it tells of.
    let before = Moment {
        known_at: KnownAt(jiff::Timestamp::UNIX_EPOCH),
        ..after
    };
    causes_between(lifetime, question, before, after)
}

/// Whether a field of the answer tells its source, value or certainty.
fn is_about(field: &str, question: Question) -> bool {
    let told = |prefix: &str| {
        field
            .strip_prefix(prefix)
            .is_some_and(|rest| matches!(rest, ".value" | ".certainty" | ".source"))
    };
    match question {
        Question::Headline => field == "stage" || told("headline"),
        // A place shows in the answer only where the headline rests on it.
        Question::Place => field == "stage" || told("headline"),
        Question::QualifiedStatus
        | Question::Training
        | Question::Induction
        | Question::Employment
        | Question::Restriction => {
            let fact = field.strip_prefix("facts.").unwrap_or_default();
            fact.split_once('.').is_some_and(|(name, rest)| {
                name == question.token() && matches!(rest, "value" | "certainty" | "source")
            })
        }
    }
}
