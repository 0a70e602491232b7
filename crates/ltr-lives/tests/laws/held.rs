//! Holds a law against many cases. A case that breaks it is made smaller, reading by reading, before it is told.

use std::fmt::{Debug, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use ltr_lives::Case;

/// What a law says of a case.
pub(crate) enum Verdict {
    /// It holds, and the case put it to the test.
    Holds,
    /// The case has nothing that it speaks of.
    SaysNothing,
}

/// A law: how it is broken, if it is.
pub(crate) type Law = fn(&Case) -> Result<Verdict, String>;

/// In which lines two things differ.
pub(crate) fn differ<T: Debug>(found: &T, expected: &T) -> String {
    let (found, expected) = (format!("{found:#?}"), format!("{expected:#?}"));
    let (found, expected): (Vec<&str>, Vec<&str>) = (found.lines().collect(), expected.lines().collect());
    let same = found.iter().zip(&expected).take_while(|(a, b)| a == b).count();
    let rest = found.iter().rev().zip(expected.iter().rev());
    let after = rest
        .take_while(|(a, b)| a == b)
        .count()
        .min(found.len().min(expected.len()) - same);
    let part = |lines: &[&str], sign| {
        let changed = &lines[same.saturating_sub(6)..(lines.len() - after + 2).min(lines.len())];
        changed
            .iter()
            .map(|line| format!("{sign} {line}\n"))
            .collect::<String>()
    };
    format!("found\n{}expected\n{}", part(&found, '-'), part(&expected, '+'))
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| {
        text.parse().unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

/// Over how many cases laws are held.
pub(crate) fn cases() -> u64 {
    number("LTR_LAW_CASES", 10_000)
}

/// The seeds of the run.
pub(crate) fn seeds(cases: u64) -> impl Iterator<Item = u64> {
    let first = number("LTR_LAW_SEED", 1);
    first..first.saturating_add(cases)
}

/// Holds a law against every case; at least `percent_min` of a hundred must put it to the test.
pub(crate) fn hold(name: &str, percent_min: u64, law: Law) {
    hold_over(cases(), name, percent_min, law);
}

/// The same over another number of cases.
pub(crate) fn hold_over(cases: u64, name: &str, percent_min: u64, law: Law) {
    let mut told = 0;
    let mut held = 0;
    for seed in seeds(cases) {
        told += 1;
        match judge(law, &Case::of(seed)) {
            Ok(Verdict::Holds) => held += 1,
            Ok(Verdict::SaysNothing) => {}
            Err(how) => panic!("{}", counterexample(name, law, &Case::of(seed), how)),
        }
    }
    println!(
        "{name}: {told} cases from seed {}, {held} put it to the test",
        number("LTR_LAW_SEED", 1)
    );
    assert!(
        held * 100 >= told * percent_min,
        "{name}: only {held} of {told} cases put it to the test"
    );
}

/// A panic breaks every law.
fn judge(law: Law, case: &Case) -> Result<Verdict, String> {
    catch_unwind(AssertUnwindSafe(|| law(case))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        Err(format!(
            "a panic: {}",
            text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("?")
        ))
    })
}

/// Leaves out readings one by one for as long as the law stays broken, and tells what is left.
fn counterexample(name: &str, law: Law, case: &Case, mut how: String) -> String {
    let seed = case.seed;
    let mut case = case.clone();
    let mut index = 0;
    while index < case.snapshots.len() {
        let smaller = case.without(index);
        match judge(law, &smaller) {
            Err(still) => {
                how = still;
                case = smaller;
                index = 0;
            }
            Ok(_) => index += 1,
        }
    }
    let mut text = format!("{name} is broken by seed {seed}: {how}\nleft of the case:\n");
    for one in case.told() {
        let at = one.position;
        let _ = writeln!(
            text,
            "  {:>3} {} {}",
            at.sequence, at.known_at, one.observation.record
        );
        for event in &one.observation.events {
            let _ = writeln!(
                text,
                "        {:?} {} {:?}",
                event.kind, event.effective.on, event.fact
            );
        }
    }
    text
}
