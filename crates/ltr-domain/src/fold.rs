//! Folding one source record's events, in the order of the log, into what is believed of it over effective time.
//! Folding never fails: what is odd becomes a finding (T19, T32). To know what was believed at a known time, fold only
//! what was known by then.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::event::{ChangeKind, Event, Fact, Link, LinkStrength};
use crate::identity::Rulings;
use crate::ids::{RecordId, RecordKind};
use crate::observation::{Observation, Position, Stating};
use crate::time::{CivilDate, Effective, TakenAt};
use crate::timeline::Timeline;

mod application;
mod training;
mod trs;
mod unclear;

pub use application::{ApplicationTrack, Decision};
pub use training::TrainingTrack;
pub use trs::{AlertTrack, TrsTrack};
pub use unclear::Unclear;

/// What is believed of one source record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFold {
    /// Which record.
    pub id: RecordId,
    /// Its first observation.
    pub first: Position,
    /// Its latest observation.
    pub latest: Position,
    /// Its latest observation that said more than that it is gone from its feed, or back: whose word is newer is told by
    /// what was said, never by an absence (invariant 4).
    pub spoke: Position,
    /// When the latest snapshot of it was taken at the source.
    pub taken_at: TakenAt,
    /// Which other records its keys name now.
    pub links: BTreeSet<Link>,
    /// Which other records an operator has confirmed to be about the same person. No message of the record says so: it is
    /// laid on from judgements.
    pub confirmed: BTreeSet<RecordId>,
    /// Which records its keys name although they are somebody else's, because a split holds the two apart. Laid on too.
    pub refused: BTreeSet<RecordId>,
    /// Since when it is gone from its feed, if it is.
    pub vanished: Option<Position>,
    /// What is odd about it.
    pub findings: BTreeSet<Finding>,
    /// What it says, by kind.
    pub track: Track,
}

/// What a record says, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Track {
    /// An Apply account: says that somebody is there, nothing of their state.
    Candidate,
    /// An Apply choice, or the recruits API's view of one.
    Application(Box<ApplicationTrack>),
    /// A Register traineeship.
    Training(Box<TrainingTrack>),
    /// A TRS person.
    Trs(Box<TrsTrack>),
    /// A Teaching Vacancies job application: when there was activity.
    JobApplication(Timeline<crate::record::JobApplicationStatus>),
    /// A vacancy: about no person.
    Vacancy,
}

/// Something odd about a record. Never an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// A date could not be read (T22).
    UnreadableDate,
    /// A value that this version does not know (T19).
    UnrecognisedValue,
    /// An event that this version does not know.
    UnrecognisedEvent,
    /// A move that the source's own rules do not allow; believed all the same (U§2.4).
    UnexpectedMove,
    /// Induction in progress with a completed date (T32).
    InductionInProgressYetCompleted,
    /// Induction in progress without a start date (T32).
    InductionInProgressWithoutStart,
    /// Induction began before qualified teacher status (T32).
    InductionBeforeQts,
    /// The end of training lies before its start (T22).
    EndBeforeStart,
    /// An event of another kind of record.
    ForeignEvent,
    /// A key names a record of somebody else, because a split holds the two apart: source and decision disagree.
    KeyLinkRefused,
}

impl Finding {
    /// The name used in JSON, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::UnreadableDate => "unreadable_date",
            Self::UnrecognisedValue => "unrecognised_value",
            Self::UnrecognisedEvent => "unrecognised_event",
            Self::UnexpectedMove => "unexpected_move",
            Self::InductionInProgressYetCompleted => "induction_in_progress_yet_completed",
            Self::InductionInProgressWithoutStart => "induction_in_progress_without_start",
            Self::InductionBeforeQts => "induction_before_qts",
            Self::EndBeforeStart => "end_before_start",
            Self::ForeignEvent => "foreign_event",
            Self::KeyLinkRefused => "key_link_refused",
        }
    }
}

