//! The slow reference: what has to be answered, written to be read and nothing else.
//!
//! It holds every statement ever made of a record, asks of each day anew which of them stand, and reads the tables of
//! DESIGN §4 and of `docs/stages.md` and `docs/source-of-truth.md` (policy version 1) from top to bottom. It keeps no
//! timeline, no index and no list of days on which something changes. It takes from the core only the words: events in,
//! tokens out.

mod account;
mod beliefs;
mod calendar;
mod facts;
mod line;
mod people;
mod place;
mod table;
mod training;
mod trs;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ltr_domain::explain::Told;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{RecordId, Source};
use ltr_domain::teacher::TeacherRecord;

pub use account::Account;
pub use line::since;
pub use people::{People, people};

/// What is answered about one question, without places on the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The value's token.
    pub value: &'static str,
    /// The certainty's token.
    pub certainty: &'static str,
    /// The caveats' tokens.
    pub caveats: BTreeSet<&'static str>,
    /// The reason.
    pub reason: &'static str,
    /// Who is believed.
    pub source: Option<Source>,
}

/// What is answered about a person on a day: the headline, and the five facts in their usual order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The headline; its value is the stage.
    pub headline: Said,
    /// Qualified status, training, induction, employment, restriction.
    pub facts: [Said; 5],
}

impl Answer {
    /// The same of an answer of the core.
    #[must_use]
    pub fn of(record: &TeacherRecord) -> Self {
        let said = |one: &ltr_domain::resolution::Resolution| Said {
            value: one.value,
            certainty: one.certainty.token(),
            caveats: one.caveats.iter().map(|caveat| caveat.token()).collect(),
            reason: one.reason,
            source: one.source(),
        };
        Self {
            headline: said(&record.headline.resolution),
            facts: record.facts.named().map(|(_, fact)| said(fact)),
        }
    }
}

impl Said {
    fn nobody(reason: &'static str) -> Self {
        Self {
            value: "unknown",
            certainty: "unknown",
            caveats: BTreeSet::from(["not_covered"]),
            reason,
            source: None,
        }
    }

    fn by(source: Source, value: &'static str, certainty: &'static str, reason: &'static str) -> Self {
        Self {
            value,
            certainty,
            caveats: BTreeSet::new(),
            reason,
            source: Some(source),
        }
    }
}

/// Everything that was said of each record, by its messages in the order of the log.
#[must_use]
pub fn accounts(told: &[Told]) -> BTreeMap<RecordId, Account> {
    let mut accounts: BTreeMap<RecordId, Account> = BTreeMap::new();
    for one in told {
        let record = &one.observation.record;
        let account = accounts
            .entry(record.clone())
            .or_insert_with(|| Account::of(record));
        account.hear(one);
    }
    accounts
}

/// A person's records, asked about a day.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What each of the person's records said.
    pub accounts: &'a [&'a Account],
    /// What was heard of the feeds.
    pub hearing: &'a Hearing,
    /// Up to which day anything can have been heard.
    pub known_on: Date,
    /// Which day.
    pub day: Date,
}

/// The answer about a person on a day.
#[must_use]
pub fn answer(asked: Asked<'_>) -> Answer {
    let status = trs::status(asked);
    let training = training::training(asked, &status);
    let place = place::place(asked, &status);
    let [mut qualified, mut trained] = [status.said.clone(), training.said.clone()];
    let mut inducted = trs::induction(asked).said;
    facts::contest(asked, &status, &mut qualified, &mut trained);
    facts::contest_undone(asked, &training, &mut trained);
    facts::contest_suspect(asked, &mut qualified);
    facts::contest_suspect(asked, &mut inducted);
    let mut facts = [
        qualified,
        trained,
        inducted,
        Said::nobody("no_source_of_posts"),
        trs::restriction(asked),
    ];
    let mut headline = table::headline(&table::Life {
        asked,
        status: &status,
        training: &training,
        place: &place,
        facts: &facts,
    });
    // Of a day that had not come nothing is better than presumed.
    if asked.day > asked.known_on {
        for one in facts.iter_mut().chain([&mut headline]) {
            if one.certainty == "confirmed" || one.certainty == "provisional" {
                one.certainty = "presumed";
            }
        }
    }
    Answer { headline, facts }
}
