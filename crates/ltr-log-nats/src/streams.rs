//! The streams as we want them: made if that is allowed, and refused if they are otherwise.

use ltr_ports::log::{ClockKind, LogError, Stream};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::connection::Connection;
use crate::facts::{StreamInfo, info};
use crate::{Cause, Made, Options};

/// JetStream's code for a stream that does not exist.
const STREAM_NOT_FOUND: u64 = 10_059;
/// JetStream's codes for being switched off, for the server and for the account.
const JETSTREAM_OFF: [u64; 2] = [10_076, 10_039];

/// The key of a stream's metadata that tells its clock.
const CLOCK_KEY: &str = "ltr.clock";

/// Looks at every stream and makes the missing ones, if there is leave to.
pub(crate) async fn ensure(connection: &Connection, options: &Options) -> Result<Made, LogError> {
    let mut made: Option<Made> = None;
    for stream in Stream::ALL {
        let info = match info(connection, stream).await {
            Ok(info) => info,
            Err(Cause::Server {
                code: STREAM_NOT_FOUND,
                ..
            }) => make(connection, stream, options).await?,
            Err(cause) => return Err(unusable(cause, stream)),
        };
        let this = examine(stream, &info.config, options.create)?;
        match &made {
            Some(first) if first.clock != this.clock => {
                return Err(LogError::Unsuitable(format!(
                    "{stream} and {} do not have the same {CLOCK_KEY}: they are not streams of one log",
                    Stream::Events
                )));
            }
            Some(_) => {}
            None => made = Some(this),
        }
    }
    Ok(made.expect("there is more than one stream"))
}

async fn make(connection: &Connection, stream: Stream, options: &Options) -> Result<StreamInfo, LogError> {
    let Some(clock) = options.create else {
        return Err(LogError::Unsuitable(format!(
            "there is no stream {stream}: make the streams first, by opening the log with leave to make them"
        )));
    };
    let configuration = wanted(stream, clock, options.replicas);
    let made = connection
        .ask(&format!("STREAM.CREATE.{stream}"), &configuration)
        .await;
    if made.is_ok() {
        tracing::info!(%stream, "made");
    }
    made.map_err(|cause| unusable(cause, stream))
}

fn unusable(cause: Cause, stream: Stream) -> LogError {
    match cause {
        Cause::NoResponder => LogError::Unsuitable(
            "the NATS server has no JetStream: switch it on, with a directory to store in".to_owned(),
        ),
        Cause::Server { code, .. } if JETSTREAM_OFF.contains(&code) => LogError::Unsuitable(
            "JetStream is not enabled on the NATS server or for this account: switch it on".to_owned(),
        ),
        Cause::NotConnected
        | Cause::Unsent(_)
        | Cause::ConnectionLost
        | Cause::TimedOut(_)
        | Cause::Server { .. }
        | Cause::Unreadable(_) => cause.of_write("opening", stream),
    }
}

/// The configuration of a stream that is made.
///
/// Not compressed, although servers can: they compress blocks of 8 MB, and every expected sequence on a subject, like
/// every direct get, then unpacks one. With S2 and 300,000 messages, batches on subjects in random order went from
/// 15,000 to 260 messages per second on one machine. What is sealed would not become smaller anyway.
fn wanted(stream: Stream, clock: ClockKind, replicas: usize) -> Value {
    let mut configuration = json!({
        "name": stream.name(),
        "description": describe(stream),
        "subjects": stream.subjects(),
        "storage": "file",
        "compression": "none",
        "retention": "limits",
        "discard": "new",
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msgs_per_subject": -1,
        "max_consumers": -1,
        "num_replicas": replicas,
        "allow_direct": true,
        "allow_atomic": true,
        "metadata": { CLOCK_KEY: clock_token(clock) },
    });
    match stream {
        Stream::Events => {
            configuration["deny_delete"] = true.into();
            configuration["deny_purge"] = true.into();
        }
        Stream::Evidence => {}
        Stream::Keys => {
            configuration["max_msgs_per_subject"] = 1.into();
            // With `new`, a second key for a record could be refused where it should replace the first.
            configuration["discard"] = "old".into();
        }
    }
    configuration
}

