//! What a walked year came to, in tables, a chart and JSON: right, uncertain and wrong by month, how long changes took to
//! be learnt, and what was asked of the services.

use std::time::Duration;

use indicatif::HumanCount;
use jiff::civil::Date;
use ltr_domain::ids::Source;
use ltr_population::score::{Learnt, Outcome, Score, Tally};
use serde_json::{Value, json};

use crate::output;

mod chart;

pub(crate) use chart::chart;

/// What a year came to.
#[derive(Debug, Clone)]
pub(crate) struct Walked {
    /// The seed of people and faults.
    pub(crate) seed: u64,
    /// How many trainees there were.
    pub(crate) trainees: u32,
    /// How many people there were in all.
    pub(crate) people: usize,
    /// Which faults were on, as they were asked for.
    pub(crate) faults: String,
    /// The first and the last day.
    pub(crate) days: (Date, Date),
    /// By month, in order.
    pub(crate) months: Vec<Line>,
    /// The whole year.
    pub(crate) year: Line,
    /// By what people came to be, in order.
    pub(crate) learnt: Vec<(&'static str, Learnt)>,
    /// By source.
    pub(crate) asked: Vec<Asked>,
    /// Deliveries that were held, and how many of them wait for an operator.
    pub(crate) held: (usize, usize),
    /// Parts of feeds that could not be read and were read again later.
    pub(crate) failures: usize,
    /// What the year failed to reach, in sentences.
    pub(crate) breaches: Vec<String>,
    /// How long it took to walk.
    pub(crate) took: Duration,
}

/// Person-days of a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which stretch.
    pub(crate) of: String,
    /// Person-days on which there was an answer.
    pub(crate) person_days: u64,
    /// On which it was right.
    pub(crate) right: u64,
    /// On which it said not to know, or less than there was.
    pub(crate) uncertain: u64,
    /// On which it was wrong.
    pub(crate) wrong: u64,
    /// On which the settling source had delivered what tells the truth.
    pub(crate) delivered: u64,
    /// On which the answer was confirmed then.
    pub(crate) confirmed: u64,
}

/// What was asked of one source, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Which.
    pub(crate) source: Source,
    /// Requests made.
    pub(crate) requests: u64,
    /// The most in one minute by one client.
    pub(crate) busiest: u32,
    /// How many the service takes in a minute; none: it does not count.
    pub(crate) limit: Option<u32>,
    /// Requests answered 429.
    pub(crate) refused: u64,
    /// Deliveries closed.
    pub(crate) deliveries: u64,
    /// Rows in them.
    pub(crate) rows: u64,
    /// Observations published of them.
    pub(crate) observations: u64,
}

impl Line {
    pub(crate) fn new(of: impl Into<String>, tally: &Tally) -> Self {
        Self {
            of: of.into(),
            person_days: tally.person_days(),
            right: tally.with_outcome(Outcome::Right),
            uncertain: tally.with_outcome(Outcome::Uncertain),
            wrong: tally.with_outcome(Outcome::Wrong),
            delivered: tally.delivered(),
            confirmed: tally.confirmed_of_delivered(),
        }
    }

    /// Every month of a score, and the whole.
    pub(crate) fn of(score: &Score) -> (Vec<Self>, Self) {
        let months = score.months.iter();
        let months = months.map(|(month, tally)| Self::new(month.to_string(), tally));
        (months.collect(), Self::new("year", &score.total()))
    }

    fn cells(&self) -> Vec<String> {
        let share = |part| percent(part, self.person_days);
        vec![
            self.of.clone(),
            format!("{:>11}", HumanCount(self.person_days).to_string()),
            format!("{:>7}", share(self.right)),
            format!("{:>9}", share(self.uncertain)),
            format!("{:>7}", share(self.wrong)),
            format!("{:>11}", HumanCount(self.delivered).to_string()),
            format!("{:>9}", percent(self.confirmed, self.delivered)),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "of": self.of,
            "person_days": self.person_days,
            "right": self.right,
            "uncertain": self.uncertain,
            "wrong": self.wrong,
            "delivered": self.delivered,
            "confirmed_of_delivered": self.confirmed,
        })
    }
}

impl Asked {
    fn keeps_limit(&self) -> bool {
        self.limit.is_none_or(|limit| self.busiest <= limit)
    }

    fn cells(&self) -> Vec<String> {
        let count = |count| HumanCount(count).to_string();
        let held = match self.limit {
            None => "none is counted".to_owned(),
            Some(limit) if self.keeps_limit() => format!("kept: {limit} a minute"),
            Some(limit) => format!("EXCEEDED: {limit} a minute"),
        };
        vec![
            self.source.token().to_owned(),
            format!("{:>9}", count(self.requests)),
            format!("{:>7}", count(u64::from(self.busiest))),
            format!("{:>3}", count(self.refused)),
            format!("{:>10}", count(self.deliveries)),
            format!("{:>10}", count(self.rows)),
            format!("{:>12}", count(self.observations)),
            held,
        ]
    }
}

