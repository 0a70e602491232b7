//! One large complete delivery, and the same a while later with a twentieth changed: how long they take, and how much
//! memory. The rows are made as they are read, so what is measured is ours, and the making.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::ensure;
use ltr_domain::delivery::Counts;
use ltr_log_nats::NatsLog;
use serde_json::{Value, json};

use crate::rows::{SoFar, line_by_line};
use crate::{ingest, memory, servers};

/// The most memory a delivery may take, in bytes.
const PEAK_MAX: u64 = 1 << 30;

/// What one delivery took.
struct Measured {
    name: &'static str,
    took: Duration,
    counts: Counts,
    /// Of this process while it ran; the servers are processes of their own.
    peak_bytes: Option<u64>,
}

/// What was found.
pub(crate) struct Report {
    rows: usize,
    /// Making the rows once, without anything else. A delivery that is published is read twice.
    making: Duration,
    deliveries: [Measured; 2],
}

/// Measures both deliveries.
pub(crate) async fn run(rows: usize) -> anyhow::Result<Report> {
    let making = make(rows);
    let (server, log) = servers::nats().await?;
    let first = measure(&log, 1, "every row new", rows, SoFar::InTraining).await?;
    ensure!(first.counts.observations == rows as u64, "every row is new");
    let second = measure(&log, 2, "a twentieth changed", rows, SoFar::TwentiethDeferred).await?;
    let changed = line_count_changed(rows);
    ensure!(
        second.counts.observations == changed && second.counts.unchanged == rows as u64 - changed,
        "a twentieth changed"
    );
    drop(log);
    server.stop().await;
    Ok(Report {
        rows,
        making,
        deliveries: [first, second],
    })
}

async fn measure(
    log: &NatsLog,
    number: u128,
    name: &'static str,
    rows: usize,
    so_far: SoFar,
) -> anyhow::Result<Measured> {
    memory::begin_peak();
    let (took, counts) = ingest::run_lines(log, number, || line_by_line(rows, so_far)).await?;
    ensure!(counts.rows == rows as u64, "every row is read");
    Ok(Measured {
        name,
        took,
        counts,
        peak_bytes: memory::peak_bytes(),
    })
}

/// How many of so many rows are deferred in the second delivery: the fourth of every twenty.
fn line_count_changed(rows: usize) -> u64 {
    ((rows + 16) / 20) as u64
}

fn make(rows: usize) -> Duration {
    let began = Instant::now();
    line_by_line(rows, SoFar::InTraining).for_each(|line| drop(black_box(line)));
    began.elapsed()
}

impl Measured {
    fn verdict(&self) -> &'static str {
        match self.peak_bytes {
            Some(peak) if peak < PEAK_MAX => "met",
            Some(_) => "missed",
            None => "n/a",
        }
    }

    fn peak(&self) -> String {
        self.peak_bytes
            .map_or_else(|| "n/a".to_owned(), |bytes| format!("{} MiB", bytes >> 20))
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn rows_per_second(&self) -> f64 {
        self.counts.rows as f64 / self.took.as_secs_f64()
    }
}

impl Report {
    /// For a program to read.
    pub(crate) fn json(&self) -> Value {
        let delivery = |measured: &Measured| {
            json!({
                "name": measured.name,
                "seconds": measured.took.as_secs_f64(),
                "rows_per_second": measured.rows_per_second(),
                "observations": measured.counts.observations,
                "peak_bytes": measured.peak_bytes,
                "peak_bytes_max": PEAK_MAX,
                "verdict": measured.verdict(),
            })
        };
        json!({
            "rows": self.rows,
            "making_seconds": self.making.as_secs_f64(),
            "deliveries": self.deliveries.iter().map(delivery).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "complete deliveries of {} rows\n", self.rows)?;
        let head = [
            "delivery",
            "observations",
            "wall time",
            "rows/s",
            "peak memory",
            "under",
        ];
        print(f, head, "")?;
        for measured in &self.deliveries {
            let (took, speed) = (
                format!("{:.1} s", measured.took.as_secs_f64()),
                format!("{:.0}", measured.rows_per_second()),
            );
            let (observations, under) = (
                measured.counts.observations.to_string(),
                format!("{} MiB", PEAK_MAX >> 20),
            );
            let cells = [
                measured.name,
                &observations,
                &took,
                &speed,
                &measured.peak(),
                &under,
            ];
            print(f, cells, measured.verdict())?;
        }
        write!(
            f,
            "\nmaking the rows once takes {:.1} s; each delivery reads them twice, to judge and to publish",
            self.making.as_secs_f64()
        )
    }
}

fn print(f: &mut fmt::Formatter<'_>, cells: [&str; 6], verdict: &str) -> fmt::Result {
    let [what, observations, took, speed, peak, under] = cells;
    writeln!(
        f,
        "{what:<20}  {observations:>12}  {took:>10}  {speed:>8}  {peak:>12}  {under:>9}  {verdict}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deferred_are_counted_as_they_are_made() {
        for rows in [0, 3, 4, 23, 24, 100] {
            let both =
                line_by_line(rows, SoFar::InTraining).zip(line_by_line(rows, SoFar::TwentiethDeferred));
            let changed = both.filter(|(before, after)| before != after).count() as u64;
            assert_eq!(line_count_changed(rows), changed, "of {rows} rows");
        }
    }
}
