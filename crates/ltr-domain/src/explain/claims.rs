//! Every claim in the order in which it became known, with its verdict.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Question;
use super::lifetime::{Folds, Lifetime, Moment, answer_of, view_of};
use crate::fold::{self, RecordFold};
use crate::identity::Decision;
use crate::ids::RecordId;
use crate::observation::Position;
use crate::policy::{FactKind, Policy, Window};
use crate::resolution::{Claim, Resolution};
use crate::teacher::{Said, TeacherRecord, Why};
use crate::time::Basis;

/// An answer and why it is that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The answer.
    pub answer: TeacherRecord,
    /// The headline, the five facts, and the place that a headline may rest on.
    pub facts: Vec<FactExplanation>,
    /// The judgements by which the person's records hang together, or are held apart from others'.
    pub decisions: Vec<Decision>,
}

/// One answer and every claim about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactExplanation {
    /// To which question.
    pub question: Question,
    /// The answer.
    pub resolution: Resolution,
    /// The rule by which it was found, such as `training.after_sign_off`; empty where nobody said anything.
    pub rule: String,
    /// Every claim, in the order in which it became known.
    pub claims: Vec<ExplainedClaim>,
}

/// A claim and its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedClaim {
    /// The claim.
    pub claim: Claim,
    /// Where its date comes from; `None`: it has none.
    pub basis: Option<Basis>,
    /// Until when it holds, exclusive; `None`: as far as is known.
    pub until: Option<Date>,
    /// Whether and why it was believed.
    pub why: Why,
    /// By which rule, such as `training.after_sign_off` or `place.followed`.
    pub rule: String,
    /// The message that took its place.
    pub superseded_by: Option<Position>,
}

impl ExplainedClaim {
    /// Whether the answer rests on it.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        match self.why {
            Why::Settles | Why::Entitled | Why::Inferred | Why::Completed | Why::DecidesStage => true,
            Why::Outranked
            | Why::NotEntitled
            | Why::Contests
            | Why::Superseded
            | Why::Restated
            | Why::NotYet
            | Why::NoLonger
            | Why::NotLive
            | Why::Older
            | Why::DraftOnly
            | Why::StatusHeld
            | Why::Followed
            | Why::NotSent
            | Why::Redirected
            | Why::LessGrave
            | Why::LinkSuspect
            | Why::LaterRow => false,
        }
    }
}

/// Explains the answer at a moment.
///
/// The claim that is taken for a question is that of its resolution, and every claim that the resolution says lost is
/// among the lost ones.
#[must_use]
pub fn explain(lifetime: &Lifetime, moment: Moment<'_>) -> Explanation {
    let mut folds = Folds::new();
    let mut superseded = Vec::new();
    let mut standing: BTreeMap<Key, Stretch> = BTreeMap::new();
    for told in lifetime.told_at(moment.known_at) {
        fold::take(&mut folds, &told.observation, told.position);
        let record = &told.observation.record;
        let alone = stretches(folds.range(record..=record), moment);
        superseded.extend(standing_no_more(&mut standing, record, &alone, told.position));
        standing.extend(alone);
    }
    lifetime.lay(&mut folds, moment.known_at);
    let together = stretches(&folds, moment);
    let answer = answer_of(&folds, moment);
    let records: Vec<&RecordFold> = folds.values().collect();
    let view = view_of(&records, moment);
    let mut facts = Vec::new();
    for resolved in view.claims() {
        let mut claims: Vec<ExplainedClaim> = together
            .iter()
            .filter(|(key, _)| key.fact == resolved.fact)
            .map(|(_, stretch)| {
                let why = match stretch.on_the_day {
                    OnTheDay::Holds => resolved.why(&stretch.said, moment.policy),
                    OnTheDay::Ahead => Why::NotYet,
                    OnTheDay::Past => Why::NoLonger,
                };
                stretch.explained(resolved.fact, why, None, moment.policy)
            })
            .collect();
        let gone = superseded
            .iter()
            .filter(|(key, ..)| key.fact == resolved.fact && !together.contains_key(key))
            .filter(|(key, ..)| key.fact != FactKind::Restriction || !view.is_suspect(&key.record));
        claims.extend(
            gone.map(|(_, stretch, why, by)| {
                stretch.explained(resolved.fact, *why, Some(*by), moment.policy)
            }),
        );
        claims.sort_by(|a, b| {
            (a.claim.position, a.claim.since, &a.claim).cmp(&(b.claim.position, b.claim.since, &b.claim))
        });
        facts.push(FactExplanation {
            question: Question::about(resolved.fact),
            rule: rule_of(&claims),
            resolution: resolved.resolution,
            claims,
        });
    }
    facts.insert(0, headline(&answer, &facts));
    Explanation {
        answer,
        facts,
        decisions: lifetime.decisions_at(moment.known_at),
    }
}

