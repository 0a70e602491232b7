//! What every answer must have: evidence, a reason that is documented, intervals that do not overlap.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::calendar::days_after;
use ltr_domain::explain::Told;
use ltr_domain::resolution::{Caveat, Certainty, Claim, Resolution};
use ltr_domain::teacher::{intervals, teacher_at};
use ltr_lives::reference::{self, Account, Asked};

use crate::held::{Verdict, hold};
use crate::world::{POLICY, World, some_day, some_prefix, told};

/// What `docs/stages.md` says of stages and reasons: the code is read from the page, so that neither can drift.
static PAGE: &str = include_str!("../../../../docs/stages.md");

/// The reasons that the page gives for each stage.
fn reasons_of_stages() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut reasons = BTreeMap::new();
    for cells in rows(7) {
        if let Some(stage) = quoted(cells[1]).next() {
            reasons.insert(stage, quoted(cells[5]).collect());
        }
    }
    reasons
}

/// The reasons that the page gives for each fact.
fn reasons_of_facts() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let facts = [
        "qualified_status",
        "training",
        "induction",
        "employment",
        "restriction",
    ];
    let of_facts = rows(3).filter_map(|cells| Some((quoted(cells[0]).next()?, quoted(cells[1]).collect())));
    of_facts.filter(|(fact, _)| facts.contains(fact)).collect()
}

/// The rows of the page's tables that have so many bars.
fn rows(bars: usize) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = PAGE
        .lines()
        .filter(move |line| line.starts_with('|') && line.matches('|').count() == bars);
    lines.map(|line| line.trim_matches('|').split('|').collect())
}

/// What stands in backticks.
fn quoted(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn no_resolved_fact_is_bare() {
    assert_eq!(reasons_of_stages().len(), 23, "the page tells of every stage");
    assert_eq!(reasons_of_facts().len(), 5, "the page tells of every fact");
    hold("no resolved fact is bare", 100, |case| {
        let Some(told) = told(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let (stages, facts) = (reasons_of_stages(), reasons_of_facts());
        let mut dice = case.dice("bare");
        let (known, known_on) = some_prefix(&mut dice, &told);
        let hearing = case.hearing(dice.day_after(known_on, 0, 100));
        let world = World::after(known);
        for person in &world.people {
            for _ in 0..3 {
                let on = some_day(&mut dice, known);
                let answer = teacher_at(&world.folds_of(person), &POLICY, &hearing, on);
                let headline = &answer.headline.resolution;
                check(known, headline, &stages[answer.headline.stage.token()])
                    .map_err(|how| format!("on {on}: {how}"))?;
                for (name, fact) in answer.facts.named() {
                    check(known, fact, &facts[name]).map_err(|how| format!("{name} on {on}: {how}"))?;
                }
            }
        }
        Ok(Verdict::Holds)
    });
}

/// That an answer has a reason of the page and, if there is one, the message that made the claim it rests on.
fn check(known: &[Told], one: &Resolution, reasons: &BTreeSet<&str>) -> Result<(), String> {
    if !reasons.contains(one.reason) {
        return Err(format!(
            "{:?} is no reason of {:?} that is documented",
            one.reason, one.value
        ));
    }
    let Some(claim) = &one.claim else {
        // Nobody has said it, or what was said is withheld because of who speaks against it.
        let is_withheld = one.caveats.contains(&Caveat::Contested) && !one.lost.is_empty();
        let is_unknown = one.caveats.contains(&Caveat::NotCovered) || is_withheld;
        if one.certainty != Certainty::Unknown || !is_unknown {
            return Err(format!("{one:?} rests on nothing"));
        }
        return one.lost.iter().try_for_each(|claim| check_claim(known, claim));
    };
    if one.certainty == Certainty::Unknown || one.value == "unknown" {
        return Err(format!("{one:?} is unknown although somebody said it"));
    }
    for claim in std::iter::once(claim).chain(&one.lost) {
        check_claim(known, claim)?;
    }
    if one.caveats.contains(&Caveat::Contested) && one.lost.is_empty() {
        return Err(format!("{one:?} is contested by nobody"));
    }
    Ok(())
}

fn check_claim(known: &[Told], claim: &Claim) -> Result<(), String> {
    let message = known.iter().find(|told| told.position == claim.position);
    let is_evidence = message.is_some_and(|told| told.observation.record == claim.record);
    if is_evidence && claim.source == claim.record.source() {
        Ok(())
    } else {
        Err(format!("{claim:?} is in no such message"))
    }
}

#[test]
fn no_intervals_overlap() {
    hold("no intervals overlap", 90, |case| {
        let Some(told) = told(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let mut dice = case.dice("intervals");
        let (known, known_on) = some_prefix(&mut dice, &told);
        let hearing = case.hearing(dice.day_after(known_on, 0, 100));
        let until = dice.day_after(known_on, 0, 800);
        let (world, accounts) = (World::after(known), reference::accounts(known));
        let mut verdict = Verdict::SaysNothing;
        for person in &world.people {
            let line = intervals(&world.folds_of(person), &POLICY, &hearing, until);
            for pair in line.windows(2) {
                let ends = pair[0].to.is_some_and(|to| to <= pair[1].from);
                if pair[0].from >= pair[1].from || !ends {
                    return Err(format!("{:?} and {:?} overlap", pair[0], pair[1]));
                }
            }
            if line
                .last()
                .is_some_and(|last| last.to.is_some_and(|to| to > until))
            {
                return Err(format!("{line:?} goes beyond {until}"));
            }
            let slow: Vec<&Account> = person.iter().filter_map(|record| accounts.get(record)).collect();
            // The days on which one ends and another begins, those before them, and any others.
            let edges = line.iter().flat_map(|one| [one.from, days_after(one.from, -1)]);
            let days: Vec<_> = edges.chain((0..6).map(|_| some_day(&mut dice, known))).collect();
            // The line begins with the first day that anything tells of: with the day of the first message at the latest.
            let heard = world
                .folds_of(person)
                .iter()
                .map(|fold| fold.first.known_at.london_date())
                .min();
            let heard_on = heard.expect("a person has a record");
            let begins_on = line.first().map_or(until, |first| first.from).min(heard_on);
            for day in days.into_iter().filter(|day| (begins_on..=until).contains(day)) {
                let asked = Asked {
                    accounts: &slow,
                    hearing: &hearing,
                    known_on: hearing.known_on,
                    day,
                };
                let expected = reference::answer(asked).headline;
                let expected = (expected.value, expected.certainty, expected.source);
                let held: Vec<_> = line
                    .iter()
                    .filter(|one| one.from <= day && one.to.is_none_or(|to| day < to))
                    .map(|one| {
                        let resolution = &one.headline.resolution;
                        (
                            resolution.value,
                            resolution.certainty.token(),
                            resolution.source(),
                        )
                    })
                    .collect();
                let holds = match held.as_slice() {
                    [] => expected.0 == "not_known",
                    [one] => *one == expected,
                    _ => false,
                };
                if !holds {
                    return Err(format!("on {day}: {held:?}, and not {expected:?}; {line:#?}"));
                }
                verdict = Verdict::Holds;
            }
        }
        Ok(verdict)
    });
}
