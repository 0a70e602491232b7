//! I2: a full sweep in which nothing is new, beside reading the same rows and telling by their digests that they are
//! the same – which is the least that anyone could do.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use ltr_log_nats::NatsLog;
use ltr_proto::digest::content_digest;

use crate::ingest;
use crate::round::Pair;

/// Delivers a document of rows that the log knows already, complete, twice: the second is measured. It has what a
/// sweep has every night, an earlier complete delivery to be compared with, and must publish no observation.
pub(crate) async fn run(log: &NatsLog, document: &[u8], rows: usize) -> anyhow::Result<Pair> {
    let rows = rows as u64;
    ingest::run_complete(log, 3, document).await?;
    let (ours, counts) = ingest::run_complete(log, 4, document).await?;
    ensure!(
        counts.observations == 0,
        "a sweep of known rows publishes nothing"
    );
    ensure!(
        counts.rows == rows && counts.unchanged == rows,
        "every row is unchanged"
    );
    let limit = parse_and_digest(document, rows)?;
    Ok(Pair {
        count: rows,
        ours,
        limit,
    })
}

/// Parses every row and digests its bytes, on one core.
fn parse_and_digest(document: &[u8], rows: u64) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut read = 0;
    for line in document
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let row: serde_json::Value = serde_json::from_slice(line).context("parsing a row of our own")?;
        black_box((row, content_digest(line)));
        read += 1;
    }
    let took = began.elapsed();
    ensure!(read == rows, "every row is read");
    Ok(took)
}
