//! Applications: the newest cycle's best, unless a traineeship or an award has followed it.

use jiff::civil::Date;

use super::professional::Professional;
use super::silence::{Unregistered, ended_by_time};
use super::{View, certainty_of};
use crate::calendar::day_of;
use crate::fold::{ApplicationTrack, Decision, RecordFold, Track};
use crate::headline::ApplicationState;
use crate::hearing::ProviderName;
use crate::observation::Position;
use crate::policy::{FactKind, Window};
use crate::record::{ChoiceStatus, TraineeState};
use crate::resolution::{Certainty, Claim, Resolution};
use crate::time::Basis;

/// What is believed of applications on the day.
pub(super) struct Application {
    pub(super) state: ApplicationState,
    pub(super) resolution: Resolution,
    /// The provider whose silence it rests on or waits for.
    pub(super) awaits: Option<ProviderName>,
}

/// One choice on the day.
pub(super) struct Choice<'a> {
    pub(super) record: &'a RecordFold,
    pub(super) track: &'a ApplicationTrack,
    pub(super) decision: Decision,
    pub(super) position: Position,
    pub(super) basis: Basis,
    status: &'a ChoiceStatus,
    pub(super) since: Date,
    /// Why it counts as ended although nobody has ended it.
    ended_by_time: Option<&'static str>,
}

impl<'a> View<'a> {
    pub(super) fn application(self, professional: &Professional) -> Application {
        let account = self
            .records
            .iter()
            .any(|record| matches!(record.track, Track::Candidate));
        let mut choices: Vec<_> = self.choices().collect();
        let any = !choices.is_empty() || account;
        choices.retain(|choice| !self.is_followed(choice, professional));
        drop_overtaken(&mut choices);
        // Newest cycle first, the best decision first; a dormant newer choice hides no older one.
        choices.sort_by_key(|choice| {
            let dormant = choice.decision == Decision::Dormant;
            std::cmp::Reverse((
                !dormant,
                choice.track.cycle_year,
                choice.decision,
                choice.position,
            ))
        });
        match choices.first() {
            Some(best) => self.of_choice(best),
            None if any => self.nothing_sent(),
            None => Application {
                state: ApplicationState::None,
                resolution: Resolution::not_covered("apply_not_heard"),
                awaits: None,
            },
        }
    }