/// For a terminal of 100 columns.
pub(crate) fn text(walked: &Walked) -> String {
    let faults = match walked.faults.as_str() {
        "" => "none",
        names => names,
    };
    let head = format!(
        "{} trainees and {} others of seed {} from {} to {}\nfaults: {faults}; walked in {}",
        HumanCount(u64::from(walked.trainees)),
        HumanCount((walked.people as u64).saturating_sub(u64::from(walked.trainees))),
        walked.seed,
        walked.days.0,
        walked.days.1,
        took(walked.took),
    );
    let parts = [
        head,
        format!(
            "Each evening's answers beside where people really stood, in person-days. Delivered: the source that\n\
             settles it had told the truth by then; confirmed: the share of those that we said to be sure of.\n\n{}",
            months(walked)
        ),
        chart(&walked.months),
        format!(
            "How many days it took to learn what people came to be:\n\n{}",
            learnt(walked)
        ),
        format!(
            "What was asked of the services, and what came:\n\n{}",
            asked(walked)
        ),
        closing(walked),
    ];
    parts.join("\n\n")
}

fn months(walked: &Walked) -> String {
    let head = [
        "month",
        "person-days",
        "  right",
        "uncertain",
        "  wrong",
        "  delivered",
        "confirmed",
    ];
    let rows: Vec<_> = walked
        .months
        .iter()
        .chain([&walked.year])
        .map(Line::cells)
        .collect();
    output::table(&head, &rows)
}

fn learnt(walked: &Walked) -> String {
    let days = |days: Option<i32>| days.map_or_else(|| "-".to_owned(), |days| days.to_string());
    let row = |(stage, learnt): &(&str, Learnt)| {
        vec![
            (*stage).to_owned(),
            format!("{:>7}", HumanCount(u64::from(learnt.count())).to_string()),
            format!("{:>6}", days(learnt.percentile(50))),
            format!("{:>9}", days(learnt.percentile(90))),
            format!("{:>9}", learnt.overtaken),
            format!("{:>7}", learnt.not_yet),
        ]
    };
    let head = ["became", " learnt", "median", "90 of 100", "overtaken", "not yet"];
    let rows: Vec<_> = walked.learnt.iter().map(row).collect();
    output::table(&head, &rows)
}

fn asked(walked: &Walked) -> String {
    let head = [
        "source",
        " requests",
        "busiest",
        "429",
        "deliveries",
        "      rows",
        "observations",
        "limit",
    ];
    let rows: Vec<_> = walked.asked.iter().map(Asked::cells).collect();
    output::table(&head, &rows)
}

fn closing(walked: &Walked) -> String {
    let (held, waiting) = walked.held;
    let mut lines = vec![match held {
        0 => "No delivery was held back.".to_owned(),
        _ => format!(
            "Deliveries held back: {held}, of which {waiting} wait for an operator (ltr delivery list)."
        ),
    }];
    if walked.failures > 0 {
        lines.push(format!(
            "Parts of feeds that could not be read, and were read again later: {}.",
            HumanCount(walked.failures as u64)
        ));
    }
    lines.extend(
        walked
            .breaches
            .iter()
            .map(|breach| format!("Not reached: {breach}.")),
    );
    lines.join("\n")
}

/// As one JSON object; who else stands in it is the caller's.
pub(crate) fn json(walked: &Walked) -> Value {
    let learnt = walked.learnt.iter().map(|(stage, learnt)| {
        json!({
            "became": stage,
            "learnt": learnt.count(),
            "median_days": learnt.percentile(50),
            "percentile_90_days": learnt.percentile(90),
            "overtaken": learnt.overtaken,
            "not_yet": learnt.not_yet,
        })
    });
    let asked = walked.asked.iter().map(|one| {
        json!({
            "source": one.source.token(),
            "requests": one.requests,
            "busiest_minute": one.busiest,
            "limit_a_minute": one.limit,
            "is_limit_kept": one.keeps_limit(),
            "refused": one.refused,
            "deliveries": one.deliveries,
            "rows": one.rows,
            "observations": one.observations,
        })
    });
    json!({
        "seed": walked.seed,
        "trainees": walked.trainees,
        "people": walked.people,
        "faults": walked.faults,
        "from": walked.days.0.to_string(),
        "to": walked.days.1.to_string(),
        "months": walked.months.iter().map(Line::json).collect::<Vec<_>>(),
        "year": walked.year.json(),
        "learnt": learnt.collect::<Vec<_>>(),
        "sources": asked.collect::<Vec<_>>(),
        "held": walked.held.0,
        "held_waiting": walked.held.1,
        "failures": walked.failures,
        "not_reached": walked.breaches,
        "seconds": walked.took.as_secs(),
    })
}

/// A share in hundredths of a per cent; a dash of nothing.
fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let share = (part * 10_000 + whole / 2) / whole;
    format!("{}.{:02}%", share / 100, share % 100)
}

fn took(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds / 60 {
        0 => format!("{seconds} s"),
        minutes => format!("{minutes} min {:02} s", seconds % 60),
    }
}

#[cfg(test)]
mod tests;
