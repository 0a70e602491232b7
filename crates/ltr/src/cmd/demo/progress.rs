//! How far the year is, while it is walked: a bar a source on a terminal, a line a month elsewhere.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;
use ltr_connect::Told;
use ltr_domain::ids::Source;
use ltr_year::Day;

use crate::output;

/// What came from one source so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Came {
    /// Deliveries that were closed.
    pub(crate) deliveries: u64,
    /// Rows in them.
    pub(crate) rows: u64,
    /// Observations published of them.
    pub(crate) observations: u64,
}

/// Shows how far the year is, and counts what came.
pub(super) struct Progress {
    all: MultiProgress,
    bars: BTreeMap<Source, ProgressBar>,
    came: Mutex<(Date, BTreeMap<Source, Came>)>,
    form: Form,
}

/// Where progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Bars,
    Lines,
}

impl Progress {
    /// A year of so many days begins.
    pub(super) fn new(from: Date, days: u64) -> Self {
        let all = MultiProgress::new();
        let form = match std::io::stderr().is_terminal() {
            true => Form::Bars,
            false => Form::Lines,
        };
        if form == Form::Lines {
            all.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template("{prefix:18} {bar:24} {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = |source: Source| {
            let bar = all.add(ProgressBar::new(days).with_style(style.clone()));
            bar.set_prefix(source.token());
            (source, bar)
        };
        Self {
            bars: Source::ALL.into_iter().map(bar).collect(),
            all,
            came: Mutex::new((from, Source::ALL.map(|source| (source, Came::default())).into())),
            form,
        }
    }

    /// A connector told something.
    pub(super) fn hear(&self, told: &Told) {
        let Told::Delivered { feed, counts, .. } = told else {
            return;
        };
        let mut came = self.came.lock().expect("no holder of this lock panics");
        let (on, came) = &mut *came;
        let source = feed.source();
        let one = came.entry(source).or_default();
        one.deliveries += 1;
        one.rows += counts.rows;
        one.observations += counts.observations;
        if let Some(bar) = self.bars.get(&source) {
            bar.set_message(message(*on, one));
        }
    }

    /// A day was walked.
    pub(super) fn walked(&self, day: &Day) {
        let mut came = self.came.lock().expect("no holder of this lock panics");
        let (on, came) = &mut *came;
        *on = day.on;
        for (source, bar) in &self.bars {
            let one = came.get(source).copied().unwrap_or_default();
            bar.set_message(message(day.on, &one));
            bar.inc(1);
        }
        if self.form == Form::Lines && day.on == day.on.last_of_month() {
            output::note(&line(day.on, day.answered, came));
        }
    }

    /// What came from each source.
    pub(super) fn came(&self) -> BTreeMap<Source, Came> {
        self.came.lock().expect("no holder of this lock panics").1.clone()
    }

    /// Takes the bars away.
    pub(super) fn end(&self) {
        // A terminal that cannot be cleared keeps its bars.
        let _ = self.all.clear();
    }
}

fn message(on: Date, came: &Came) -> String {
    format!(
        "{on}  {} deliveries  {} rows  {} observations",
        HumanCount(came.deliveries),
        HumanCount(came.rows),
        HumanCount(came.observations),
    )
}

fn line(on: Date, answered: usize, came: &BTreeMap<Source, Came>) -> String {
    let mut sum = Came::default();
    for one in came.values() {
        sum.deliveries += one.deliveries;
        sum.rows += one.rows;
        sum.observations += one.observations;
    }
    format!("{}, {answered} people have an answer", message(on, &sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_one_line() {
        let came = Came {
            deliveries: 2,
            rows: 1_200,
            observations: 30,
        };
        let all = [(Source::Apply, came), (Source::Trs, came)].into();
        assert_eq!(
            line(jiff::civil::date(2026, 8, 31), 44, &all),
            "2026-08-31  4 deliveries  2,400 rows  60 observations, 44 people have an answer"
        );
    }
}