/// Folds one more message into the folds of many records.
pub fn take<S: Stating>(
    folds: &mut BTreeMap<RecordId, RecordFold>,
    observation: &Observation<S>,
    position: Position,
) {
    match folds.entry(observation.record.clone()) {
        Entry::Occupied(mut fold) => fold.get_mut().apply(observation, position),
        Entry::Vacant(place) => {
            place.insert(RecordFold::begin(observation, position));
        }
    }
}

impl RecordFold {
    /// The fold of a record's first observation.
    #[must_use]
    pub fn begin<S: Stating>(observation: &Observation<S>, position: Position) -> Self {
        // No event says it, because the name does.
        let also_named = observation.record.also_named().map(|to| Link {
            to,
            strength: LinkStrength::Issued,
        });
        let mut fold = Self {
            id: observation.record.clone(),
            first: position,
            latest: position,
            spoke: position,
            taken_at: observation.taken_at,
            links: also_named.into_iter().collect(),
            confirmed: BTreeSet::new(),
            refused: BTreeSet::new(),
            vanished: None,
            findings: BTreeSet::new(),
            track: Track::of(observation.record.kind),
        };
        fold.apply(observation, position);
        fold
    }

    /// Folds one more observation of the record.
    pub fn apply<S: Stating>(&mut self, observation: &Observation<S>, position: Position) {
        self.latest = position;
        let says_nothing = |event: &Event| {
            matches!(
                event.fact,
                Fact::SourceRecordVanished | Fact::SourceRecordReappeared
            )
        };
        if observation.events.iter().all(says_nothing) {
            for event in &observation.events {
                self.apply_event(event, position);
            }
            return;
        }
        // An old reading tells of the past, and no later word is older for it.
        if !observation.events.iter().all(is_late) {
            self.spoke = position;
        }
        if let Track::Application(track) = &mut self.track
            && observation.taken_at >= self.taken_at
            && let Some(body) = observation.state.body()
        {
            track.hear_provider(body);
        }
        self.taken_at = self.taken_at.max(observation.taken_at);
        for event in &observation.events {
            self.apply_event(event, position);
        }
    }

    fn apply_event(&mut self, event: &Event, position: Position) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "every other fact is the track's to take or to note"
        )]
        match &event.fact {
            Fact::SourceRecordVanished => self.vanished = Some(position),
            Fact::SourceRecordReappeared => self.vanished = None,
            // Whom a record belonged to by an old reading is history: the links are those of newer ones.
            Fact::IdentityLinkAsserted(_) | Fact::IdentityLinkRetracted(_) if is_late(event) => {}
            Fact::IdentityLinkAsserted(link) => {
                self.links.insert(link.clone());
            }
            Fact::IdentityLinkRetracted(link) => {
                self.links.remove(link);
            }
            fact => {
                let step = Step {
                    fact,
                    effective: event.effective,
                    kind: event.kind,
                    position,
                };
                match &mut self.track {
                    Track::Application(track) => track.apply(&step, &mut self.findings),
                    Track::Training(track) => track.apply(&step, &mut self.findings),
                    Track::Trs(track) => track.apply(&step, &mut self.findings),
                    Track::JobApplication(line) => apply_job_application(line, &step, &mut self.findings),
                    Track::Candidate | Track::Vacancy => {}
                }
            }
        }
    }

    /// Lays on what judgements say of the record, and what follows from who belongs to the same person: a key that leads
    /// to somebody else was refused.
    pub fn lay_judgements(&mut self, rulings: &Rulings, is_member: impl Fn(&RecordId) -> bool) {
        self.confirmed = rulings.confirmed_with(&self.id);
        let leads_away = |link: &&Link| link.strength.joins() && link.to != self.id && !is_member(&link.to);
        self.refused = self
            .links
            .iter()
            .filter(leads_away)
            .map(|link| link.to.clone())
            .collect();
        if self.refused.is_empty() {
            self.findings.remove(&Finding::KeyLinkRefused);
        } else {
            self.findings.insert(Finding::KeyLinkRefused);
        }
    }

    /// Days on which the record alone changes what is believed, for finding where answers change.
    pub fn boundaries(&self, days: &mut Vec<Date>) {
        match &self.track {
            Track::Application(track) => track.boundaries(days),
            Track::Training(track) => track.boundaries(days),
            Track::Trs(track) => track.boundaries(days),
            Track::JobApplication(line) => days.extend(line.points().map(|point| point.from)),
            Track::Candidate | Track::Vacancy => {}
        }
    }
}

