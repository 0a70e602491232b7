//! I2: a full sweep in which nothing is new, beside reading the same rows and telling by their digests that they are
//! the same – which is the least that anyone could do.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use ltr_log_nats::NatsLog;
use ltr_proto::digest::content_digest;
use serde_json::{Value, json};

use crate::report::Spread;
use crate::round::Pair;
use crate::{cpu, ingest, rows, servers};

/// Delivers a document of rows that the log knows already, complete, twice: the second is measured. It has what a
/// sweep has every night, an earlier complete delivery to be compared with, and must publish no observation.
pub(crate) async fn run(log: &NatsLog, document: &[u8], rows: usize) -> anyhow::Result<Pair> {
    sweep(log, 3, document, rows).await?;
    let ours = sweep(log, 4, document, rows).await?;
    let limit = parse_and_digest(document, rows)?;
    Ok(Pair {
        count: rows as u64,
        ours,
        limit,
    })
}

/// What sweeps one after the other took.
pub(crate) struct Report {
    rows: usize,
    sweeps: Vec<Measured>,
}

struct Measured {
    pair: Pair,
    /// Processor time of this process, and of the server.
    cost: Option<(Duration, Duration)>,
}

/// Measures as many sweeps over one log as there are rounds.
pub(crate) async fn measure(rows: usize, rounds: usize) -> anyhow::Result<Report> {
    let document = rows::tenth_changed(rows);
    let (server, log) = servers::nats().await?;
    ingest::run(&log, 1, &rows::first_delivery(rows)).await?;
    ingest::run(&log, 2, &document).await?;
    sweep(&log, 3, &document, rows).await?;
    let mut sweeps = Vec::with_capacity(rounds);
    for number in (4..).take(rounds) {
        let cost = || Some((cpu::own()?, cpu::with_children(server.pid()?)?));
        let before = cost();
        let ours = sweep(&log, number, &document, rows).await?;
        let after = cost();
        let cost = before.zip(after);
        sweeps.push(Measured {
            pair: Pair {
                count: rows as u64,
                ours,
                limit: parse_and_digest(&document, rows)?,
            },
            cost: cost.map(|(before, after)| (after.0 - before.0, after.1 - before.1)),
        });
    }
    drop(log);
    server.stop().await;
    Ok(Report { rows, sweeps })
}

/// A complete delivery of rows that the log knows.
async fn sweep(log: &NatsLog, number: u128, document: &[u8], rows: usize) -> anyhow::Result<Duration> {
    let rows = rows as u64;
    let (took, counts) = ingest::run_complete(log, number, document).await?;
    ensure!(
        counts.observations == 0,
        "a sweep of known rows publishes nothing"
    );
    ensure!(
        counts.rows == rows && counts.unchanged == rows,
        "every row is unchanged"
    );
    Ok(took)
}

/// Parses every row and digests its bytes, on one core.
fn parse_and_digest(document: &[u8], rows: usize) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut read = 0;
    for line in document
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let row: Value = serde_json::from_slice(line).context("parsing a row of our own")?;
        black_box((row, content_digest(line)));
        read += 1;
    }
    let took = began.elapsed();
    ensure!(read == rows, "every row is read");
    Ok(took)
}

impl Report {
    fn spread(&self, value: impl Fn(&Measured) -> Option<f64>) -> Spread {
        Spread::of(self.sweeps.iter().filter_map(value).collect())
    }

    /// Microseconds of processor time a row, of this process and of the server.
    fn costs(&self) -> [Spread; 2] {
        let micros = |cost: Duration| cost.as_secs_f64() * 1e6 / count(self.rows);
        [
            self.spread(|sweep| sweep.cost.map(|(own, _)| micros(own))),
            self.spread(|sweep| sweep.cost.map(|(_, server)| micros(server))),
        ]
    }

    /// For a program to read.
    pub(crate) fn json(&self) -> Value {
        let [own, server] = self.costs();
        json!({
            "rows": self.rows,
            "sweeps": self.sweeps.len(),
            "ours": self.spread(|sweep| Some(sweep.pair.ours())).json(),
            "limit": self.spread(|sweep| Some(sweep.pair.limit())).json(),
            "ratio": self.spread(|sweep| Some(sweep.pair.ratio())).json(),
            "own_micros_per_row": own.json(),
            "server_micros_per_row": server.json(),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(rows: usize) -> f64 {
    rows as f64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [own, server] = self.costs();
        writeln!(
            f,
            "{} sweeps of {} known rows, medians (min–max)\n",
            self.sweeps.len(),
            self.rows
        )?;
        let mut print = |what: &str, spread: String| writeln!(f, "{what:<44}  {spread}");
        print("rows/s", self.spread(|sweep| Some(sweep.pair.ours())).whole())?;
        print(
            "rows/s parsed and digested on one core",
            self.spread(|sweep| Some(sweep.pair.limit())).whole(),
        )?;
        print("ratio", self.spread(|sweep| Some(sweep.pair.ratio())).share())?;
        print("processor time a row, this process, µs", own.tenths())?;
        print("processor time a row, server, µs", server.tenths())
    }
}
