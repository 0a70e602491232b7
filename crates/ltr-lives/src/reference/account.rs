//! What one record said, message by message: each statement kept, with the rules by which one takes back another.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other fact says nothing to this record"
)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::event::{Change, ChangeKind, Event, Fact};
use ltr_domain::explain::Told;
use ltr_domain::hearing::ProviderName;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::observation::Position;
use ltr_domain::record::register::Withdrawal;
use ltr_domain::record::trs::{Alert, Answer, HeldStatus, Induction, Route};
use ltr_domain::record::{ChoiceStatus, QtlsStatus, Stated, TraineeState};
use ltr_domain::time::CivilDate;

use super::beliefs::Beliefs;
use super::words::{Status, Words};

/// What one record said.
#[derive(Debug, Clone)]
pub struct Account {
    pub(super) id: RecordId,
    /// Its last message that said more than that it is gone or back.
    pub(super) spoke: Option<Position>,
    /// The newest snapshot in which it said something.
    pub(super) taken_at: Timestamp,
    pub(super) choice: Beliefs<ChoiceStatus>,
    pub(super) words: Words,
    pub(super) cycle: Option<u16>,
    pub(super) provider: Option<ProviderName>,
    pub(super) trainee: Trainee,
    pub(super) person: Person,
}

/// A traineeship.
#[derive(Debug, Clone, Default)]
pub(super) struct Trainee {
    pub(super) state: Beliefs<TraineeState>,
    pub(super) words: Words,
    pub(super) registered_on: Option<Date>,
    pub(super) planned_start: Option<Date>,
    pub(super) started: Option<(Date, Position)>,
    pub(super) withdrawal: Option<Withdrawal>,
}

/// A TRN.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) answer: Beliefs<Answer>,
    pub(super) qts: Beliefs<Option<Date>>,
    /// Whether TRS ever said anything of qualified status.
    pub(super) spoke_of_status: bool,
    pub(super) early_years: Beliefs<Option<Date>>,
    pub(super) qtls: Beliefs<QtlsStatus>,
    pub(super) induction: Beliefs<Induction>,
    pub(super) routes: BTreeMap<String, Beliefs<Option<Route>>>,
    pub(super) alerts: BTreeMap<String, AlertHeard>,
    pub(super) alerts_listed: Option<Position>,
}

/// An alert as last told: open from a day, until another.
#[derive(Debug, Clone)]
pub(super) struct AlertHeard {
    pub(super) alert: Alert,
    pub(super) from: Date,
    pub(super) until: Option<Date>,
}

impl Account {
    pub(super) fn of(id: &RecordId) -> Self {
        Self {
            id: id.clone(),
            spoke: None,
            taken_at: Timestamp::MIN,
            choice: Beliefs::default(),
            words: Words::default(),
            cycle: None,
            provider: None,
            trainee: Trainee::default(),
            person: Person::default(),
        }
    }

    pub(super) fn hear(&mut self, told: &Told) {
        let observation = &told.observation;
        let is_about_presence = |event: &Event| {
            matches!(
                event.fact,
                Fact::SourceRecordVanished | Fact::SourceRecordReappeared
            )
        };
        if self.spoke.is_none() {
            // The first message counts as spoken whatever it is.
            self.spoke = Some(told.position);
            self.taken_at = observation.taken_at.0;
        }
        if observation.events.iter().all(is_about_presence) {
            return;
        }
        if observation
            .events
            .iter()
            .any(|event| event.kind != ChangeKind::Late)
        {
            self.spoke = Some(told.position);
        }
        if observation.taken_at.0 >= self.taken_at {
            self.taken_at = observation.taken_at.0;
            let named = observation
                .state
                .as_ref()
                .and_then(|state| ProviderName::of(&state.body));
            self.provider = named.or(self.provider.take());
        }
        for event in &observation.events {
            let heard = Heard {
                event,
                position: told.position,
            };
            match self.id.kind {
                RecordKind::ApplyChoice | RecordKind::ApplyRecruit => self.hear_choice(heard),
                RecordKind::RegisterTrainee => self.trainee.hear(heard),
                RecordKind::TrsPerson => self.person.hear(heard),
                RecordKind::ApplyCandidate
                | RecordKind::TvJobApplication
                | RecordKind::TvVacancy
                | RecordKind::TvPosting => {}
            }
        }
    }

    fn hear_choice(&mut self, heard: Heard<'_>) {
        match &heard.event.fact {
            Fact::ApplicationSubmitted(change)
            | Fact::ApplicationChoiceStatusChanged(change)
            | Fact::OfferMade(change)
            | Fact::OfferAccepted(change)
            | Fact::RecruitedRecorded(change)
            | Fact::OfferDeferred(change)
            | Fact::OfferReinstated(change)
            | Fact::ApplicationRejected(change)
            | Fact::ApplicationWithdrawn(change)
            | Fact::ApplicationReversed(change) => {
                let Some(status) = &change.new else { return };
                let in_the_end = self.choice.in_the_end().map(|one| &one.value);
                if !heard.tells(&mut self.words, in_the_end, status) {
                    return;
                }
                // Something else about the choice changed, not where it stands.
                if change.old.as_ref() == Some(status) && in_the_end == Some(status) {
                    return;
                }
                heard.lay(&mut self.choice, status.clone());
            }
            Fact::CycleChanged(change) if !heard.is_late() => self.cycle = change.new,
            _ => {}
        }
    }
}

