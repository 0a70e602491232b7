//! When feeds are read next: the conformance suite.

use ltr_devservers::NatsServer;
use ltr_log_nats::{NatsLog, NatsNextRuns};
use ltr_ports::next_runs_conformance;

async fn fresh_runs() -> (NatsNextRuns, (NatsLog, NatsServer)) {
    let (log, server) = super::fresh().await;
    (NatsNextRuns::beside(&log), (log, server))
}

next_runs_conformance!(fresh_runs);
