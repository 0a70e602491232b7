//! `ltr log`: the event log, shown, counted and checked.

use ltr_domain::ids::RecordId;
use ltr_ports::log::{Log, LogReader, Stream};
use ltr_ports::store::Store;
use ltr_project::verify::{LogReport, verify};
use ltr_proto::subject::Subject;
use ltr_proto::{codec, json as log_json};
use serde_json::json;

use crate::cli::{Json, LogShow};
use crate::config::Config;
use crate::failure::Failure;
use crate::{output, wiring};

/// Prints messages as JSON, one a line.
pub(crate) async fn show(args: &LogShow, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let filter = match &args.record {
        Some(record) => {
            let record = RecordId::parse(record)
                .map_err(|error| Failure::Usage(format!("--record takes source/kind/key: {error}")))?;
            Some(Subject::Record(record).to_string())
        }
        None => args.subject.clone(),
    };
    let last = log.facts(Stream::Events).await?.last_sequence;
    if last == 0 {
        output::note("the log is empty");
        return Ok(());
    }
    let mut reader = log.reader(Stream::Events, args.from.max(1), filter).await?;
    let mut left = args.count;
    while left > 0 {
        let messages = reader.next(left.min(1_000), 300).await?;
        if messages.is_empty() {
            break;
        }
        left -= messages.len();
        for message in messages {
            let content = match codec::decode(&message.payload) {
                Ok(entry) => log_json::to_json(&entry),
                Err(error) => json!({ "undecodable": error.to_string() }),
            };
            output::json(&json!({
                "sequence": message.sequence,
                "subject": message.subject,
                "stored_at": message.stored_at.to_string(),
                "message": content,
            }));
            if message.sequence >= last {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Counts messages and bytes by stream.
pub(crate) async fn stat(args: &Json, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let mut rows = Vec::new();
    for stream in Stream::ALL {
        let facts = log.facts(stream).await?;
        if args.json {
            output::json(&json!({
                "stream": stream.name(),
                "messages": facts.messages,
                "bytes": facts.bytes,
                "first_sequence": facts.first_sequence,
                "last_sequence": facts.last_sequence,
                "created_at": facts.created_at.to_string(),
            }));
        }
        rows.push(vec![
            stream.name().to_owned(),
            facts.messages.to_string(),
            facts.bytes.to_string(),
            facts.last_sequence.to_string(),
            facts.created_at.to_string(),
        ]);
    }
    if !args.json {
        output::data(&output::table(
            &["stream", "messages", "bytes", "last sequence", "created at"],
            &rows,
        ));
    }
    Ok(())
}

/// Checks every chain and digest.
pub(crate) async fn verify_all<L: Log, S: Store>(log: &L, store: Option<&S>) -> anyhow::Result<LogReport> {
    let cursor = match store {
        Some(store) => store.checkpoint().await?,
        None => None,
    };
    let mut total = 0;
    for stream in Stream::ALL {
        total += log.facts(stream).await?.messages;
    }
    let bar = crate::output::bar(total, "checking");
    let report = verify(log, cursor, |messages| bar.inc(messages)).await?;
    bar.finish_and_clear();
    Ok(report)
}

/// Checks the log and prints what is wrong.
pub(crate) async fn verify_command(args: &Json, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let store = match config.database_url() {
        Ok(_) => Some(wiring::store(config).await?),
        Err(_) => None,
    };
    let report = verify_all(&log, store.as_ref()).await?;
    if args.json {
        output::json(&json!({
            "messages": report.messages,
            "evidence_gone": report.evidence_gone,
            "cursor_checked": report.cursor_checked,
            "faults": report.faults.iter().map(|fault| json!({
                "stream": fault.stream.name(),
                "sequence": fault.sequence,
                "kind": fault.kind.token(),
            })).collect::<Vec<_>>(),
        }));
    } else {
        let rows: Vec<_> = report
            .messages
            .iter()
            .map(|(stream, count)| vec![(*stream).to_owned(), count.to_string()])
            .collect();
        output::data(&output::table(&["stream", "messages checked"], &rows));
        for fault in &report.faults {
            output::data(&format!(
                "FAULT {} {}: {}",
                fault.stream,
                fault.sequence,
                fault.kind.token()
            ));
        }
        output::note(match (report.cursor_checked, report.faults.is_empty()) {
            (true, true) => "every digest and chain holds, and the store's cursor agrees",
            (false, true) => "every digest and chain holds; no store to compare the running digest with",
            (_, false) => "the log is not what was written",
        });
    }
    if report.faults.is_empty() {
        Ok(())
    } else {
        Err(Failure::Refused(format!("{} faults on the log", report.faults.len())).into())
    }
}
