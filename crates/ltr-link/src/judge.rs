//! All trainees and all applications compared, and what is concluded: whom to propose, whom to assert. Only records that
//! share a date of birth or a name are compared at all, so that a hundred thousand of each are a matter of seconds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use ltr_domain::ids::RecordId;
use ltr_domain::judgement::{MatchVerdict, Pair};

use crate::compare::{Comparison, compare, swapped};
use crate::features::Features;
use crate::rules::{ASSERT_AT, ASSERT_TAKES};

/// What more than so many records of one side share tells nobody apart: it is not compared by.
pub const SHARED_MAX: usize = 1_000;

/// A record to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What of it.
    pub features: Features,
    /// The least of the records that keys and operators bring together with it. Whoever is one person already is not
    /// matched, and is nobody's rival.
    pub part: RecordId,
}

/// What is concluded of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// How alike they are, and by which rules.
    pub comparison: Comparison,
    /// Proposed or asserted.
    pub verdict: MatchVerdict,
}

/// Finds every pair worth proposing. `may_match` leaves out pairs on which operators have decided.
#[must_use]
pub fn judge(
    trainees: &[Compared],
    applications: &[Compared],
    may_match: impl Fn(&Pair) -> bool,
) -> BTreeMap<Pair, Match> {
    let mut found: Vec<Candidate<'_>> = Vec::new();
    for (trainee, application) in pairs(trainees, applications) {
        let (trainee, application) = (&trainees[trainee], &applications[application]);
        if trainee.part == application.part {
            continue;
        }
        let comparison = compare(&trainee.features, &application.features);
        if !comparison.is_worth_proposing() {
            continue;
        }
        let both = (
            trainee.features.record.clone(),
            application.features.record.clone(),
        );
        let Some(pair) = Pair::of(both.0, both.1).filter(|pair| may_match(pair)) else {
            continue;
        };
        found.push(Candidate {
            parts: (&trainee.part, &application.part),
            pair,
            comparison,
        });
    }
    let best = best_of_each(found);
    let (mut of_trainee, mut of_application) = (BTreeMap::new(), BTreeMap::new());
    for candidate in &best {
        *of_trainee.entry(candidate.parts.0).or_insert(0u32) += 1;
        *of_application.entry(candidate.parts.1).or_insert(0u32) += 1;
    }
    let is_only = |parts: (&RecordId, &RecordId)| {
        of_trainee.get(parts.0) == Some(&1) && of_application.get(parts.1) == Some(&1)
    };
    let concluded = best.iter().map(|candidate| {
        let is_sure = candidate.comparison.score >= ASSERT_AT
            && !candidate.comparison.is_spoken_against()
            && ASSERT_TAKES
                .iter()
                .all(|rule| candidate.comparison.rules.contains(rule));
        let verdict = if is_sure && is_only(candidate.parts) {
            MatchVerdict::Asserted
        } else {
            MatchVerdict::Proposed
        };
        let comparison = candidate.comparison.clone();
        (candidate.pair.clone(), Match { comparison, verdict })
    });
    concluded.collect()
}

/// A pair worth proposing, and which people it would bring together.
struct Candidate<'a> {
    parts: (&'a RecordId, &'a RecordId),
    pair: Pair,
    comparison: Comparison,
}

/// Of the pairs that would bring together the same two people, such as several applications of one account, the best:
/// one is enough.
fn best_of_each(found: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let mut best: BTreeMap<(&RecordId, &RecordId), Candidate<'_>> = BTreeMap::new();
    for candidate in found {
        let rank = |candidate: &Candidate<'_>| {
            let quiet = !candidate.comparison.is_spoken_against();
            (
                candidate.comparison.score,
                quiet,
                std::cmp::Reverse(candidate.pair.clone()),
            )
        };
        let kept = best.get(&candidate.parts);
        if kept.is_none_or(|kept| rank(&candidate) > rank(kept)) {
            best.insert(candidate.parts, candidate);
        }
    }
    best.into_values().collect()
}

/// What records must share to be compared.
#[derive(PartialEq, Eq, Hash)]
enum Shared<'a> {
    Born(Date),
    /// In the order of the alphabet: they may be swapped.
    Names(&'a str, &'a str),
}

fn shared(features: &Features) -> Vec<Shared<'_>> {
    let mut all: Vec<Shared<'_>> = features.born_on.map(Shared::Born).into_iter().collect();
    for (name, _) in features.names() {
        let firsts = BTreeSet::from([name.first(), name.first_word().unwrap_or_default()]);
        let words = name.last_words().iter().map(String::as_str);
        let lasts: BTreeSet<&str> = words.chain([name.last()]).collect();
        for first in firsts.iter().filter(|first| !first.is_empty()) {
            let both = lasts.iter().filter(|last| !last.is_empty());
            all.extend(both.map(|last| Shared::Names(first.min(last), first.max(last))));
        }
    }
    all
}

/// The pairs to compare, as places in the two lists.
fn pairs(trainees: &[Compared], applications: &[Compared]) -> BTreeSet<(usize, usize)> {
    let mut by_shared: HashMap<Shared<'_>, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (place, trainee) in trainees.iter().enumerate() {
        for value in shared(&trainee.features) {
            by_shared.entry(value).or_default().0.push(place);
        }
    }
    for (place, application) in applications.iter().enumerate() {
        let as_swapped = application.features.born_on.and_then(swapped).map(Shared::Born);
        for value in shared(&application.features).into_iter().chain(as_swapped) {
            by_shared.entry(value).or_default().1.push(place);
        }
    }
    let mut pairs = BTreeSet::new();
    for (of_trainees, of_applications) in by_shared.values() {
        if of_trainees.len() > SHARED_MAX || of_applications.len() > SHARED_MAX {
            continue;
        }
        for trainee in of_trainees {
            pairs.extend(of_applications.iter().map(|application| (*trainee, *application)));
        }
    }
    pairs
}

#[cfg(test)]
mod tests;