/// One event on its way in.
#[derive(Clone, Copy)]
struct Heard<'a> {
    event: &'a Event,
    position: Position,
}

impl Heard<'_> {
    fn on(self) -> Date {
        self.event.effective.on
    }

    fn is_late(self) -> bool {
        self.event.kind == ChangeKind::Late
    }

    /// Whether a word tells where something stands: an unknown one does only if nothing is told of it yet, and one that
    /// comes back after unknown ones does not if it stood before them.
    fn tells<T: Status>(self, words: &mut Words, stood: Option<&T>, word: &T) -> bool {
        let came_back = words.end_unknown() && !self.is_late();
        if !self.is_late() {
            words.say(self.on(), word);
        }
        if word.is_known() {
            !came_back || stood != Some(word)
        } else {
            stood.is_none()
        }
    }

    fn lay<T>(self, beliefs: &mut Beliefs<T>, value: T) {
        self.lay_from(self.on(), beliefs, value);
    }

    fn lay_from<T>(self, from: Date, beliefs: &mut Beliefs<T>, value: T) {
        if self.is_late() {
            beliefs.slip_in(from, value, self.position);
        } else {
            beliefs.state(from, value, self.position);
        }
    }
}

impl Trainee {
    /// When training began or is to begin.
    pub(super) fn begins_on(&self) -> Option<Date> {
        self.started.map(|(on, _)| on).or(self.planned_start)
    }

    fn hear(&mut self, heard: Heard<'_>) {
        match &heard.event.fact {
            Fact::TraineeRegistered(change) => {
                let before = self.registered_on.filter(|_| heard.is_late());
                self.registered_on = before.or(Some(heard.on()));
                // One that had ended when it was first seen is told by the event of its end.
                if !change.new.as_ref().is_some_and(is_an_end) {
                    self.hear_state(heard, change);
                }
            }
            Fact::TrnRequested(change)
            | Fact::TraineeTrnReceived(change)
            | Fact::TrainingDeferred(change)
            | Fact::TrainingReinstated(change)
            | Fact::TrainingWithdrawn(change)
            | Fact::RecommendedForAward(change)
            | Fact::AwardRecorded(change)
            | Fact::AwardRevoked(change)
            | Fact::WithdrawalReversed(change)
            | Fact::TraineeStateChanged(change) => self.hear_state(heard, change),
            // An old reading does not tell how these stand.
            _ if heard.is_late() => {}
            Fact::StartConfirmed(change) | Fact::StartDateRevised(change) => {
                self.started = readable(&change.new).map(|on| (on, heard.position));
            }
            Fact::PlannedStartChanged(change) => self.planned_start = readable(&change.new),
            Fact::WithdrawalDetailsCorrected(change) => self.hear_withdrawal(heard, change),
            _ => {}
        }
    }

    fn hear_state(&mut self, heard: Heard<'_>, change: &Change<TraineeState>) {
        let Some(state) = &change.new else { return };
        let stood = self.state.in_the_end().map(|one| (one.from, one.value.clone()));
        let stood_as = stood.as_ref().map(|(_, state)| state);
        if !heard.tells(&mut self.words, stood_as, state) {
            return;
        }
        // The same again: it stands from its new day, not from both. A bare event of it moves nothing.
        if let Some((from, last)) = stood
            && !heard.is_late()
            && change.old.as_ref() == Some(state)
            && last == *state
        {
            if matches!(heard.event.fact, Fact::TraineeStateChanged(_)) {
                return;
            }
            self.state.take_back(from);
        }
        // First seen as it ended: it was there before, since it began or was registered.
        let began = self.begins_on().or(self.registered_on);
        if let Some(began) = began
            && !heard.is_late()
            && is_an_end(state)
            && began < heard.on()
            && self.state.in_the_end().is_none()
        {
            self.state
                .state(began, TraineeState::SubmittedForTrn, heard.position);
        }
        heard.lay(&mut self.state, state.clone());
    }

    /// The day of a withdrawal moved: it stands from its new day.
    fn hear_withdrawal(&mut self, heard: Heard<'_>, change: &Change<Withdrawal>) {
        self.withdrawal.clone_from(&change.new);
        let Some(on) = change.new.as_ref().and_then(|new| stated(&new.date)) else {
            return;
        };
        let Some(last) = self.state.in_the_end() else {
            return;
        };
        if last.value != TraineeState::Withdrawn || last.from == on {
            return;
        }
        let from = last.from.min(on);
        self.state.take_back(from);
        self.state.state(on, TraineeState::Withdrawn, heard.position);
    }
}

