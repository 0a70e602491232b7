//! What the log says, as far as matching needs it: folded forward from the first message, kept nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::calendar::academic_year;
use ltr_domain::hearing::ProviderName;
use ltr_domain::identity::Rulings;
use ltr_domain::ids::{RecordId, RecordKind, Ukprn};
use ltr_domain::observation::{MessageRef, Observation, Position};
use ltr_domain::record::trs::Answer;
use ltr_domain::record::{Body, ChoiceStatus, PersonalValues, RegisterTrainee};
use ltr_domain::time::KnownAt;
use ltr_ports::log::StoredMessage;
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::Sealed;
use ltr_proto::subject::Subject;

/// The families of subjects that matching reads.
const READ: [&str; 4] = [
    "ltr.record.apply.",
    "ltr.record.register.",
    "ltr.record.trs.",
    "ltr.identity.",
];

/// What the log says up to a sequence.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The last message taken.
    pub(crate) sequence: u64,
    /// Messages that could not be read and were stepped over.
    pub(crate) undecodable: u64,
    /// Accounts, applications and trainees.
    pub(crate) records: BTreeMap<RecordId, Kept>,
    /// TRNs that TRS merged, and into which.
    pub(crate) merged: BTreeMap<RecordId, RecordId>,
    /// What was judged so far.
    pub(crate) rulings: Rulings,
    /// Whose values are to be opened, or opened again.
    pub(crate) unopened: BTreeSet<RecordId>,
    /// Whether anything changed that matters to a match.
    pub(crate) news: News,
    identity_subjects: BTreeMap<RecordId, MessageRef>,
    trainees_by_trn: BTreeMap<RecordId, BTreeSet<RecordId>>,
}

/// Whether anything changed since pairs were last judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum News {
    /// Nothing that matters.
    #[default]
    None,
    /// Something.
    Some,
}

/// What is kept of one record.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) said: Said,
    /// The choice that a recruit is.
    pub(crate) also_named: Option<RecordId>,
    /// Its sealed values, until they are opened.
    pub(crate) sealed: Vec<Sealed>,
    pub(crate) values: Values,
}

/// The personal values of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Values {
    /// Nobody has looked yet.
    Unopened,
    /// As they are.
    Open(PersonalValues),
    /// Erased, or without a key: the record is left out.
    Gone,
}

/// What matching needs of what a source says in clear.
#[derive(Debug)]
pub(crate) enum Said {
    /// An Apply account.
    Account,
    /// An application, from either of Apply's feeds.
    Application {
        account: Option<RecordId>,
        provider: Option<ProviderName>,
        year: Option<i16>,
        standing: Standing,
    },
    /// A traineeship.
    Trainee {
        application: Option<RecordId>,
        trn: Option<RecordId>,
        provider: Option<Ukprn>,
        year: Option<i16>,
    },
}

/// Whether an application ever led to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// An offer was accepted.
    Accepted,
    /// Not so far.
    Open,
}

impl Known {
    /// Folds one more message.
    pub(crate) fn take(&mut self, message: &StoredMessage) {
        self.sequence = message.sequence;
        if !READ.iter().any(|family| message.subject.starts_with(family)) {
            return;
        }
        // Whether or not it can be read: what is published next stands behind it.
        if let Ok(Subject::Identity(record)) = Subject::parse(&message.subject) {
            self.identity_subjects.insert(record, message.reference());
        }
        match codec::decode(&message.payload) {
            Ok(LogEntry::Observation { observation, sealed }) => self.observe(*observation, sealed),
            Ok(LogEntry::Erased(erased)) => self.erase(&erased.record),
            Ok(LogEntry::Judgement(judgement)) => {
                let position = Position {
                    sequence: message.sequence,
                    known_at: KnownAt::after(None, judgement.recorded_at),
                };
                self.rulings.apply(position, &judgement.judged);
                self.news = News::Some;
            }
            Ok(
                LogEntry::Feed(_)
                | LogEntry::Quarantined(_)
                | LogEntry::Heartbeat { .. }
                | LogEntry::CalendarMilestone(_)
                | LogEntry::PolicyAdopted(_)
                | LogEntry::Unrecognised { .. },
            ) => {}
            Err(error) => {
                tracing::warn!(sequence = message.sequence, %error, "a message cannot be read");
                self.undecodable += 1;
            }
        }
    }

    /// The last message on a record's subject of judgements.
    pub(crate) fn last_judged(&self, record: &RecordId) -> Option<MessageRef> {
        self.identity_subjects.get(record).copied()
    }

