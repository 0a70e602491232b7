//! `ltr policy`: checks a source-of-truth policy, adopts it, shows the one in force.

use std::path::Path;

use anyhow::Context;
use ltr_domain::policy::Adoption;
use ltr_domain::time::{KnownAt, RecordedAt};
use ltr_policy::Document;
use ltr_ports::log::{Log, NewMessage, Published, StoredMessage, Stream};
use ltr_project::adoption::{OnLog, on_log};
use ltr_proto::codec::{self, PolicyAdopted};
use ltr_proto::digest::content_digest;
use ltr_proto::subject::Subject;
use serde_json::json;

use crate::cli::{PolicyAdopt, PolicyCheck, PolicyShow};
use crate::config::Config;
use crate::failure::Failure;
use crate::{output, wiring};

mod what_if;

/// Tells every mistake of a policy, or that it has none.
pub(crate) fn check(args: &PolicyCheck) -> anyhow::Result<()> {
    let (_, document) = read(&args.file)?;
    output::note(&format!(
        "{}: version {} has no mistake: {} rules, {} waves",
        args.file.display(),
        document.policy.version,
        document.policy.rules.len(),
        document.policy.calendar.waves.len()
    ));
    Ok(())
}

/// Puts a policy in force, or says what that would change.
pub(crate) async fn adopt(args: &PolicyAdopt, config: &Config) -> anyhow::Result<()> {
    let (text, document) = read(&args.file)?;
    let log = wiring::log(config, None).await?;
    let found = on_log(&log).await?;
    let policy = &document.policy;
    found
        .policies
        .accepts(policy)
        .map_err(|not_newer| Failure::Refused(not_newer.to_string()))?;
    let now = wiring::now(&log).await?;
    if args.dry_run {
        let store = wiring::store(config).await?;
        let in_force = found.policies.in_force();
        return what_if::tell(&log, &store, (in_force, policy), KnownAt(now), args.json).await;
    }
    let sequence = publish(&log, &found, &text, policy.version, RecordedAt(now)).await?;
    if args.json {
        output::json(
            &json!({ "version": policy.version, "sequence": sequence, "recorded_at": now.to_string() }),
        );
    }
    output::note(&format!(
        "version {} is in force from {now} on (sequence {sequence}); `ltr project` resolves everybody anew",
        policy.version
    ));
    Ok(())
}

/// Publishes an adoption behind the last one that was seen.
async fn publish<L: Log>(
    log: &L,
    found: &OnLog,
    text: &str,
    version: u32,
    recorded_at: RecordedAt,
) -> anyhow::Result<u64> {
    let previous = found.last.as_ref().map(StoredMessage::reference);
    let adopted = PolicyAdopted {
        version: version.to_string(),
        text: text.to_owned(),
        digest: content_digest(text.as_bytes()),
        previous,
        recorded_at,
    };
    let message = NewMessage {
        subject: Subject::Policy.to_string(),
        payload: codec::encode_policy_adopted(&adopted),
        expected_last: Some(previous.map_or(0, |previous| previous.sequence)),
    };
    match log.publish(Stream::Events, vec![message]).await? {
        Published::Stored { last_sequence, .. } => Ok(last_sequence),
        Published::Refused => {
            let text = "somebody else adopted a policy meanwhile; look at it with `ltr policy show`";
            Err(Failure::Refused(text.to_owned()).into())
        }
    }
}

/// Shows a version: the one in force, one of a number, or the one that was in force at a known time.
pub(crate) async fn show(args: &PolicyShow, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let found = on_log(&log).await?;
    let policies = &found.policies;
    let version = match (&args.version, &args.known) {
        (Some(version), _) => *version,
        (None, Some(known)) => {
            let now = wiring::now(&log).await?;
            policies
                .at(KnownAt(super::teacher::known_at(known, now)?))
                .version
        }
        (None, None) => policies.in_force().version,
    };
    let Some((text, adoption)) = text_of(&found, version) else {
        return Err(Failure::NotFound(format!("no policy of version {version} was ever adopted")).into());
    };
    let document = ltr_policy::parse(text).context("a policy that was adopted cannot be read")?;
    if args.json {
        output::json(&json!({
            "version": version,
            "title": document.title,
            "in_force_from": adoption.map(|adoption| adoption.position.known_at.to_string()),
            "sequence": adoption.map(|adoption| adoption.position.sequence),
            "rules": document.policy.rules.iter().zip(&document.on_rules).map(|(rule, remark)| json!({
                "name": rule.name().to_string(),
                "fact": rule.fact.token(),
                "window": rule.window.token(),
                "sources": rule.sources.iter().map(|source| source.token()).collect::<Vec<_>>(),
                "settles": rule.settles.map(|source| source.token()),
                "authority": remark.authority,
                "note": remark.note,
            })).collect::<Vec<_>>(),
            "text": text,
        }));
        return Ok(());
    }
    output::data(ltr_policy::page(&document).trim_end());
    output::note(&match adoption {
        Some(adoption) => format!(
            "\nadopted at sequence {}, in force from {} on",
            adoption.position.sequence, adoption.position.known_at
        ),
        None => "\nbuilt in, in force until another is adopted".to_owned(),
    });
    Ok(())
}

/// The text of a version, and the message that adopted it; the built-in version was adopted by none.
pub(crate) fn text_of(found: &OnLog, version: u32) -> Option<(&str, Option<&Adoption>)> {
    let adoptions = found.policies.adoptions();
    let adopted = adoptions
        .iter()
        .zip(&found.texts)
        .find(|(adoption, _)| adoption.policy.version == version);
    match adopted {
        Some((adoption, text)) => Some((text, Some(adoption))),
        None => found.policies.version(version).map(|_| (ltr_policy::FIRST, None)),
    }
}

/// The text of a file and what it says.
fn read(file: &Path) -> anyhow::Result<(String, Document)> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {name}"))?;
    match ltr_policy::parse(&text) {
        Ok(document) => Ok((text, document)),
        Err(mistakes) => {
            let count = mistakes.0.len();
            let told: Vec<String> = mistakes.0.iter().map(|one| format!("{name}:{one}")).collect();
            let noun = if count == 1 { "mistake" } else { "mistakes" };
            Err(Failure::Refused(format!("{count} {noun}\n{}", told.join("\n"))).into())
        }
    }
}
