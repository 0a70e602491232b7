//! `ltr clock advance`: moves the time of a simulated log.

use jiff::Timestamp;
use ltr_domain::time::{RecordedAt, london_date};
use ltr_ports::log::{ClockKind, Log, NewMessage, Published, Stream};
use ltr_proto::codec;
use ltr_proto::subject::Subject;

use crate::config::Config;
use crate::failure::Failure;
use crate::{output, wiring};

/// Publishes a heartbeat at that instant.
pub(crate) async fn advance(to: Timestamp, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    publish(&log, to).await?;
    output::note(&format!("the log's time is {to}"));
    Ok(())
}

/// Publishes a heartbeat on a simulated log.
pub(crate) async fn publish<L: Log>(log: &L, to: Timestamp) -> anyhow::Result<()> {
    if log.facts(Stream::Events).await?.clock == ClockKind::Real {
        let text = "this log keeps real time; only a log made with --clock simulated can be advanced";
        return Err(Failure::Refused(text.to_owned()).into());
    }
    let now = wiring::now(log).await?;
    if to < now {
        return Err(Failure::Refused(format!("the log's time is {now} already; it never goes back")).into());
    }
    let message = NewMessage {
        subject: Subject::heartbeat(london_date(to).year()).to_string(),
        payload: codec::encode_heartbeat(to, RecordedAt(to)),
        expected_last: None,
    };
    match log.publish(Stream::Events, vec![message]).await? {
        Published::Stored { .. } => Ok(()),
        Published::Refused => anyhow::bail!("the heartbeat was refused although it expects nothing"),
    }
}