fn describe(stream: Stream) -> &'static str {
    match stream {
        Stream::Events => "Lifetime Teacher Record: observations, pages, policy; never purged",
        Stream::Evidence => "Lifetime Teacher Record: rows as received, sealed",
        Stream::Keys => "Lifetime Teacher Record: wrapped keys; needs a backup of its own",
    }
}

/// What a stream must be like to be used at all. Retention of evidence and replicas are the operator's to change.
fn required(stream: Stream) -> &'static [&'static str] {
    match stream {
        Stream::Events => &[
            "storage",
            "retention",
            "allow_atomic",
            "allow_direct",
            "deny_delete",
            "deny_purge",
            "max_msgs",
            "max_bytes",
            "max_age",
            "max_msgs_per_subject",
        ],
        Stream::Evidence => &["storage", "allow_atomic", "allow_direct"],
        Stream::Keys => &[
            "storage",
            "retention",
            "allow_atomic",
            "allow_direct",
            "max_msgs",
            "max_bytes",
            "max_age",
            "max_msgs_per_subject",
        ],
    }
}

/// Whether a stream will do, and what it settles.
fn examine(stream: Stream, configuration: &Value, asked_for: Option<ClockKind>) -> Result<Made, LogError> {
    let refuse = |problem: String| Err(LogError::Unsuitable(format!("the stream {stream} {problem}")));
    let Some(clock) = clock_in(configuration) else {
        return refuse(format!(
            "does not tell its {CLOCK_KEY}: it was not made by this program; use another account"
        ));
    };
    if asked_for.is_some_and(|asked_for| asked_for != clock) {
        return refuse(format!(
            "was made with {CLOCK_KEY}={}: open it so, or use another server",
            clock_token(clock)
        ));
    }
    let replicas = configuration["num_replicas"]
        .as_u64()
        .and_then(|count| usize::try_from(count).ok());
    let replicas = replicas.unwrap_or(1);
    let wanted = wanted(stream, clock, replicas);
    for name in required(stream) {
        if configuration[name] != wanted[name] {
            let hint = match *name {
                "allow_atomic" => "; set it, or use a server of 2.12 or newer if it cannot be set",
                _ => "; set it so",
            };
            return refuse(format!(
                "has {name}={}, not {}{hint}",
                configuration[name], wanted[name]
            ));
        }
    }
    if !matches!(configuration["compression"].as_str(), None | Some("none")) {
        tracing::warn!(%stream, "compressed: reading and writing by subject will be slow");
    }
    if configuration["persist_mode"] == "async" {
        return refuse(
            "has persist_mode=async, which acknowledges what may still be lost; set the default".to_owned(),
        );
    }
    let takes = |subject: &&str| {
        configuration["subjects"]
            .as_array()
            .is_some_and(|all| all.contains(&json!(subject)))
    };
    if let Some(missing) = stream.subjects().iter().find(|subject| !takes(subject)) {
        return refuse(format!("does not take {missing}; add it to its subjects"));
    }
    Ok(Made { clock, replicas })
}

/// Where a stream's times come from.
pub(crate) fn clock_in(configuration: &Value) -> Option<ClockKind> {
    let token = configuration["metadata"][CLOCK_KEY].as_str()?;
    [ClockKind::Real, ClockKind::Simulated]
        .into_iter()
        .find(|clock| clock_token(*clock) == token)
}

fn clock_token(clock: ClockKind) -> &'static str {
    match clock {
        ClockKind::Real => "real",
        ClockKind::Simulated => "simulated",
    }
}

/// Removes every message of a subject, and gives their number.
pub(crate) async fn purge(connection: &Connection, stream: Stream, subject: &str) -> Result<u64, Cause> {
    #[derive(Deserialize)]
    struct Purged {
        purged: u64,
    }
    let purged: Purged = connection
        .ask(&format!("STREAM.PURGE.{stream}"), &json!({ "filter": subject }))
        .await?;
    Ok(purged.purged)
}

#[cfg(test)]
mod tests;
