//! How a traineeship came into Register and TRS: late, and now and then wrong. Days on which somebody entered something,
//! never days on which something happened.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::calendar::days_after;

use super::{Traineeship, Wave};
use crate::dice::Dice;
use crate::instants;
use crate::person::PersonNo;
use crate::{lateness, rates};

/// When what was entered about a traineeship.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paperwork {
    /// Submitted in Register; none: never.
    pub registered_at: Option<Timestamp>,
    /// The actual start, where it was not entered with the rest.
    pub start_entered_on: Option<Date>,
    /// The TRN arrived.
    pub trn_at: Option<Timestamp>,
    /// The new provider's record of somebody who moved.
    pub moved_on: Option<Date>,
    /// The deferral.
    pub deferred_on: Option<Date>,
    /// The return.
    pub returned_on: Option<Date>,
    /// The withdrawal.
    pub withdrawn_on: Option<Date>,
    /// Whether the withdrawal reached TRS.
    pub push: Push,
    /// A withdrawal of somebody else, entered here: from and until.
    pub withdrawn_in_error: Option<(Date, Date)>,
    /// The actual start was entered a year too late, until it was corrected.
    pub wrong_start_until: Option<Date>,
    /// The TRN of the person's partner stood here, until it was put right.
    pub swapped_until: Option<Date>,
    /// The TRN that was kept in a merge was entered.
    pub trn_replaced_on: Option<Date>,
    /// The new last name.
    pub renamed_on: Option<Date>,
}

/// Whether Register's push to TRS arrived (U§3.5: it is not repeated).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Push {
    /// It did.
    #[default]
    Sent,
    /// It did not.
    Lost,
}

/// Two trainees whose TRNs are swapped for some weeks (T07, S-K): persons 2n and 2n + 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SwapTrns {
    /// The one of even number.
    pub first: PersonNo,
}

impl SwapTrns {
    /// Whether that trainee is one of such two.
    #[must_use]
    pub fn of(seed: u64, person: PersonNo) -> Option<Self> {
        let first = PersonNo(person.0 & !1);
        first
            .dice(seed, "swap")
            .happens(&rates::SWAPPED)
            .then_some(Self { first })
    }

    /// The other one.
    #[must_use]
    pub fn partner(person: PersonNo) -> PersonNo {
        PersonNo(person.0 ^ 1)
    }
}

/// Leaving within so many days, some are gone before anybody registers them.
pub(crate) const EARLY_DAYS: i32 = 21;

/// Files the papers of a traineeship.
pub(super) fn file(one: &mut Traineeship, seed: u64, person: PersonNo) {
    let mut dice = person.dice(seed, "paperwork");
    let left_early = one
        .withdrew
        .is_some_and(|(on, _)| on <= days_after(one.started_on, EARLY_DAYS));
    if left_early && dice.happens(&rates::NEVER_REGISTERED) {
        return;
    }
    let registered_on = registered_on(one, &mut dice);
    let registered_at = instants::of(registered_on, &mut dice);
    let trn_at =
        registered_at + jiff::SignedDuration::from_hours(i64::from(dice.late(&lateness::TRN_RECEIVED)));
    let papers = &mut one.paperwork;
    papers.registered_at = Some(registered_at);
    papers.trn_at = Some(trn_at);
    if registered_on < one.started_on {
        papers.start_entered_on = Some(days_after(one.started_on, dice.between(0, 6)));
    } else if dice.happens(&rates::START_LATE) {
        papers.start_entered_on = Some(days_after(registered_on, dice.late(&lateness::START_ENTERED)));
    }
    // What happened before anybody wrote it down comes at least a day after the registration.
    let entered = |happened: Option<Date>, late: i32, least: Date| {
        happened.map(|on| days_after(on, late).max(days_after(least, 1)))
    };
    let late = dice.late(&lateness::MOVED);
    papers.moved_on = entered(one.moved.map(|(on, _)| on), late, registered_on);
    let late = dice.late(&lateness::DEFERRED);
    papers.deferred_on = entered(one.deferred_on, late, registered_on);
    let late = dice.late(&lateness::RETURNED);
    papers.returned_on = entered(one.returned_on, late, papers.deferred_on.unwrap_or(registered_on));
    let late = dice.late(&lateness::WITHDRAWN);
    papers.withdrawn_on = entered(one.withdrew.map(|(on, _)| on), late, registered_on);
    if let (Some(start), Some(withdrawn)) = (papers.start_entered_on, papers.withdrawn_on) {
        // Register lets only somebody withdraw whose course has started (U§3.3).
        papers.start_entered_on = Some(start.min(withdrawn));
    }
    if papers.withdrawn_on.is_some() && dice.happens(&rates::PUSH_LOST) {
        papers.push = Push::Lost;
    }
}

fn registered_on(one: &Traineeship, dice: &mut Dice) -> Date {
    match one.wave {
        Wave::Autumn => days_after(one.started_on, dice.late(&lateness::REGISTERED)),
        Wave::Winter if dice.happens(&rates::REGISTERED_AHEAD) => {
            days_after(one.planned_on, -dice.between(28, 60))
        }
        Wave::Winter => days_after(one.started_on, dice.late(&lateness::REGISTERED_WINTER)),
    }
}

/// Files what goes wrong with the papers of somebody who stays from start to end.
pub(super) fn misfile(one: &mut Traineeship, seed: u64, person: PersonNo) {
    let Some(trn_at) = one.paperwork.trn_at else {
        return;
    };
    let mut dice = person.dice(seed, "errors");
    let settled_on =
        ltr_domain::time::london_date(trn_at).max(one.paperwork.start_entered_on.unwrap_or(one.started_on));
    if dice.happens(&rates::WITHDRAWN_IN_ERROR) {
        let on = days_after(settled_on, dice.between(10, 120));
        one.paperwork.withdrawn_in_error = Some((on, days_after(on, dice.late(&lateness::ERROR_UNDONE))));
    } else if dice.happens(&rates::WRONG_START) {
        let entered_on = one.paperwork.start_entered_on.unwrap_or(settled_on);
        one.paperwork.wrong_start_until = Some(days_after(
            entered_on.max(settled_on),
            dice.late(&lateness::DATE_CORRECTED),
        ));
    }
}
