//! Two records compared: which rules fire, and the score. Symmetric, and no rule looks at anything but the two.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::features::{Features, When};
use crate::name::Name;
use crate::rules::{PROPOSE_AT, PROPOSE_DESPITE_AT, Rule};

/// How alike two records are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// In thousandths: the sum of what the rules that fired add, at most 1,000.
    pub score: u32,
    /// The rules that fired.
    pub rules: BTreeSet<Rule>,
}

impl Comparison {
    fn of(rules: BTreeSet<Rule>) -> Self {
        let sum: u32 = rules.iter().map(|rule| rule.weight()).sum();
        Self {
            score: sum.min(1_000),
            rules,
        }
    }

    /// Whether a rule speaks against it.
    #[must_use]
    pub fn is_spoken_against(&self) -> bool {
        self.rules.iter().any(|rule| rule.is_against())
    }

    /// Whether an operator should look at it at least.
    #[must_use]
    pub fn is_worth_proposing(&self) -> bool {
        let least = if self.is_spoken_against() {
            PROPOSE_DESPITE_AT
        } else {
            PROPOSE_AT
        };
        self.score >= least && self.rules.iter().any(|rule| rule.is_name_alike())
    }

    /// The names of the rules that fired, ascending.
    #[must_use]
    pub fn rule_names(&self) -> Vec<String> {
        let names: BTreeSet<_> = self.rules.iter().map(|rule| rule.row().name.to_owned()).collect();
        names.into_iter().collect()
    }
}

/// Compares two records.
#[must_use]
pub fn compare(one: &Features, other: &Features) -> Comparison {
    let mut rules = names(one, other);
    if let (Some(one), Some(other)) = (one.born_on, other.born_on) {
        rules.insert(dates_of_birth(one, other));
    }
    if let (Some(one), Some(other)) = (&one.email, &other.email)
        && one == other
    {
        rules.insert(Rule::EmailEqual);
    }
    if let (Some(one), Some(other)) = (one.year, other.year) {
        rules.insert(if one == other {
            Rule::YearEqual
        } else {
            Rule::YearDiffers
        });
    }
    if !one.providers.is_empty() && !other.providers.is_empty() {
        rules.insert(if one.providers.is_disjoint(&other.providers) {
            Rule::ProviderDiffers
        } else {
            Rule::ProviderEqual
        });
    }
    Comparison::of(rules)
}

fn dates_of_birth(one: Date, other: Date) -> Rule {
    if one == other {
        Rule::DateOfBirthEqual
    } else if swapped(one) == Some(other) {
        Rule::DateOfBirthSwapped
    } else {
        Rule::DateOfBirthDiffers
    }
}

/// The date with day and month swapped, if there is such a day.
#[must_use]
pub fn swapped(day: Date) -> Option<Date> {
    Date::new(day.year(), day.day(), day.month()).ok()
}

/// The rules on the two names that are most alike; among these those that fewest rules speak against.
fn names(one: &Features, other: &Features) -> BTreeSet<Rule> {
    let mut best: Option<(u32, usize, BTreeSet<Rule>)> = None;
    for (left, left_when) in one.names() {
        for (right, right_when) in other.names() {
            let rules = two_names(left, right, left_when.max(right_when));
            let weight = rules.iter().map(|rule| rule.weight()).sum();
            let against = rules.iter().filter(|rule| rule.is_against()).count();
            let is_better = best
                .as_ref()
                .is_none_or(|(best_weight, best_against, best_rules)| {
                    (weight, std::cmp::Reverse(against), std::cmp::Reverse(&rules))
                        > (
                            *best_weight,
                            std::cmp::Reverse(*best_against),
                            std::cmp::Reverse(best_rules),
                        )
                });
            if is_better {
                best = Some((weight, against, rules));
            }
        }
    }
    best.map(|(_, _, rules)| rules).unwrap_or_default()
}

fn two_names(one: &Name, other: &Name, when: When) -> BTreeSet<Rule> {
    let first = first_names(one, other);
    let last = last_names(one, other, when);
    let apart = first.map_or(0, Rule::weight) + last.map_or(0, Rule::weight);
    if are_swapped(one, other) && apart < Rule::NamesSwapped.weight() {
        return BTreeSet::from([Rule::NamesSwapped]);
    }
    let mut rules: BTreeSet<Rule> = [first, last].into_iter().flatten().collect();
    if first == Some(Rule::FirstNameEqual) {
        rules.extend(middle_names(one, other));
    }
    rules
}

fn are_swapped(one: &Name, other: &Name) -> bool {
    !one.first().is_empty()
        && !one.last().is_empty()
        && one.first() == other.last()
        && one.last() == other.first()
        && one.first() != one.last()
}

fn first_names(one: &Name, other: &Name) -> Option<Rule> {
    let (left, right) = (one.first_word()?, other.first_word()?);
    let has_given = |name: &Name, word: &str| name.given_behind_first().any(|given| given == word);
    let begins = |long: &str, short: &str| short.chars().count() >= 3 && long.starts_with(short);
    let is_initial = |word: &str, long: &str| word.chars().count() == 1 && long.starts_with(word);
    Some(if left == right || one.first() == other.first() {
        Rule::FirstNameEqual
    } else if has_given(one, right) || has_given(other, left) {
        Rule::FirstNameAmongGiven
    } else if begins(left, right) || begins(right, left) {
        Rule::FirstNameShortened
    } else if is_initial(left, right) || is_initial(right, left) {
        Rule::FirstNameInitial
    } else {
        Rule::FirstNameDiffers
    })
}

fn last_names(one: &Name, other: &Name, when: When) -> Option<Rule> {
    if one.last().is_empty() || other.last().is_empty() {
        return None;
    }
    if one.last() == other.last() {
        return Some(match when {
            When::Now => Rule::LastNameEqual,
            When::Before => Rule::PreviousLastNameEqual,
        });
    }
    let has_several = one.last_words().len() > 1 || other.last_words().len() > 1;
    let in_both = |word: &String| word.chars().count() >= 3 && other.last_words().contains(word);
    Some(if has_several && one.last_words().iter().any(in_both) {
        Rule::LastNamePart
    } else {
        Rule::LastNameDiffers
    })
}

/// Of two people with the same first name: whether their middle names agree. Nothing, if either has none.
fn middle_names(one: &Name, other: &Name) -> Option<Rule> {
    let (left, right): (Vec<&str>, Vec<&str>) = if one.first() == other.first() {
        (one.middle().collect(), other.middle().collect())
    } else {
        (
            one.given_behind_first().collect(),
            other.given_behind_first().collect(),
        )
    };
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let agree = left.iter().zip(&right).all(|(left, right)| {
        left == right
            || (left.chars().count() == 1 && right.starts_with(left))
            || (right.chars().count() == 1 && left.starts_with(right))
    });
    Some(if agree {
        Rule::MiddleNamesAgree
    } else {
        Rule::MiddleNamesDiffer
    })
}

#[cfg(test)]
pub(crate) mod tests;