/// The headline rests on one of the facts: theirs are its claims.
fn headline(answer: &TeacherRecord, facts: &[FactExplanation]) -> FactExplanation {
    let resolution = answer.headline.resolution.clone();
    let mut claims: Vec<ExplainedClaim> = Vec::new();
    for fact in facts {
        // Whether somebody may teach is no stage.
        if fact.question == Question::Restriction {
            continue;
        }
        for explained in fact.claims.iter().filter(|claim| claim.is_taken()) {
            let why = if resolution.claim.as_ref() == Some(&explained.claim) {
                Why::DecidesStage
            } else if resolution.lost.contains(&explained.claim) {
                Why::Contests
            } else {
                Why::LaterRow
            };
            if claims.iter().all(|held| held.claim != explained.claim) {
                claims.push(ExplainedClaim {
                    why,
                    rule: rule_name("headline", why, Some(explained.rule.clone())),
                    ..explained.clone()
                });
            }
        }
        for explained in fact.claims.iter().filter(|claim| claim.why == Why::Contests) {
            let against = resolution.lost.contains(&explained.claim);
            if against && claims.iter().all(|held| held.claim != explained.claim) {
                claims.push(explained.clone());
            }
        }
    }
    claims.sort_by_key(|one| one.claim.position);
    FactExplanation {
        question: Question::Headline,
        rule: rule_of(&claims),
        resolution,
        claims,
    }
}

fn rule_of(claims: &[ExplainedClaim]) -> String {
    let taken = claims.iter().find(|claim| claim.is_taken());
    taken.map(|claim| claim.rule.clone()).unwrap_or_default()
}

/// What makes two claims one, whatever the days they cover.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    fact: FactKind,
    record: RecordId,
    position: Position,
    value: &'static str,
    since: Option<Date>,
}

/// A claim over the days on which it is made.
#[derive(Debug, Clone)]
struct Stretch {
    said: Said,
    until: Option<Date>,
    on_the_day: OnTheDay,
}

/// Where the day asked about lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnTheDay {
    Holds,
    /// The claim begins later.
    Ahead,
    /// The claim ended earlier.
    Past,
}

impl Stretch {
    fn explained(
        &self,
        fact: FactKind,
        why: Why,
        superseded_by: Option<Position>,
        policy: &Policy,
    ) -> ExplainedClaim {
        let by_policy = policy.rule(fact, self.said.window);
        ExplainedClaim {
            claim: self.said.claim.clone(),
            basis: self.said.basis,
            until: self.until,
            why,
            rule: rule_name(fact.token(), why, by_policy.map(|rule| rule.name().to_string())),
            superseded_by,
        }
    }
}

/// The name of the rule behind a verdict: the policy's own, or that of how records are read.
fn rule_name(question: &str, why: Why, by_policy: Option<String>) -> String {
    match why.reading_rule() {
        Some(reading) => format!("{question}.{reading}"),
        None => by_policy.unwrap_or_else(|| format!("{question}.{}", Window::Always.token())),
    }
}

/// Every claim of these records over effective time.
fn stretches<'a>(
    folds: impl IntoIterator<Item = (&'a RecordId, &'a RecordFold)>,
    moment: Moment<'_>,
) -> BTreeMap<Key, Stretch> {
    let records: Vec<&RecordFold> = folds.into_iter().map(|(_, fold)| fold).collect();
    let view = view_of(&records, moment);
    let mut days = view.boundaries();
    days.insert(moment.effective_on);
    let mut all: BTreeMap<Key, Stretch> = BTreeMap::new();
    let mut open: Vec<Key> = Vec::new();
    for day in days {
        let mut holding = Vec::new();
        for resolved in view.on(day).claims() {
            for said in resolved.said {
                let key = Key {
                    fact: resolved.fact,
                    record: said.claim.record.clone(),
                    position: said.claim.position,
                    value: said.claim.value,
                    since: said.claim.since,
                };
                note(&mut all, &key, said, day, moment.effective_on);
                holding.push(key);
            }
        }
        for key in open {
            if !holding.contains(&key)
                && let Some(stretch) = all.get_mut(&key)
                && stretch.until.is_none()
            {
                stretch.until = Some(day);
                if day <= moment.effective_on {
                    stretch.on_the_day = OnTheDay::Past;
                }
            }
        }
        open = holding;
    }
    all
}

/// Notes that a claim is made on a day. Told as it is on the day asked about, where it is made on that day.
fn note(all: &mut BTreeMap<Key, Stretch>, key: &Key, said: Said, day: Date, asked: Date) {
    if day > asked {
        all.entry(key.clone()).or_insert(Stretch {
            said,
            until: None,
            on_the_day: OnTheDay::Ahead,
        });
        // One that is made again after a break keeps what was told of it on the day or before.
        return;
    }
    let stretch = Stretch {
        said,
        until: None,
        on_the_day: OnTheDay::Holds,
    };
    all.insert(key.clone(), stretch);
}

/// The claims of a record that its latest message has taken back, with what became of them.
fn standing_no_more(
    standing: &mut BTreeMap<Key, Stretch>,
    record: &RecordId,
    now: &BTreeMap<Key, Stretch>,
    by: Position,
) -> Vec<(Key, Stretch, Why, Position)> {
    let gone: Vec<Key> = standing
        .keys()
        .filter(|key| key.record == *record && !now.contains_key(*key))
        .cloned()
        .collect();
    let mut superseded = Vec::new();
    for key in gone {
        let Some(stretch) = standing.remove(&key) else {
            continue;
        };
        let restated = now
            .keys()
            .any(|other| other.fact == key.fact && other.value == key.value && other.position == by);
        let why = if restated { Why::Restated } else { Why::Superseded };
        superseded.push((key, stretch, why, by));
    }
    superseded
}