    pub(super) fn choices(self) -> impl Iterator<Item = Choice<'a>> {
        self.records.iter().filter_map(move |record| {
            let Track::Application(track) = &record.track else {
                return None;
            };
            let point = track.status.at(self.day)?;
            let ended = track
                .cycle()
                .and_then(|year| ended_by_time(self, record, &point.value, year));
            Some(Choice {
                record,
                track,
                decision: ended.map_or_else(|| Decision::of(&point.value), |_| Decision::Ended),
                position: point.ground.position,
                basis: point.ground.basis,
                status: &point.value,
                since: ended.map_or(point.from, |(on, _)| on),
                ended_by_time: ended.map(|(_, reason)| reason),
            })
        })
    }

    /// Whether a traineeship of that cycle or later, or a status, has taken the application's place on the day.
    pub(super) fn is_followed(self, choice: &Choice<'_>, professional: &Professional) -> bool {
        let Some(year) = choice.track.cycle_year else {
            return false;
        };
        let cycle_begins = day_of(year.cast_signed(), 8, 1);
        let by_award = professional.award_on.is_some_and(|award| award >= cycle_begins);
        let by_training = self.training_records().any(|(_, track)| {
            let begins = track.begins_on().or(track.registered_on);
            let told = match track.state.at(self.day) {
                Some(point) => point.value != TraineeState::Draft,
                None => track.started.is_some_and(|(on, _)| on <= self.day),
            };
            told && begins.is_some_and(|begins| begins >= cycle_begins)
        });
        by_award || by_training
    }

    /// Whether Register, later, told of a start that is still ahead on this day.
    fn start_is_ahead(self, year: u16) -> bool {
        let cycle_begins = day_of(year.cast_signed(), 8, 1);
        self.training_records().any(|(_, track)| {
            track
                .started
                .is_some_and(|(on, _)| on >= cycle_begins && on > self.day)
        })
    }

    pub(super) fn of_choice(self, choice: &Choice<'_>) -> Application {
        let start = choice.track.planned_start(self.day);
        let start_passed = start.is_some_and(|start| start <= self.day)
            && !choice
                .track
                .cycle_year
                .is_some_and(|year| self.start_is_ahead(year));
        let said = |state, value, reason| {
            let claim = choice.claim(value, Some(choice.since));
            // A deferred offer, a live application and an ended one are Apply's to tell at any time.
            let window = match choice.decision {
                Decision::Recruited | Decision::AcceptedConditional => self.policy.window(self.day, start),
                Decision::Deferred | Decision::Live | Decision::Ended | Decision::Dormant => {
                    Window::BeforeStart
                }
            };
            let certainty = match choice.ended_by_time {
                Some(_) => Certainty::Presumed,
                None => {
                    let certainty = certainty_of(self.policy, FactKind::Place, window, &claim);
                    if choice.track.is_unclear(self.day) {
                        certainty.unconfirmed()
                    } else {
                        certainty
                    }
                }
            };
            Application {
                state,
                resolution: Resolution::believed(claim, certainty, reason),
                awaits: None,
            }
        };
        if let (Decision::Recruited, true, Some(start)) = (choice.decision, start_passed, start) {
            let Unregistered {
                state,
                resolution,
                awaits,
            } = self.unregistered(choice, start);
            return Application {
                state,
                resolution,
                awaits,
            };
        }
        match choice.decision {
            Decision::Recruited => said(
                ApplicationState::Recruited,
                "recruited",
                "recruited_conditions_unknown",
            ),
            Decision::AcceptedConditional => said(
                ApplicationState::AcceptedConditional,
                "accepted_conditional",
                "conditions_pending",
            ),
            Decision::Deferred => said(ApplicationState::Deferred, "offer_deferred", "offer_deferred"),
            Decision::Live => said(ApplicationState::Live, "applicant", "application_live"),
            Decision::Ended => said(
                ApplicationState::Ended,
                "unsuccessful_applicant",
                choice
                    .ended_by_time
                    .unwrap_or_else(|| ended_reason(choice.status)),
            ),
            Decision::Dormant => said(ApplicationState::NotSent, "not_sent", "application_not_submitted"),
        }
    }

    fn nothing_sent(self) -> Application {
        let record = self
            .records
            .iter()
            .filter(|record| matches!(record.track, Track::Candidate | Track::Application(_)))
            .max_by_key(|record| record.spoke);
        let Some(record) = record else {
            let resolution = Resolution::not_covered("apply_not_heard");
            return Application {
                state: ApplicationState::None,
                resolution,
                awaits: None,
            };
        };
        let claim = Claim {
            value: "not_sent",
            source: record.id.source(),
            record: record.id.clone(),
            position: record.spoke,
            since: None,
        };
        let resolution = Resolution::believed(claim, Certainty::Confirmed, "application_not_submitted");
        Application {
            state: ApplicationState::NotSent,
            resolution,
            awaits: None,
        }
    }
}

/// Two services of Apply tell of the same application, and either may be read later than the other. Where they disagree,
/// what was told before the other's word is not how it stands any more.
fn drop_overtaken(choices: &mut Vec<Choice<'_>>) {
    let told: Vec<_> = choices
        .iter()
        // A word that nobody knows overtakes nothing (T19).
        .filter(|choice| choice.status.is_recognised())
        .map(|choice| {
            (
                &choice.record.id.key,
                choice.position,
                Decision::of(choice.status),
            )
        })
        .collect();
    choices.retain(|choice| {
        !told.iter().any(|(key, position, decision)| {
            **key == choice.record.id.key
                && *position > choice.position
                && *decision != Decision::of(choice.status)
        })
    });
}

fn ended_reason(status: &ChoiceStatus) -> &'static str {
    match status {
        ChoiceStatus::Inactive => "application_inactive",
        ChoiceStatus::ApplicationNotSent => "application_not_sent",
        ChoiceStatus::OfferWithdrawn => "offer_withdrawn",
        ChoiceStatus::Declined => "offer_declined",
        ChoiceStatus::Rejected => "application_rejected",
        ChoiceStatus::ConditionsNotMet => "conditions_not_met",
        ChoiceStatus::Withdrawn => "application_withdrawn",
        ChoiceStatus::Cancelled
        | ChoiceStatus::Unsubmitted
        | ChoiceStatus::AwaitingProviderDecision
        | ChoiceStatus::Interviewing
        | ChoiceStatus::Offer
        | ChoiceStatus::PendingConditions
        | ChoiceStatus::Recruited
        | ChoiceStatus::OfferDeferred
        | ChoiceStatus::Unrecognised(_) => "application_ended",
    }
}