impl Track {
    /// What TRS says, if it is TRS's record.
    #[must_use]
    pub fn trs(&self) -> Option<&TrsTrack> {
        match self {
            Self::Trs(track) => Some(track),
            Self::Candidate
            | Self::Application(_)
            | Self::Training(_)
            | Self::JobApplication(_)
            | Self::Vacancy => None,
        }
    }

    /// What Register says, if it is Register's record.
    #[must_use]
    pub fn training(&self) -> Option<&TrainingTrack> {
        match self {
            Self::Training(track) => Some(track),
            Self::Candidate
            | Self::Application(_)
            | Self::Trs(_)
            | Self::JobApplication(_)
            | Self::Vacancy => None,
        }
    }

    fn of(kind: RecordKind) -> Self {
        match kind {
            RecordKind::ApplyCandidate => Self::Candidate,
            RecordKind::ApplyChoice | RecordKind::ApplyRecruit => Self::Application(Box::default()),
            RecordKind::RegisterTrainee => Self::Training(Box::default()),
            RecordKind::TrsPerson => Self::Trs(Box::default()),
            RecordKind::TvJobApplication => Self::JobApplication(Timeline::default()),
            RecordKind::TvVacancy | RecordKind::TvPosting => Self::Vacancy,
        }
    }
}

/// One event on its way into a track.
struct Step<'a> {
    fact: &'a Fact,
    effective: Effective,
    kind: ChangeKind,
    position: Position,
}

fn is_late(event: &Event) -> bool {
    event.kind == ChangeKind::Late
}

impl Step<'_> {
    /// Whether it tells of the past only: newer readings have told how things stand.
    fn is_late(&self) -> bool {
        self.kind == ChangeKind::Late
    }

    /// Lays a value onto a timeline the way the event's kind asks for.
    fn lay<T>(&self, line: &mut Timeline<T>, value: T) {
        if self.is_late() {
            line.insert_past(self.effective, value, self.position);
        } else {
            line.assert_from(self.effective, value, self.position);
        }
    }
}

/// The day of a date, noting one that cannot be read.
fn readable(date: Option<&CivilDate>, findings: &mut BTreeSet<Finding>) -> Option<Date> {
    let date = date?;
    if date.day().is_none() {
        findings.insert(Finding::UnreadableDate);
    }
    date.day()
}

fn apply_job_application(
    line: &mut Timeline<crate::record::JobApplicationStatus>,
    step: &Step<'_>,
    findings: &mut BTreeSet<Finding>,
) {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "facts of other kinds of record are one finding"
    )]
    match step.fact {
        Fact::JobApplicationSubmitted(change)
        | Fact::JobApplicationStatusChanged(change)
        | Fact::JobOfferRecorded(change)
        | Fact::JobOfferDeclined(change) => {
            if let Some(status) = &change.new {
                if !status.is_recognised() {
                    findings.insert(Finding::UnrecognisedValue);
                }
                step.lay(line, status.clone());
            }
        }
        fact => note_other(fact, findings),
    }
}

/// Facts that say nothing to a track: personal details are not folded here; anything else does not belong.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other fact is one finding")]
fn note_other(fact: &Fact, findings: &mut BTreeSet<Finding>) {
    match fact {
        Fact::NameObserved(_)
        | Fact::NameChanged(_)
        | Fact::PreviousNamesChanged(_)
        | Fact::DateOfBirthObserved(_)
        | Fact::DateOfBirthCorrected(_)
        | Fact::ContactEmailChanged(_)
        | Fact::TrnDeclared(_)
        | Fact::CandidateSeen
        | Fact::ApplicationFormChanged(_)
        | Fact::VacancyChanged
        | Fact::JobApplicationDetailsChanged => {}
        Fact::Unrecognised(_) => {
            findings.insert(Finding::UnrecognisedEvent);
        }
        _ => {
            findings.insert(Finding::ForeignEvent);
        }
    }
}

#[cfg(test)]
mod tests;
