//! Apply: an account with one form; statuses move on the day they are decided.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use ltr_domain::calendar::days_after;
use ltr_domain::headline::Stage;
use ltr_domain::ids::RecordId;
use ltr_upstreams::world::apply::{Candidate, Choice, ChoiceStatus, Form, Interview};
use ltr_upstreams::world::{Extra, Text};

use super::Scribe;
use crate::dice::Dice;
use crate::instants::{self, Rising};
use crate::life::{Life, Step};
use crate::truth::Said;

impl Scribe<'_> {
    pub(super) fn candidate(&mut self, life: &Life) {
        let Some(first) = life.choices.first() else { return };
        let mut dice = life.person.dice(self.seed, "apply");
        let record = RecordId::apply_candidate(life.person.candidate());
        self.truth.knows(life.person, record.clone());
        for choice in &life.choices {
            self.truth.knows(life.person, RecordId::apply_choice(choice.id));
        }
        let mut rising = Rising::new();
        let (begun_at, mut candidate) = self.begun(life, first.cycle, &mut dice);
        let begun_at = rising.next(begun_at);
        self.world
            .apply
            .put(life.person.candidate(), begun_at, candidate.clone());
        self.truth
            .says(&record, begun_at, Said::Place(Stage::NoTeachingStatus));

        let mut steps: Vec<(Date, usize, Step)> = Vec::new();
        for (at, choice) in life.choices.iter().enumerate() {
            steps.extend(choice.steps.iter().map(|&(on, step)| (on, at, step)));
        }
        steps.sort_by_key(|(on, ..)| *on);
        let mut stand: Vec<Option<Step>> = vec![None; life.choices.len()];
        for on_one_day in steps.chunk_by(|a, b| a.0 == b.0) {
            let at = rising.next(instants::of(on_one_day[0].0, &mut dice));
            let form = &mut candidate.forms[0];
            form.updated_at = at;
            for &(_, which, step) in on_one_day {
                take(&mut form.choices[which], step, at);
                if step == Step::Sent {
                    form.submitted_at.get_or_insert(at);
                }
                if step == Step::Reinstated {
                    // For the same course in the next cycle.
                    let choice = &life.choices[which];
                    let next = self.course(choice.provider, choice.course, choice.cycle + 1);
                    form.choices[which].offered = Some(next.apply);
                }
                stand[which] = Some(step);
            }
            self.world
                .apply
                .put(life.person.candidate(), at, candidate.clone());
            self.truth.says(&record, at, Said::Place(stage(&stand)));
        }
    }

    /// The account on the day the form was begun, nothing sent.
    fn begun(&mut self, life: &Life, cycle: i16, dice: &mut Dice) -> (Timestamp, Candidate) {
        let sent_on = life.choices[0].steps[0].0;
        let begun_on = days_after(sent_on, -dice.between(0, 9)).max(date(cycle - 1, 10, 8));
        let begun_at =
            instants::of(begun_on, dice).min(instants::of(sent_on, dice)) - SignedDuration::from_hours(2);
        let choices = life
            .choices
            .iter()
            .map(|choice| Choice {
                id: choice.id,
                status: ChoiceStatus::Unsubmitted,
                created_at: begun_at,
                updated_at: begun_at,
                sent_to_provider_at: None,
                accepted_at: None,
                recruited_at: None,
                course: self.course(choice.provider, choice.course, choice.cycle).apply,
                offered: None,
                interviews: Vec::new(),
            })
            .collect();
        let identity = &life.identity;
        let form = Form {
            id: life.person.form(0),
            cycle_year: cycle.unsigned_abs(),
            first_name: Text::from(identity.first_name),
            last_name: Text::from(identity.last_name.as_str()),
            created_at: begun_at,
            updated_at: begun_at,
            submitted_at: None,
            status: None,
            choices,
        };
        let candidate = Candidate {
            email: Text::from(identity.email.as_str()),
            date_of_birth: identity.date_of_birth,
            nationalities: vec![Text::from("GB")],
            forms: vec![form],
            extra: Extra::new(),
        };
        (begun_at, candidate)
    }
}

/// The choice takes that step.
fn take(choice: &mut Choice, step: Step, at: Timestamp) {
    choice.updated_at = at;
    match step {
        Step::Sent => {
            choice.status = ChoiceStatus::AwaitingProviderDecision;
            choice.sent_to_provider_at = Some(at);
        }
        Step::Interviewing => {
            choice.status = ChoiceStatus::Interviewing;
            choice.interviews.push(Interview {
                id: choice.id.0 * 10,
                created_at: at,
                at: at + SignedDuration::from_hours(48),
                cancelled_at: None,
            });
        }
        Step::Inactive => choice.status = ChoiceStatus::Inactive,
        Step::Offered => choice.status = ChoiceStatus::Offer,
        Step::Rejected => choice.status = ChoiceStatus::Rejected,
        Step::Declined => choice.status = ChoiceStatus::Declined,
        Step::Withdrawn => choice.status = ChoiceStatus::Withdrawn,
        Step::Accepted => {
            choice.status = ChoiceStatus::PendingConditions;
            choice.accepted_at = Some(at);
        }
        Step::ConditionsFailed => choice.status = ChoiceStatus::ConditionsNotMet,
        Step::Recruited | Step::RecruitedWithSke | Step::Reinstated => {
            choice.status = ChoiceStatus::Recruited;
            choice.accepted_at.get_or_insert(at);
            choice.recruited_at = Some(at);
        }
        Step::SkeMet => {}
        Step::Deferred => choice.status = ChoiceStatus::OfferDeferred,
    }
}

/// What all choices together tell: a place, else a live one, else that all ended.
fn stage(stand: &[Option<Step>]) -> Stage {
    let any = |is: fn(Step) -> bool| stand.iter().flatten().copied().any(is);
    if any(|step| step == Step::Deferred) {
        Stage::OfferDeferred
    } else if any(|step| step == Step::Accepted) {
        Stage::AcceptedConditional
    } else if any(Step::holds_a_place) {
        Stage::Recruited
    } else if any(Step::is_live) {
        Stage::Applicant
    } else if stand.iter().flatten().next().is_some() {
        Stage::UnsuccessfulApplicant
    } else {
        Stage::NoTeachingStatus
    }
}
