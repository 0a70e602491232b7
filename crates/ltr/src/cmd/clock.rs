//! `ltr clock advance`: moves the time of a simulated log.

use jiff::Timestamp;
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_project::{adoption, calendar};

use crate::config::Config;
use crate::failure::Failure;
use crate::{output, wiring};

/// Lets time pass up to that instant.
pub(crate) async fn advance(to: Timestamp, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    publish(&log, to).await?;
    output::note(&format!("the log's time is {to}"));
    Ok(())
}

/// Publishes the milestones on the way, and a heartbeat, on a simulated log.
pub(crate) async fn publish<L: Log>(log: &L, to: Timestamp) -> anyhow::Result<()> {
    let facts = log.facts(Stream::Events).await?;
    if facts.clock == ClockKind::Real {
        let text = "this log keeps real time; only a log made with --clock simulated can be advanced";
        return Err(Failure::Refused(text.to_owned()).into());
    }
    let now = wiring::now(log).await?;
    if to < now {
        return Err(Failure::Refused(format!("the log's time is {now} already; it never goes back")).into());
    }
    let policies = adoption::on_log(log).await?.policies;
    let from = (facts.last_sequence > 0).then_some(now);
    for reached in calendar::advance(log, &policies.in_force().calendar, from, to).await? {
        output::note(&format!(
            "{} {} on {}",
            reached.milestone, reached.year, reached.on
        ));
    }
    Ok(())
}