    fn observe(&mut self, observation: Observation, sealed: Vec<Sealed>) {
        let record = observation.record;
        if record.kind == RecordKind::TrsPerson {
            self.observe_trs(record, &observation.state.body);
            return;
        }
        let Some(said) = said(&observation.state.body) else {
            return;
        };
        self.news = News::Some;
        self.index_trn(&record, &said);
        let kept = self.records.entry(record.clone()).or_insert_with(|| Kept {
            said: Said::Account,
            also_named: record.also_named(),
            sealed: Vec::new(),
            values: Values::Unopened,
        });
        kept.said = said;
        // Everything sealed for it was erased: what is known of that stays.
        if sealed.is_empty() && !observation.state.digests.is_empty() {
            return;
        }
        kept.values = Values::Unopened;
        if !has_values(&record, &kept.said) {
            kept.sealed = Vec::new();
            return;
        }
        kept.sealed = sealed;
        self.unopened.insert(record);
    }

    fn observe_trs(&mut self, person: RecordId, body: &Body) {
        // Its previous names may be news to those who have that TRN.
        if let Some(trainees) = self.trainees_by_trn.get(&person) {
            self.unopened.extend(trainees.iter().cloned());
            self.news = News::Some;
        }
        let Body::TrsPerson(body) = body else { return };
        match body.answer {
            Answer::MergedInto(trn) => {
                self.merged.insert(person, RecordId::trs_person(trn));
                self.news = News::Some;
            }
            Answer::Found | Answer::Deactivated | Answer::NotFound => {
                self.merged.remove(&person);
            }
        }
    }

    fn index_trn(&mut self, record: &RecordId, said: &Said) {
        let before = self.records.get(record).and_then(|kept| kept.said.trn()).cloned();
        let now = said.trn().cloned();
        if before == now {
            return;
        }
        if let Some(trainees) = before.and_then(|trn| self.trainees_by_trn.get_mut(&trn)) {
            trainees.remove(record);
        }
        if let Some(trn) = now {
            self.trainees_by_trn
                .entry(trn)
                .or_default()
                .insert(record.clone());
            self.unopened.insert(record.clone());
        }
    }

    fn erase(&mut self, record: &RecordId) {
        if let Some(kept) = self.records.get_mut(record) {
            kept.values = Values::Gone;
            kept.sealed.clear();
            self.unopened.remove(record);
            self.news = News::Some;
        }
        // What was taken from TRS for somebody's previous names is erased with it.
        if let Some(trainees) = self.trainees_by_trn.get(record) {
            self.unopened.extend(trainees.iter().cloned());
            self.news = News::Some;
        }
    }
}

impl Said {
    /// The TRN of a trainee.
    pub(crate) fn trn(&self) -> Option<&RecordId> {
        match self {
            Self::Trainee { trn, .. } => trn.as_ref(),
            Self::Account | Self::Application { .. } => None,
        }
    }
}

/// What matching needs of a body; nothing, if the record is none that is matched.
fn said(body: &Body) -> Option<Said> {
    Some(match body {
        Body::ApplyCandidate(_) => Said::Account,
        Body::ApplyChoice(choice) => Said::Application {
            account: Some(RecordId::apply_candidate(choice.candidate)),
            provider: ProviderName::of(body),
            year: choice
                .cycle_year
                .value()
                .and_then(|year| i16::try_from(*year).ok()),
            standing: if choice.accepted_at.value().is_some() || has_place(&choice.status) {
                Standing::Accepted
            } else {
                Standing::Open
            },
        },
        Body::ApplyRecruit(recruit) => Said::Application {
            account: recruit.candidate.value().map(|id| RecordId::apply_candidate(*id)),
            provider: ProviderName::of(body),
            year: recruit
                .cycle_year
                .value()
                .and_then(|year| i16::try_from(*year).ok()),
            standing: Standing::Accepted,
        },
        Body::RegisterTrainee(trainee) => Said::Trainee {
            application: trainee
                .application_id
                .value()
                .map(|id| RecordId::apply_choice(*id)),
            trn: trainee.trn.value().map(|trn| RecordId::trs_person(*trn)),
            provider: trainee.ukprn.value().copied(),
            year: started_in(trainee),
        },
        Body::TrsPerson(_) | Body::TvJobApplication(_) | Body::TvVacancy(_) | Body::TvPosting(_) => {
            return None;
        }
    })
}

fn has_place(status: &ChoiceStatus) -> bool {
    ["pending_conditions", "recruited", "offer_deferred"].contains(&status.text())
}

/// The academic year of the actual start, else of the planned one.
fn started_in(trainee: &RegisterTrainee) -> Option<i16> {
    let day = |date: &ltr_domain::record::Stated<ltr_domain::time::CivilDate>| {
        date.value().and_then(|date| date.day())
    };
    day(&trainee.trainee_start_date)
        .or_else(|| day(&trainee.itt_start_date))
        .map(academic_year)
}

/// Whether a record states values that are compared: a choice's are its account's, and a trainee who names an application
/// is not matched.
pub(crate) fn has_values(record: &RecordId, said: &Said) -> bool {
    match said {
        Said::Account => true,
        Said::Application { .. } => record.kind != RecordKind::ApplyChoice,
        Said::Trainee { application, .. } => application.is_none(),
    }
}
