//! Folding and resolving one person, in memory: what an answer as of another moment costs beside reading it.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ltr_domain::hearing::Hearing;
use ltr_domain::policy::Policy;
use serde_json::{Value, json};

use crate::report::Spread;

mod person;

use person::{Kept, fold_and_resolve};

/// How long one measurement goes on.
const MEASURED: Duration = Duration::from_millis(200);

/// What is measured of one person in a round, in microseconds but for the last.
struct Round {
    /// 50 events, decoded: folded and resolved.
    decoded: f64,
    /// The same from the bytes of log and store: decoded, folded, resolved, and the personal values opened.
    from_bytes: f64,
    /// 1,000 events, decoded.
    thousand: f64,
    /// 10,000 events, decoded.
    ten_thousand: f64,
}

/// What the rounds come to.
pub(crate) struct Report {
    rounds: usize,
    /// The person: messages, records, sealed values.
    messages: usize,
    records: usize,
    lines: Vec<Line>,
}

struct Line {
    name: &'static str,
    text: &'static str,
    unit: &'static str,
    spread: Spread,
    /// At most this; `None`: told for comparison.
    target: Option<f64>,
}

/// Measures so many rounds.
pub(crate) fn run(rounds: usize) -> anyhow::Result<Report> {
    let fifty = Kept::of(person::of_fifty_events())?;
    let (thousand, ten_thousand) = (person::long(1_000), person::long(10_000));
    let (policy, hearing) = (Policy::first(), Hearing::nothing(person::KNOWN_ON));
    let mut measured = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        measured.push(Round {
            decoded: microseconds(|| fold_and_resolve(&fifty.told, &policy, &hearing)),
            from_bytes: microseconds(|| fifty.read(&policy, &hearing)),
            thousand: microseconds(|| fold_and_resolve(&thousand, &policy, &hearing)),
            ten_thousand: microseconds(|| fold_and_resolve(&ten_thousand, &policy, &hearing)),
        });
    }
    let spread = |value: fn(&Round) -> f64| Spread::of(measured.iter().map(value).collect());
    let line = |name, text, unit, target, value: fn(&Round) -> f64| Line {
        name,
        text,
        unit,
        spread: spread(value),
        target,
    };
    Ok(Report {
        rounds,
        messages: fifty.told.len(),
        records: fifty.records(),
        lines: vec![
            line(
                "F1",
                "fold and resolve 50 decoded events",
                "µs",
                Some(20.0),
                |round| round.decoded,
            ),
            line(
                "F2",
                "the same with decoding and unsealing",
                "µs",
                Some(80.0),
                |round| round.from_bytes,
            ),
            line(
                "F3 1,000",
                "fold and resolve 1,000 decoded events",
                "µs",
                None,
                |round| round.thousand,
            ),
            line(
                "F3 10,000",
                "fold and resolve 10,000 decoded events",
                "µs",
                None,
                |round| round.ten_thousand,
            ),
            line(
                "F3",
                "10,000 events beside ten times 1,000",
                "×",
                Some(1.2),
                |round| round.ten_thousand / (10.0 * round.thousand),
            ),
        ],
    })
}

/// What one call takes, over many.
fn microseconds<T>(mut work: impl FnMut() -> T) -> f64 {
    black_box(work());
    let (began, mut calls) = (Instant::now(), 0_u32);
    while began.elapsed() < MEASURED {
        black_box(work());
        calls += 1;
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

impl Line {
    fn verdict(&self) -> &'static str {
        match self.target {
            Some(target) if self.spread.median <= target => "met",
            Some(_) => "missed",
            None => "–",
        }
    }
}

impl Report {
    /// For a program to read.
    pub(crate) fn json(&self) -> Value {
        let line = |line: &Line| {
            json!({
                "name": line.name,
                "what": line.text,
                "unit": line.unit,
                "measured": line.spread.json(),
                "at_most": line.target,
                "verdict": line.target.map(|_| line.verdict()),
            })
        };
        json!({
            "rounds": self.rounds,
            "messages": self.messages,
            "records": self.records,
            "measurements": self.lines.iter().map(line).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "one person, {} messages of {} records with 50 events; medians of {} rounds (min–max)\n",
            self.messages, self.records, self.rounds
        )?;
        for line in &self.lines {
            let Spread { median, min, max } = line.spread;
            let measured = format!("{median:.2} {} ({min:.2}–{max:.2})", line.unit);
            let target = line.target.map_or("–".to_owned(), |target| format!("≤ {target}"));
            writeln!(
                f,
                "{:<40}  {measured:>32}  {target:>6}  {}",
                line.text,
                line.verdict()
            )?;
        }
        Ok(())
    }
}