impl Person {
    fn hear(&mut self, heard: Heard<'_>) {
        match &heard.event.fact {
            Fact::TrnAllocated(change)
            | Fact::TrnMergedInto(change)
            | Fact::TrnDeactivated(change)
            | Fact::TrnReactivated(change)
            | Fact::TrnNotFound(change) => {
                if let Some(answer) = change.new {
                    heard.lay(&mut self.answer, answer);
                }
            }
            Fact::QualifiedStatusHeld(change)
            | Fact::QualifiedDateRevised(change)
            | Fact::QualifiedStatusRemoved(change) => {
                self.spoke_of_status = true;
                hear_held(heard, &mut self.qts, change);
            }
            Fact::EarlyYearsStatusChanged(change) => hear_held(heard, &mut self.early_years, change),
            Fact::QtlsGranted(change) | Fact::QtlsLapsed(change) => {
                if let Some(status) = &change.new {
                    heard.lay(&mut self.qtls, status.clone());
                }
            }
            Fact::InductionRequired(change)
            | Fact::InductionStarted(change)
            | Fact::InductionPassed(change)
            | Fact::InductionFailed(change)
            | Fact::InductionExempted(change)
            | Fact::InductionReset(change)
            | Fact::InductionDatesCorrected(change) => self.hear_induction(heard, change),
            Fact::RouteRecorded(change) | Fact::RouteStatusChanged(change) | Fact::RouteRemoved(change) => {
                if let Some(route) = change.new.as_ref().or(change.old.as_ref()) {
                    let beliefs = self.routes.entry(route.key.clone()).or_default();
                    heard.lay(beliefs, change.new.clone());
                }
            }
            Fact::AlertOpened(change)
            | Fact::AlertAmended(change)
            | Fact::AlertClosed(change)
            | Fact::AlertDeleted(change) => self.hear_alert(heard, change),
            // A list from long ago does not say what is open now.
            Fact::AlertsListed(_) if heard.is_late() => {}
            Fact::AlertsListed(change) => {
                // The first list of all: an alert of which only old readings knew is over, unless it is told again.
                if self.alerts_listed.is_none() && change.new.is_some() {
                    for held in self.alerts.values_mut() {
                        held.until = Some(held.until.unwrap_or(Date::MAX).min(heard.on()));
                    }
                }
                self.alerts_listed = change.new.map(|_| heard.position);
            }
            _ => {}
        }
    }

    fn hear_induction(&mut self, heard: Heard<'_>, change: &Change<Induction>) {
        let Some(induction) = &change.new else {
            if !heard.is_late() {
                self.induction.take_back(heard.on());
            }
            return;
        };
        // Dates restated under one status replace what was believed from its old day.
        if change.old.is_some()
            && !heard.is_late()
            && let Some(last) = self.induction.in_the_end()
            && last.value.status == induction.status
        {
            let from = last.from;
            self.induction.take_back(from);
        }
        // Completed, and it is told when it began: it was in progress in between.
        if let Some(start) = stated(&induction.start_date)
            && stated(&induction.completed_date).is_some()
            && start < heard.on()
            && self.induction.in_the_end().is_none()
        {
            let mut began = induction.clone();
            began.status = ltr_domain::record::InductionStatus::InProgress;
            self.induction.state(start, began, heard.position);
        }
        heard.lay(&mut self.induction, induction.clone());
    }

    fn hear_alert(&mut self, heard: Heard<'_>, change: &Change<Alert>) {
        // Newer readings have listed the alerts: what an old one tells of them is over.
        if heard.is_late() && self.alerts_listed.is_some() {
            return;
        }
        match (&change.old, &change.new) {
            (_, Some(alert)) => {
                let first_seen = self.alerts.get(&alert.key).map_or(heard.on(), |held| held.from);
                let held = AlertHeard {
                    alert: alert.clone(),
                    from: stated(&alert.start_date).unwrap_or(first_seen),
                    until: stated(&alert.end_date),
                };
                self.alerts.insert(alert.key.clone(), held);
            }
            (Some(gone), None) => {
                if let Some(held) = self.alerts.get_mut(&gone.key) {
                    held.until = Some(held.until.unwrap_or(Date::MAX).min(heard.on()));
                }
            }
            (None, None) => {}
        }
    }
}

/// "Held from a day", or no longer held. A revised day takes back what the old one made believe.
fn hear_held(heard: Heard<'_>, beliefs: &mut Beliefs<Option<Date>>, change: &Change<HeldStatus>) {
    let Some(held) = &change.new else {
        heard.lay(beliefs, None);
        return;
    };
    let on = stated(&held.holds_from).unwrap_or(heard.on());
    if change.old.is_some() && !heard.is_late() {
        beliefs.take_back(on.min(heard.on()));
    }
    heard.lay_from(on, beliefs, Some(on));
}

fn is_an_end(state: &TraineeState) -> bool {
    matches!(
        state,
        TraineeState::Withdrawn
            | TraineeState::Awarded
            | TraineeState::RecommendedForAward
            | TraineeState::Deferred
    )
}

fn readable(date: &Option<CivilDate>) -> Option<Date> {
    date.as_ref().and_then(CivilDate::day)
}

/// The day that is stated, if it can be read.
pub(super) fn stated(date: &Stated<CivilDate>) -> Option<Date> {
    date.value().and_then(CivilDate::day)
}
