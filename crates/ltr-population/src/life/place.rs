//! Applications: sent, decided, accepted, and what became of the place before training began. Transitions are Apply's
//! own (U§2.4).

use jiff::civil::{Date, date};
use ltr_domain::calendar::days_after;
use ltr_domain::ids::ChoiceId;

use crate::dice::Dice;
use crate::person::PersonNo;
use crate::provider::{ProviderKind, ProviderNo};
use crate::rates;

/// What can happen to a choice, after which it stands so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Sent to the provider.
    Sent,
    /// An interview was set.
    Interviewing,
    /// Nobody decided for thirty days.
    Inactive,
    /// An offer was made.
    Offered,
    /// Rejected, by the provider or by default.
    Rejected,
    /// The offer was declined, or ended with another's acceptance.
    Declined,
    /// The application was withdrawn.
    Withdrawn,
    /// Accepted with conditions open.
    Accepted,
    /// Conditions failed.
    ConditionsFailed,
    /// Recruited.
    Recruited,
    /// Recruited with subject knowledge enhancement still pending (U§0.5).
    RecruitedWithSke,
    /// That was met too: nothing but `updated_at` moves.
    SkeMet,
    /// The place was deferred to the next cycle.
    Deferred,
    /// And taken up again.
    Reinstated,
}

impl Step {
    /// Whether a choice that stands so may still become a place. One that has waited for thirty days counts as
    /// unsuccessful (U§2.4).
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Sent | Self::Interviewing | Self::Offered)
    }

    /// Whether a choice that stands so is an accepted place.
    #[must_use]
    pub fn holds_a_place(self) -> bool {
        matches!(
            self,
            Self::Accepted
                | Self::Recruited
                | Self::RecruitedWithSke
                | Self::SkeMet
                | Self::Deferred
                | Self::Reinstated
        )
    }
}

/// An application to one course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Apply's id of it.
    pub id: ChoiceId,
    /// On which of the person's forms.
    pub form: u8,
    /// Of which cycle.
    pub cycle: i16,
    /// To which provider.
    pub provider: ProviderNo,
    /// Which of the provider's courses.
    pub course: u8,
    /// What happened to it, in order.
    pub steps: Vec<(Date, Step)>,
}

impl Choice {
    /// A choice of that person that was sent on a day.
    fn sent(person: PersonNo, which: u8, cycle: i16, provider: ProviderNo, course: u8, on: Date) -> Self {
        Self {
            id: person.choice(which),
            form: 0,
            cycle,
            provider,
            course,
            steps: vec![(on, Step::Sent)],
        }
    }

    fn then(&mut self, on: Date, step: Step) {
        self.steps.push((on, step));
    }

    /// When it took that step.
    #[must_use]
    pub fn step_on(&self, step: Step) -> Option<Date> {
        self.steps.iter().find(|(_, one)| *one == step).map(|(on, _)| *on)
    }

    /// Whether an offer was accepted.
    #[must_use]
    pub fn was_accepted(&self) -> bool {
        self.accepted_on().is_some()
    }

    /// When an offer was accepted.
    #[must_use]
    pub fn accepted_on(&self) -> Option<Date> {
        self.steps
            .iter()
            .find(|(_, step)| matches!(step, Step::Accepted | Step::Recruited))
            .map(|(on, _)| *on)
    }

    /// When first recruited.
    #[must_use]
    pub fn recruited_on(&self) -> Option<Date> {
        self.steps
            .iter()
            .find(|(_, step)| matches!(step, Step::Recruited | Step::RecruitedWithSke))
            .map(|(on, _)| *on)
    }
}

/// What became of an accepted place before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Lost or given back.
    Gone,
    /// Deferred to the next cycle.
    Deferred,
    /// Kept for a start in this cycle.
    Kept,
}

/// How many courses a provider offers.
const COURSES: u64 = 6;

/// Of a thousand people so many have applied within so many days of Apply's opening.
const APPLIED: &[(i32, i32)] = &[
    (0, 0),
    (250, 50),
    (500, 110),
    (750, 180),
    (950, 240),
    (1_000, 255),
];

fn applied_on(cycle: i16, dice: &mut Dice) -> Date {
    let opens = date(cycle - 1, 10, 8);
    let at = dice.between(0, 999);
    let mut before = APPLIED[0];
    for &(share, days) in APPLIED {
        if at <= share {
            let within = (days - before.1) * (at - before.0) / (share - before.0).max(1);
            return days_after(opens, before.1 + within);
        }
        before = (share, days);
    }
    days_after(opens, before.1)
}

