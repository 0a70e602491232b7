//! `ltr teacher dossier`: one file with an answer, its claims, the messages behind it and the policy.

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::Timestamp;
use ltr_domain::ids::RecordId;
use ltr_domain::observation::MessageRef;
use ltr_domain::time::KnownAt;
use ltr_log_nats::NatsLog;
use ltr_ports::log::{Log, LogReader, StoredMessage, Stream};
use ltr_ports::store::Store;
use ltr_project::adoption::on_log;
use ltr_proto::codec::LogEntry;
use ltr_proto::record::{ExplainTeacherResponse, ListSourceOfTruthChangesRequest};
use ltr_proto::subject::Subject;
use ltr_proto::{codec, digest, hex, json as log_json};
use serde_json::{Value, json};

use super::explain::{ask, list, write};
use super::policy::text_of;
use super::teacher::{Behind, as_of, with_service};
use crate::cli::TeacherDossier;
use crate::config::Config;
use crate::explained::{ChainState, Dossier, MessageLine, PolicyText};
use crate::words;

/// Messages read at a time, and how long to wait for them, in milliseconds.
const READ: (usize, u64) = (1_000, 300);

/// Writes the dossier.
pub(crate) async fn run(args: &TeacherDossier, config: &Config) -> anyhow::Result<()> {
    let restricted = super::serve::restricted(args.asked.allow_restricted);
    with_service(config, restricted, async |client, behind, now| {
        let moment = as_of(args.asked.on, args.asked.known.as_deref(), now)?;
        let explanation = ask(client, &args.asked.id, moment, Vec::new()).await?;
        let request = ListSourceOfTruthChangesRequest {
            parent: format!("teachers/{}", args.asked.id),
            as_of: explanation.teacher.as_ref().and_then(|teacher| {
                let as_of = teacher.as_of.clone()?;
                // As answered at each time: about each moment's own day.
                Some(ltr_proto::record::AsOf {
                    effective_on: String::new(),
                    ..as_of
                })
            }),
            ..ListSourceOfTruthChangesRequest::default()
        };
        let changes = list(client, &args.asked.id, request).await?;
        let messages = messages_behind(behind, &explanation).await?;
        let policy = policy_of(behind, &explanation).await?;
        let dossier = Dossier {
            explanation,
            changes,
            messages,
            policy,
        };
        let content = if args.json {
            dossier.json().to_string()
        } else {
            dossier.document().html()
        };
        write(&args.out, &content)
    })
    .await
}

/// The whole text of the policy that the answer was resolved under, as the log holds it.
async fn policy_of(behind: &Behind, told: &ExplainTeacherResponse) -> anyhow::Result<PolicyText> {
    let version = told
        .teacher
        .as_ref()
        .map(|teacher| teacher.policy_version)
        .unwrap_or_default();
    let found = on_log(&behind.log).await?;
    let (text, adoption) =
        text_of(&found, version).with_context(|| format!("the log adopts no policy of version {version}"))?;
    Ok(PolicyText {
        version,
        digest: hex::encode(&digest::content_digest(text.as_bytes())),
        text: text.to_owned(),
        adopted: adoption.map(|adoption| (adoption.position.sequence, adoption.position.known_at.0)),
    })
}

/// Every message about the answer's records that was known by then, in the order of the log, each checked against its
/// digest and against the message before it on its subject.
async fn messages_behind(behind: &Behind, told: &ExplainTeacherResponse) -> anyhow::Result<Vec<MessageLine>> {
    let teacher = told.teacher.clone().unwrap_or_default();
    let as_of = teacher.as_of.clone().unwrap_or_default();
    let by = as_of.known_at.as_ref().map(words::instant);
    let records: Vec<RecordId> = teacher
        .records
        .iter()
        .filter_map(|name| RecordId::parse(name).ok())
        .collect();
    // Only the store knows when a message became known: not before any message ahead of it on the log.
    let history = behind.store.history(records.clone()).await?;
    let known: BTreeMap<u64, Timestamp> = history
        .iter()
        .map(|entry| (entry.sequence, entry.known_at.0))
        .collect();
    let mut lines = Vec::new();
    for record in &records {
        let mut before = None;
        for message in messages_about(&behind.log, record).await? {
            let mut line = line_of(record, &message, &mut before);
            if let Some(at) = known.get(&line.sequence) {
                line.known_at = *at;
            }
            if by.is_none_or(|by| line.known_at <= by) {
                lines.push(line);
            }
        }
    }
    if !teacher.withheld.is_empty() {
        lines
            .iter_mut()
            .for_each(|line| withhold_alerts(&mut line.message));
    }
    lines.sort_by_key(|line| line.sequence);
    Ok(lines)
}

/// Every message on a record's subject, in the order of the log.
async fn messages_about(log: &NatsLog, record: &RecordId) -> anyhow::Result<Vec<StoredMessage>> {
    let subject = Subject::Record(record.clone()).to_string();
    let ends = log.last_of(Stream::Events, vec![subject.clone()]).await?;
    let mut messages: Vec<StoredMessage> = Vec::new();
    let Some(end) = ends.get(&subject).map(|message| message.sequence) else {
        return Ok(messages);
    };
    let mut reader = log.reader(Stream::Events, 1, Some(subject)).await?;
    while messages.last().is_none_or(|last| last.sequence < end) {
        messages.extend(reader.next(READ.0, READ.1).await?);
    }
    Ok(messages)
}

fn line_of(record: &RecordId, message: &StoredMessage, before: &mut Option<MessageRef>) -> MessageLine {
    let own = digest::message_digest(&message.subject, &message.payload);
    let decoded = codec::decode(&message.payload).ok();
    let follows = decoded.as_ref().is_some_and(|entry| entry.previous() == *before);
    let chain = if message.digest != Some(own) {
        ChainState::Altered
    } else if follows {
        ChainState::Holds
    } else {
        ChainState::Broken
    };
    *before = Some(MessageRef {
        sequence: message.sequence,
        digest: own,
    });
    let recorded = decoded.as_ref().map(LogEntry::recorded_at);
    MessageLine {
        sequence: message.sequence,
        known_at: recorded.map_or(message.stored_at, |at| KnownAt::after(None, at).0),
        record: record.to_string(),
        digest: digest::header_value(&own),
        chain,
        message: decoded.map_or_else(
            || json!({ "message": "undecodable" }),
            |entry| log_json::to_json(&entry),
        ),
    }
}

/// Takes out of a shown message what tells of restrictions.
fn withhold_alerts(message: &mut Value) {
    if let Some(events) = message["events"].as_array_mut() {
        events.retain(|event| {
            event["fact"]
                .as_str()
                .is_none_or(|fact| !fact.starts_with("Alert"))
        });
    }
    if let Some(facts) = message["state"]["facts"].as_object_mut()
        && facts.remove("alerts").is_some()
    {
        message["withheld"] = json!(["alerts"]);
    }
}
