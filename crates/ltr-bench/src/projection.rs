//! W1 by itself, and what it costs: one log, projected into an empty store again and again, with the time that each of
//! the processes had a core. Those times mean something on a machine that has other work to do as well.

use std::fmt;
use std::time::Duration;

use ltr_devservers::{NatsServer, PostgresServer};
use ltr_log_nats::NatsLog;
use serde_json::{Value, json};

use crate::report::Spread;
use crate::round::{per_second, share};
use crate::upsert::{Plain, Table};
use crate::{cpu, ingest, project, rows, servers, upsert};

/// Who had a core for how long, since the servers started.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    own: Duration,
    postgres: Duration,
    nats: Duration,
}

/// What one projection took.
struct Round {
    messages: u64,
    batches: usize,
    took: Duration,
    used: Used,
    wal_bytes: i64,
    limit_took: Duration,
    limit_postgres: Duration,
    limit_wal_bytes: i64,
}

/// What the rounds come to.
pub(crate) struct Report {
    rounds: usize,
    messages: u64,
    lines: Vec<(&'static str, Spread)>,
}

/// Writes a log of so many rows, a tenth of them changed later, and projects it so many times.
pub(crate) async fn run(rows: usize, rounds: usize) -> anyhow::Result<Report> {
    let postgres = servers::postgres().await?;
    let (nats, log) = servers::nats().await?;
    ingest::run(&log, 1, &rows::first_delivery(rows)).await?;
    ingest::run(&log, 2, &rows::tenth_changed(rows)).await?;
    let mut measured = Vec::with_capacity(rounds);
    for number in 1..=rounds {
        measured.push(measure(&log, &nats, &postgres, number).await?);
    }
    drop(log);
    nats.stop().await;
    postgres.stop().await;
    Ok(Report::of(&measured))
}

async fn measure(
    log: &NatsLog,
    nats: &NatsServer,
    postgres: &PostgresServer,
    number: usize,
) -> anyhow::Result<Round> {
    let database = postgres.fresh_database(&format!("projection{number}")).await?;
    ltr_store_pg::migrate(&database).await?;
    let plain = Plain::connect(&database).await?;
    upsert::checkpoint(postgres.url()).await?;
    let (wal, before) = (plain.wal_bytes().await?, Used::now(nats, postgres));
    let projected = project::run(log, &database).await?;
    let (wal_then, then) = (plain.wal_bytes().await?, Used::now(nats, postgres));
    upsert::checkpoint(postgres.url()).await?;
    let (wal_limit, limit) = (plain.wal_bytes().await?, Used::now(nats, postgres));
    let limit_took = plain.write(Table::AsTheyAre, &projected.batches).await?;
    let (wal_after, after) = (plain.wal_bytes().await?, Used::now(nats, postgres));
    Ok(Round {
        messages: projected.messages,
        batches: projected.batches.len(),
        took: projected.took,
        used: Used {
            own: then.own - before.own,
            postgres: then.postgres.saturating_sub(before.postgres),
            nats: then.nats - before.nats,
        },
        wal_bytes: wal_then - wal,
        limit_took,
        limit_postgres: after.postgres.saturating_sub(limit.postgres),
        limit_wal_bytes: wal_after - wal_limit,
    })
}

impl Used {
    /// Zeros where the system does not tell.
    fn now(nats: &NatsServer, postgres: &PostgresServer) -> Self {
        let of = |process: Option<u32>| process.and_then(cpu::with_children).unwrap_or_default();
        Self {
            own: cpu::own().unwrap_or_default(),
            postgres: of(postgres.pid()),
            nats: of(nats.pid()),
        }
    }
}

impl Report {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn of(rounds: &[Round]) -> Self {
        let spread = |value: &dyn Fn(&Round) -> f64| Spread::of(rounds.iter().map(value).collect());
        let a_message =
            |round: &Round, time: Duration| 1e6 / per_second(round.messages, time).max(f64::MIN_POSITIVE);
        let bytes = |round: &Round, bytes: i64| {
            share(
                usize::try_from(bytes).unwrap_or(0),
                usize::try_from(round.messages).unwrap_or(0),
            )
        };
        let lines = vec![
            (
                "messages a batch",
                spread(&|round| round.messages as f64 / round.batches.max(1) as f64),
            ),
            (
                "messages/s",
                spread(&|round| per_second(round.messages, round.took)),
            ),
            (
                "messages/s, the plain upsert",
                spread(&|round| per_second(round.messages, round.limit_took)),
            ),
            (
                "µs of a core a message, the projector",
                spread(&|round| a_message(round, round.used.own)),
            ),
            (
                "µs of a core a message, PostgreSQL",
                spread(&|round| a_message(round, round.used.postgres)),
            ),
            (
                "µs of a core a message, NATS",
                spread(&|round| a_message(round, round.used.nats)),
            ),
            (
                "µs of a core a message, PostgreSQL, the plain upsert",
                spread(&|round| a_message(round, round.limit_postgres)),
            ),
            (
                "bytes of write-ahead log a message",
                spread(&|round| bytes(round, round.wal_bytes)),
            ),
            (
                "bytes of write-ahead log a message, the plain upsert",
                spread(&|round| bytes(round, round.limit_wal_bytes)),
            ),
        ];
        Self {
            rounds: rounds.len(),
            messages: rounds.first().map_or(0, |round| round.messages),
            lines,
        }
    }

    /// For a program to read.
    pub(crate) fn json(&self) -> Value {
        let lines = self.lines.iter();
        json!({
            "messages": self.messages,
            "rounds": self.rounds,
            "measurements": lines.map(|(name, spread)| json!({ "name": name, "measured": spread.json() })).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} messages, medians of {} rounds (min–max)",
            self.messages, self.rounds
        )?;
        for (name, spread) in &self.lines {
            write!(
                f,
                "\n{name:<54}  {:>9.1} ({:.1}–{:.1})",
                spread.median, spread.min, spread.max
            )?;
        }
        Ok(())
    }
}
