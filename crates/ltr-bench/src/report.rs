//! What the rounds come to: medians with their spread, as a table and as JSON.

use std::fmt;

use serde_json::{Value, json};

use crate::round::{Pair, Round, Sizes};

/// A middle value and how far the others lie from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Of an even number of values the lower middle one; zeros of none.
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let last = values.len().saturating_sub(1);
        Self {
            median: at(last / 2),
            min: at(0),
            max: at(last),
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "median": self.median, "min": self.min, "max": self.max })
    }

    pub(crate) fn whole(&self) -> String {
        format!("{:.0} ({:.0}–{:.0})", self.median, self.min, self.max)
    }

    /// To a tenth.
    pub(crate) fn tenths(&self) -> String {
        format!("{:.1} ({:.1}–{:.1})", self.median, self.min, self.max)
    }

    pub(crate) fn share(&self) -> String {
        format!("{:.2} ({:.2}–{:.2})", self.median, self.min, self.max)
    }
}

/// What is compared.
struct What {
    name: &'static str,
    text: &'static str,
    limit: &'static str,
    /// The ratio to reach; `None`: none is set yet.
    target: Option<f64>,
    pair: fn(&Round) -> Pair,
}

const WHAT: [What; 5] = [
    What {
        name: "I1 all new",
        text: "durable ingest, every row new, rows/s",
        limit: "raw batches",
        target: Some(0.4),
        pair: |round| round.all_new,
    },
    What {
        name: "I1 tenth changed",
        text: "durable ingest, a tenth changed, rows/s",
        limit: "raw batches",
        target: None,
        pair: |round| round.tenth_changed,
    },
    What {
        name: "I2",
        text: "full sweep, nothing new, rows/s",
        limit: "parse + digest",
        target: Some(0.3),
        pair: |round| round.unchanged,
    },
    What {
        name: "W1",
        text: "live projection, messages/s",
        limit: "plain upsert",
        target: Some(0.35),
        pair: |round| round.projection,
    },
    What {
        name: "W1 views of 2 KB",
        text: "the same, beside views of 2 KB",
        limit: "plain upsert",
        target: Some(0.35),
        pair: |round| round.projection_padded,
    },
];

/// One line of the result.
struct Line {
    what: &'static What,
    ours: Spread,
    limit: Spread,
    ratio: Spread,
}

impl Line {
    fn verdict(&self) -> &'static str {
        match self.what.target {
            Some(target) if self.ratio.median >= target => "met",
            Some(_) => "missed",
            None => "–",
        }
    }
}

/// The result.
pub(crate) struct Report {
    rows: usize,
    rounds: usize,
    lines: Vec<Line>,
    sizes: Option<Sizes>,
}

impl Report {
    /// What the rounds come to.
    pub(crate) fn of(rows: usize, rounds: &[Round]) -> Self {
        let line = |what: &'static What| {
            let spread = |value: fn(&Pair) -> f64| {
                Spread::of(rounds.iter().map(|round| value(&(what.pair)(round))).collect())
            };
            Line {
                what,
                ours: spread(Pair::ours),
                limit: spread(Pair::limit),
                ratio: spread(Pair::ratio),
            }
        };
        Self {
            rows,
            rounds: rounds.len(),
            lines: WHAT.iter().map(line).collect(),
            sizes: rounds.last().map(|round| round.sizes),
        }
    }

    /// For a program to read.
    pub(crate) fn json(&self) -> Value {
        let line = |line: &Line| {
            json!({
                "name": line.what.name,
                "what": line.what.text,
                "beside": line.what.limit,
                "ours": line.ours.json(),
                "limit": line.limit.json(),
                "ratio": line.ratio.json(),
                "target": line.what.target,
                "verdict": line.what.target.map(|_| line.verdict()),
            })
        };
        let sizes = self.sizes.as_ref().map(|sizes| {
            json!({
                "messages_per_row": sizes.messages_per_row,
                "log_bytes_per_row": sizes.log_bytes_per_row,
                "person_row_bytes": sizes.person_row_bytes,
                "wal_bytes_per_message": sizes.wal_per_event,
                "plain_wal_bytes_per_message": sizes.plain_wal_per_event,
            })
        });
        json!({
            "rows": self.rows,
            "rounds": self.rounds,
            "measurements": self.lines.iter().map(line).collect::<Vec<_>>(),
            "sizes": sizes,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} rows, medians of {} rounds (min–max)\n",
            self.rows, self.rounds
        )?;
        let print = |f: &mut fmt::Formatter<'_>, cells: [&str; 6]| {
            let [what, ours, limit, ratio, target, verdict] = cells;
            writeln!(
                f,
                "{what:<41}  {ours:>22}  {limit:>36}  {ratio:>16}  {target:>6}  {verdict}"
            )
        };
        print(f, ["what", "ours", "limit", "ratio", "target", ""])?;
        for line in &self.lines {
            let limit = format!("{} {}", line.what.limit, line.limit.whole());
            let target = line
                .what
                .target
                .map_or("–".to_owned(), |target| target.to_string());
            let (ours, ratio) = (line.ours.whole(), line.ratio.share());
            print(
                f,
                [line.what.text, &ours, &limit, &ratio, &target, line.verdict()],
            )?;
        }
        let Some(sizes) = &self.sizes else { return Ok(()) };
        write!(
            f,
            "\na new row is {:.1} messages of {:.0} bytes in all; a person's row is {:.0} bytes; \
             write-ahead log a message: {:.0} bytes, of the plain upsert {:.0}",
            sizes.messages_per_row,
            sizes.log_bytes_per_row,
            sizes.person_row_bytes,
            sizes.wal_per_event,
            sizes.plain_wal_per_event,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let spread = Spread::of(vec![5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!((spread.median, spread.min, spread.max), (3.0, 1.0, 5.0));
        assert_eq!(Spread::of(vec![2.0, 1.0]).median, 1.0);
    }
}
