//! `ltr ingest run`: the connectors, wired to the log and the world.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ltr_connect::webhook::Receiver;
use ltr_connect::{Means, Outcome, Shared, Supervisor, Told};
use ltr_domain::ids::Feed;
use ltr_log_nats::{NatsLog, NatsNextRuns, NatsRereads};
use ltr_ports::clock::SystemClock;
use ltr_ports::rereads::LEASE;
use serde_json::json;

use crate::cli::IngestRun;
use crate::config::Config;
use crate::failure::Failure;
use crate::{feeding, kek, output, wiring};

/// Reads the upstream services.
pub(crate) async fn run(args: &IngestRun, config: &Config) -> anyhow::Result<()> {
    let Some(connect) = &config.connect else {
        return Err(Failure::Usage(
            "no upstream service is set up: name a file with a table [connect] by --config (docs/connectors.md)".to_owned(),
        )
        .into());
    };
    let form = if args.json { Form::Json } else { Form::Text };
    let feed = args.feed.as_deref().map(feeding::feed_named).transpose()?;
    let log = wiring::log(config, None).await?;
    let rereads = NatsRereads::open(&log, LEASE)
        .await
        .context("opening the queue of TRNs to read again")?;
    let means = Means {
        pace: Arc::new(SystemClock),
        random: Arc::new(kek::random),
        patience: ltr_connect::retry::Patience::default(),
        rereads: Arc::new(rereads),
    };
    let workers = match feed {
        Some(feed) => connect.worker_of::<NatsLog>(feed, &means),
        None => connect.workers(&means),
    }
    .map_err(refused)?;
    let receiver = connect.receiver(&means).map_err(refused)?;
    let receiver = receiver.filter(|_| feed.is_none());
    let next_runs = NatsNextRuns::beside(&log);
    let mut shared = Shared::new(log, means.pace, means.random, kek::load(config)?);
    let bars = Arc::new(Bars::default());
    let shown = Arc::clone(&bars);
    shared.next_runs = Arc::new(next_runs);
    shared.ingest.bounds.clone_from(&config.bounds);
    shared.told = Arc::new(move |told| shown.show(told));
    let mut supervisor = Supervisor::new(Arc::new(shared), workers);
    if !args.once {
        let reading = supervisor.run(wiring::asked_to_stop(), |outcome| match outcome {
            Ok(outcome) => bars.clear(|| report(outcome, form)),
            Err(error) => bars.clear(|| output::note(&format!("ltr: {}", error.chain()))),
        });
        return tokio::select! {
            () = reading => Ok(()),
            received = receive(receiver) => received,
        };
    }
    let (mut runs, mut failed) = (0u32, 0usize);
    let reading = supervisor.run_until_idle(|outcome| {
        runs += 1;
        match outcome {
            Ok(outcome) => {
                failed += outcome.failures.len();
                bars.clear(|| report(outcome, form));
            }
            Err(error) => {
                failed += 1;
                bars.clear(|| output::note(&format!("ltr: {}", error.chain())));
            }
        }
    });
    tokio::select! {
        () = reading => {}
        () = wiring::asked_to_stop() => {
            output::note("stopped; what was begun is read again by the next run");
            return Ok(());
        }
    }
    if runs == 0 {
        output::note("nothing is due");
    }
    if failed > 0 {
        anyhow::bail!("{failed} parts could not be read; each is tried again by the next run");
    }
    Ok(())
}

/// Receives webhooks while the connectors run; for ever, if none are set up.
async fn receive(receiver: Option<(SocketAddr, Arc<Receiver>)>) -> anyhow::Result<()> {
    let Some((address, receiver)) = receiver else {
        return std::future::pending().await;
    };
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("listening for webhooks at {address}"))?;
    output::note(&format!("listening for webhooks at {address}"));
    receiver.serve(listener).await.context("receiving webhooks")
}

/// What is set up wrongly is wrong usage; the chain is told in one line.
fn refused(error: ltr_connect::ConfigError) -> anyhow::Error {
    Failure::Usage(format!("{:#}", anyhow::Error::from(error))).into()
}

/// How a run of a feed is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A sentence, for people.
    Text,
    /// One object a line.
    Json,
}

pub(crate) fn report(outcome: &Outcome, form: Form) {
    let counts = &outcome.counts;
    if form == Form::Json {
        let failures = outcome.failures.iter().map(|failed| {
            json!({
                "part": failed.part,
                "reason": failed.reason,
                "again_at": failed.again_at.to_string(),
            })
        });
        output::json(&json!({
            "feed": outcome.feed.to_string(),
            "began_at": outcome.began_at.to_string(),
            "deliveries": outcome.deliveries,
            "requests": outcome.requests,
            "rows": counts.rows,
            "unchanged": counts.unchanged,
            "observations": counts.observations,
            "events": counts.events,
            "superseded": counts.superseded,
            "quarantined": counts.quarantined,
            "absent": outcome.absent,
            "failures": failures.collect::<Vec<_>>(),
        }));
        return;
    }
    output::note(&format!(
        "{}: {} deliveries by {} requests, {} rows: {} observations with {} events; {} unchanged, {} superseded, {} in quarantine, {} absent",
        outcome.feed,
        outcome.deliveries,
        outcome.requests,
        counts.rows,
        counts.observations,
        counts.events,
        counts.unchanged,
        counts.superseded,
        counts.quarantined,
        outcome.absent,
    ));
    for failed in &outcome.failures {
        output::note(&format!(
            "  {}: {} (again at {})",
            failed.part, failed.reason, failed.again_at
        ));
    }
}

/// One line a feed on a terminal; nothing elsewhere, where outcomes are told line by line.
struct Bars {
    all: MultiProgress,
    each: std::sync::Mutex<std::collections::BTreeMap<Feed, ProgressBar>>,
}

impl Default for Bars {
    fn default() -> Self {
        let all = MultiProgress::new();
        if !std::io::stderr().is_terminal() {
            all.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        Self {
            all,
            each: std::sync::Mutex::default(),
        }
    }
}

impl Bars {
    fn show(&self, told: &Told) {
        let (feed, rows, what) = match told {
            Told::Settled { feed, progress } => (*feed, progress.counts.rows, "settling"),
            Told::Delivered { feed, counts, .. } => (*feed, counts.rows, "delivered"),
        };
        let mut each = self.each.lock().expect("no holder of this lock panics");
        let bar = each.entry(feed).or_insert_with(|| self.bar(feed));
        bar.set_position(rows);
        bar.set_message(what);
    }

    fn bar(&self, feed: Feed) -> ProgressBar {
        let style = ProgressStyle::with_template("{prefix:36} {spinner} {msg:10} {human_pos} rows {per_sec}");
        let bar = self.all.add(ProgressBar::no_length());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(feed.to_string());
        bar
    }

    /// Prints without the bars being in the way.
    fn clear(&self, print: impl FnOnce()) {
        self.all.suspend(print);
    }
}
