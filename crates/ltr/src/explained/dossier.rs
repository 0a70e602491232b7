//! One file about one teacher: the answer, every claim, who was believed since when, the messages behind it with their
//! digests, and the policy it was resolved under.

use ltr_proto::record::{ExplainTeacherResponse, PolicyRule, SourceOfTruthChange};
use serde_json::{Value, json};

use super::answer::{answered, claims};
use super::json::{explanation_json, source_change_json};
use super::{of_which_moment, or_dash, sources};
use crate::document::{Block, Document};
use crate::words;

/// Whether a message follows the one before it on its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChainState {
    /// Its digest is that of its content, and it names the message before it.
    Holds,
    /// Its content is not what its digest was made of.
    Altered,
    /// It does not name the message before it.
    Broken,
}

impl ChainState {
    /// The name used in JSON and tables.
    pub(crate) fn token(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Altered => "altered",
            Self::Broken => "broken",
        }
    }
}

/// A message behind the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MessageLine {
    /// Its sequence on the event log.
    pub(crate) sequence: u64,
    /// When it became known.
    pub(crate) known_at: jiff::Timestamp,
    /// About which record.
    pub(crate) record: String,
    /// Its digest, in hex.
    pub(crate) digest: String,
    /// Whether it follows the one before it.
    pub(crate) chain: ChainState,
    /// The message as `ltr log show` prints it.
    pub(crate) message: Value,
}

/// The policy that an answer was resolved under, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PolicyText {
    /// Its version.
    pub(crate) version: u32,
    /// The SHA-256 of its text, in hex: what the message that adopted it names.
    pub(crate) digest: String,
    /// Its text.
    pub(crate) text: String,
    /// The message that adopted it, and from when it is in force; `None`: it is built in.
    pub(crate) adopted: Option<(u64, jiff::Timestamp)>,
}

/// Everything about one answer.
pub(crate) struct Dossier {
    /// The answer and its claims.
    pub(crate) explanation: ExplainTeacherResponse,
    /// Who was believed since when, as answered.
    pub(crate) changes: Vec<SourceOfTruthChange>,
    /// The messages behind it.
    pub(crate) messages: Vec<MessageLine>,
    /// The policy it was resolved under.
    pub(crate) policy: PolicyText,
}

impl Dossier {
    /// For programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "explanation": explanation_json(&self.explanation),
            "source_of_truth_changes": self.changes.iter().map(source_change_json).collect::<Vec<_>>(),
            "messages": self.messages.iter().map(|line| json!({
                "sequence": line.sequence,
                "known_at": line.known_at.to_string(),
                "record": line.record,
                "digest": line.digest,
                "chain": line.chain.token(),
                "message": line.message,
            })).collect::<Vec<_>>(),
            "policy": {
                "version": self.policy.version,
                "digest": self.policy.digest,
                "sequence": self.policy.adopted.map(|(sequence, _)| sequence),
                "in_force_from": self.policy.adopted.map(|(_, from)| from.to_string()),
                "text": self.policy.text,
            },
        })
    }

    /// For people.
    pub(crate) fn document(&self) -> Document {
        let teacher = self.explanation.teacher.clone().unwrap_or_default();
        let mut document = Document::new(format!("Dossier of {}", of_which_moment(&teacher)));
        document.heading("The answer");
        answered(&mut document, &teacher);
        document.say(format!("Record digest: {}.", teacher.record_digest));
        document.say(format!("Source records: {}.", teacher.records.join(", ")));
        document.heading("Who was believed since when");
        sources::tell(&mut document, &self.changes);
        claims(&mut document, &self.explanation);
        self.messages(&mut document);
        document.heading("The policy");
        document.say(format!(
            "Version {}. A source that settles a fact makes it confirmed; another that may speak makes it provisional.",
            teacher.policy_version
        ));
        document.table(
            "Rules of the source-of-truth policy",
            &["rule", "believed in this order", "settles"],
            self.explanation.policy_rules.iter().map(rule).collect(),
        );
        self.policy(&mut document);
        document.heading("The messages in full");
        document.say("As `ltr log show` prints them; personal values stay sealed.");
        for line in &self.messages {
            document.say(format!("Message {}, {}", line.sequence, line.record));
            document
                .blocks
                .push(Block::Verbatim(format!("{:#}", line.message)));
        }
        document
    }

    fn policy(&self, document: &mut Document) {
        let PolicyText {
            version,
            digest,
            text,
            adopted,
        } = &self.policy;
        document.heading("The policy in full");
        let since = match adopted {
            Some((sequence, from)) => format!("adopted by message {sequence}, in force from {from} on"),
            None => "built in, in force until another is adopted".to_owned(),
        };
        document.say(format!(
            "Version {version}, {since}. SHA-256 of its text: {digest}."
        ));
        document.blocks.push(Block::Verbatim(text.clone()));
    }

    fn messages(&self, document: &mut Document) {
        document.heading("The messages behind it");
        let wrong = self
            .messages
            .iter()
            .filter(|line| line.chain != ChainState::Holds)
            .count();
        document.say(match wrong {
            0 => format!(
                "{} messages; every digest and every chain holds.",
                self.messages.len()
            ),
            wrong => format!(
                "{wrong} of {} messages are not what was written, or do not follow the one before them.",
                self.messages.len()
            ),
        });
        let row = |line: &MessageLine| {
            vec![
                line.sequence.to_string(),
                line.known_at.to_string(),
                line.record.clone(),
                events(&line.message),
                line.digest.clone(),
                line.chain.token().to_owned(),
            ]
        };
        document.table(
            "Messages on the event log about these records, known by then",
            &["message", "known at", "record", "events", "digest", "chain"],
            self.messages.iter().map(row).collect(),
        );
    }
}

/// The names of a message's events, or of the message where it has none.
fn events(message: &Value) -> String {
    let names: Vec<&str> = message["events"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|event| event["fact"].as_str())
        .collect();
    if names.is_empty() {
        message["message"].as_str().unwrap_or("-").to_owned()
    } else {
        names.join(", ")
    }
}

fn rule(rule: &PolicyRule) -> Vec<String> {
    let sources: Vec<_> = rule.sources.iter().map(|source| words::source(source)).collect();
    vec![
        rule.name.clone(),
        or_dash(&sources.join(", ")),
        if rule.settles.is_empty() {
            "nobody".to_owned()
        } else {
            words::source(&rule.settles).to_owned()
        },
    ]
}