/// The applications of somebody who accepted a place, the accepted one first.
pub(super) fn accepted(
    person: PersonNo,
    cycle: i16,
    provider: ProviderNo,
    dice: &mut Dice,
    keep: Keep,
) -> (Vec<Choice>, Fate) {
    let sent_on = applied_on(cycle, dice);
    let course = course(dice);
    let mut place = Choice::sent(person, 0, cycle, provider, course, sent_on);
    let interview_on = days_after(sent_on, dice.between(5, 18));
    place.then(interview_on, Step::Interviewing);
    let offer_on = days_after(interview_on, dice.between(3, 12));
    place.then(offer_on, Step::Offered);
    let accepted_on = days_after(offer_on, dice.between(1, 12));
    let start = date(cycle, 9, 1);
    let conditional = dice.happens(&rates::CONDITIONAL);
    if conditional {
        place.then(accepted_on, Step::Accepted);
        if dice.happens(&rates::CONDITIONS_FAILED) && keep == Keep::Maybe {
            place.then(days_after(start, -dice.between(2, 12)), Step::ConditionsFailed);
            let rest = others(person, cycle, sent_on, accepted_on, dice);
            return (with(place, rest), Fate::Gone);
        }
        // Degrees are confirmed in summer.
        let open_days = start.since(accepted_on).map_or(0, |span| span.get_days()) - 8;
        let met_on = days_after(accepted_on, dice.between(open_days / 2, open_days));
        let pending = provider.kind() == ProviderKind::Scitt && dice.happens(&rates::SKE);
        if pending {
            place.then(met_on, Step::RecruitedWithSke);
            place.then(days_after(met_on, dice.between(1, 35)), Step::SkeMet);
        } else {
            place.then(met_on, Step::Recruited);
        }
    } else {
        place.then(accepted_on, Step::Recruited);
    }
    let recruited_on = place.recruited_on().expect("it has just been");
    let rest = others(person, cycle, sent_on, accepted_on, dice);
    let days = start.since(recruited_on).map_or(0, |span| span.get_days());
    let fate = if keep == Keep::Maybe && dice.happens(&rates::WITHDREW_PLACE) {
        let on = days_after(recruited_on, dice.between(1, days - 1));
        place.drop_from(on);
        place.then(on, Step::Withdrawn);
        Fate::Gone
    } else if keep == Keep::Maybe && dice.happens(&rates::DEFERRED_OFFER) {
        let on = days_after(recruited_on, dice.between(1, days - 1));
        place.drop_from(on);
        place.then(on, Step::Deferred);
        place.then(
            days_after(date(cycle + 1, 7, 10), dice.between(0, 45)),
            Step::Reinstated,
        );
        Fate::Deferred
    } else {
        Fate::Kept
    };
    (with(place, rest), fate)
}

/// Whether anything may come between a place and its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// It may.
    Maybe,
    /// The life is made for something that comes later.
    Certainly,
}

impl Choice {
    /// Forgets what was to come from that day on.
    fn drop_from(&mut self, day: Date) {
        self.steps.retain(|(on, _)| *on < day);
    }
}

fn with(place: Choice, rest: Vec<Choice>) -> Vec<Choice> {
    std::iter::once(place).chain(rest).collect()
}

fn course(dice: &mut Dice) -> u8 {
    u8::try_from(dice.below(COURSES)).expect("a few courses")
}

fn any_provider(person: PersonNo, dice: &mut Dice) -> ProviderNo {
    let kind = if dice.below(2) == 0 {
        ProviderKind::Scitt
    } else {
        ProviderKind::University
    };
    ProviderNo::for_person(person, kind, None, dice)
}

/// Up to three choices beside the one that was accepted; what is open ends with the acceptance.
fn others(person: PersonNo, cycle: i16, sent_on: Date, accepted_on: Date, dice: &mut Dice) -> Vec<Choice> {
    let count = u8::try_from(dice.below(4)).expect("up to three");
    (1..=count)
        .map(|which| {
            let provider = any_provider(person, dice);
            let course = course(dice);
            let mut choice = Choice::sent(person, which, cycle, provider, course, sent_on);
            let decided_on = days_after(sent_on, dice.between(4, 40));
            match dice.below(3) {
                0 if decided_on < accepted_on => choice.then(decided_on, Step::Rejected),
                1 if decided_on < accepted_on => {
                    choice.then(decided_on, Step::Offered);
                    choice.then(accepted_on, Step::Declined);
                }
                _ => choice.then(accepted_on, Step::Withdrawn),
            }
            choice
        })
        .collect()
}

/// The applications of somebody who got no place: rejected, declined, withdrawn, or ended by the end of the cycle.
pub(super) fn unsuccessful(person: PersonNo, cycle: i16, dice: &mut Dice) -> Vec<Choice> {
    let sent_on = applied_on(cycle, dice);
    let count = u8::try_from(1 + dice.below(4)).expect("up to four");
    (0..count)
        .map(|which| {
            let provider = any_provider(person, dice);
            let course = course(dice);
            let mut choice = Choice::sent(person, which, cycle, provider, course, sent_on);
            let decided_on = days_after(sent_on, dice.between(4, 29));
            match dice.below(5) {
                0 => {
                    choice.then(decided_on, Step::Offered);
                    choice.then(days_after(decided_on, dice.between(2, 20)), Step::Declined);
                }
                1 => choice.then(decided_on, Step::Withdrawn),
                2 => {
                    // Nobody ever decides, until the cycle ends.
                    choice.then(days_after(sent_on, 31), Step::Inactive);
                    choice.then(date(cycle, 9, 24), Step::Rejected);
                }
                3 => {
                    choice.then(decided_on, Step::Interviewing);
                    choice.then(days_after(decided_on, dice.between(2, 20)), Step::Rejected);
                }
                _ => choice.then(decided_on, Step::Rejected),
            }
            choice
        })
        .collect()
}
