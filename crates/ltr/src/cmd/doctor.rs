//! `ltr doctor`: examines servers, schema, clock and lag, and says what to do.

use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_ports::store::{PolicyCursor, Resolved, Store};
use serde_json::json;

use crate::cli::Json;
use crate::config::Config;
use crate::failure::Failure;
use crate::{kek, output, wiring};

/// One thing that was examined.
struct Finding {
    what: &'static str,
    value: String,
    /// What is wrong and what to do; `None` if it is well.
    remedy: Option<String>,
}

/// Examines everything that can be reached; what cannot be reached is a finding.
pub(crate) async fn run(args: &Json, config: &Config) -> anyhow::Result<()> {
    let mut findings = Vec::new();
    let last = examine_log(config, &mut findings).await;
    examine_store(config, last, &mut findings).await;
    match kek::load(config) {
        Ok(_) => findings.push(well("key-encryption key", "there".to_owned())),
        Err(error) => findings.push(ill(
            "key-encryption key",
            "missing".to_owned(),
            format!("{error:#}"),
        )),
    }
    let wrong = findings.iter().filter(|finding| finding.remedy.is_some()).count();
    if args.json {
        let all: Vec<_> = findings
            .iter()
            .map(
                |f| json!({"what": f.what, "value": f.value, "well": f.remedy.is_none(), "remedy": f.remedy}),
            )
            .collect();
        output::json(&json!({ "well": wrong == 0, "findings": all }));
    } else {
        let rows: Vec<_> = findings
            .iter()
            .map(|f| {
                let mark = if f.remedy.is_none() { "ok" } else { "!!" };
                vec![
                    mark.to_owned(),
                    f.what.to_owned(),
                    f.value.clone(),
                    f.remedy.clone().unwrap_or_default(),
                ]
            })
            .collect();
        output::data(&output::table(&["", "what", "value", "what to do"], &rows));
    }
    if wrong == 0 {
        Ok(())
    } else {
        Err(Failure::Refused(format!("{wrong} things want attention")).into())
    }
}

async fn examine_log(config: &Config, findings: &mut Vec<Finding>) -> Option<(u64, jiff::Timestamp)> {
    let log = match wiring::log(config, None).await {
        Ok(log) => log,
        Err(error) => {
            let remedy = format!("{error:#}");
            findings.push(ill("log", "not usable".to_owned(), remedy));
            return None;
        }
    };
    match log.server_facts().await {
        Ok(server) => {
            findings.push(well("nats-server", server.version));
            findings.push(if server.allows_atomic {
                well("atomic batches", "allowed".to_owned())
            } else {
                ill(
                    "atomic batches",
                    "not allowed".to_owned(),
                    "use nats-server 2.12 or later".to_owned(),
                )
            });
            findings.push(match server.sync_interval {
                Some(interval) if interval.is_zero() => well("sync", "always".to_owned()),
                Some(interval) => ill(
                    "sync",
                    format!("every {interval:?}"),
                    "set jetstream.sync_interval: always, or an acknowledged message can be lost".to_owned(),
                ),
                None => well("sync", "not told by the server; see deploy/nats.conf".to_owned()),
            });
            let clock = match server.clock {
                ClockKind::Real => "real",
                ClockKind::Simulated => "simulated (answers say so)",
            };
            findings.push(well("clock", clock.to_owned()));
        }
        Err(error) => findings.push(ill(
            "nats-server",
            "does not answer".to_owned(),
            error.to_string(),
        )),
    }
    match log.facts(Stream::Events).await {
        Ok(facts) => {
            findings.push(well("log", format!("{} messages", facts.messages)));
            Some((facts.last_sequence, facts.created_at))
        }
        Err(error) => {
            findings.push(ill("log", "not readable".to_owned(), error.to_string()));
            None
        }
    }
}

async fn examine_store(config: &Config, log: Option<(u64, jiff::Timestamp)>, findings: &mut Vec<Finding>) {
    let store = match wiring::store(config).await {
        Ok(store) => store,
        Err(error) => {
            findings.push(ill("store", "not usable".to_owned(), format!("{error:#}")));
            return;
        }
    };
    match store.doctor().await {
        Ok(facts) => {
            findings.push(well("PostgreSQL", facts.server_version));
            let version = format!("version {} of {}", facts.schema_version, facts.schema_latest);
            findings.push(if facts.schema_version == facts.schema_latest {
                well("schema", version)
            } else {
                ill("schema", version, "run: ltr migrate".to_owned())
            });
        }
        Err(error) => findings.push(ill("PostgreSQL", "does not answer".to_owned(), error.to_string())),
    }
    match (store.checkpoint().await, log) {
        (Ok(cursor), Some((last, created_at))) => {
            let at = cursor.map_or(0, |cursor| cursor.sequence);
            let other = cursor.is_some_and(|cursor| cursor.stream_created_at != created_at);
            findings.push(if other || at > last {
                let remedy =
                    "the store is of another or longer log; see docs/runbooks/diverged.md".to_owned();
                ill("lag", "diverged".to_owned(), remedy)
            } else if at < last {
                ill(
                    "lag",
                    format!("{} messages", last - at),
                    "is `ltr project` running?".to_owned(),
                )
            } else {
                well("lag", "none".to_owned())
            });
            if let Some(cursor) = cursor {
                examine_policy(&store, &cursor.policy, findings).await;
            }
        }
        (Err(error), _) => findings.push(ill("lag", "not known".to_owned(), error.to_string())),
        (Ok(_), None) => {}
    }
}

/// Under which policy the answers are, and whether everybody's are.
async fn examine_policy<S: Store>(store: &S, cursor: &PolicyCursor, findings: &mut Vec<Finding>) {
    let policies = match ltr_project::adoption::stored(store).await {
        Ok(policies) => policies,
        Err(error) => {
            let remedy = "start the version of this program that adopted it, or a later one".to_owned();
            findings.push(ill("policy", error.to_string(), remedy));
            return;
        }
    };
    let version = format!("version {}", policies.after(cursor.adoption).version);
    findings.push(match cursor.resolved {
        Resolved::Everybody => well("policy", version),
        Resolved::Nobody | Resolved::UpTo { .. } => ill(
            "policy",
            format!("{version}, and not everybody is resolved under it yet"),
            "is `ltr project` running?".to_owned(),
        ),
    });
}

fn well(what: &'static str, value: String) -> Finding {
    Finding {
        what,
        value,
        remedy: None,
    }
}

fn ill(what: &'static str, value: String, remedy: String) -> Finding {
    Finding {
        what,
        value,
        remedy: Some(remedy),
    }
}
