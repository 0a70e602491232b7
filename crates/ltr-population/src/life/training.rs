//! A traineeship as it was: begun, interrupted, moved, ended.

use jiff::civil::{Date, date};
use ltr_domain::calendar::days_after;
use ltr_domain::ids::ChoiceId;

use super::Paperwork;
use crate::dice::Dice;
use crate::lateness;
use crate::provider::{ProviderKind, ProviderNo};
use crate::rates;

/// When in the year training starts (U§3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wave {
    /// In September.
    Autumn,
    /// In January.
    Winter,
}

/// Why somebody left training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaving {
    /// They gave up, or were asked to.
    GaveUp,
    /// They did not pass, which Register records as withdrawn (U§0.12).
    NotPassed,
    /// They went to another course: no attrition (U§3.4).
    OtherCourse,
}

/// An award made in error and taken back (S-H).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// When Register took it back.
    pub register_on: Date,
    /// When TRS removed the status, which stands until then.
    pub trs_on: Date,
}

/// One traineeship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traineeship {
    /// Where it began.
    pub provider: ProviderNo,
    /// The application that Register is told of.
    pub application: Option<ChoiceId>,
    /// In which wave.
    pub wave: Wave,
    /// The planned start.
    pub planned_on: Date,
    /// The actual start.
    pub started_on: Date,
    /// The planned end.
    pub ends_on: Date,
    /// A move to another provider.
    pub moved: Option<(Date, ProviderNo)>,
    /// A break.
    pub deferred_on: Option<Date>,
    /// The end of the break.
    pub returned_on: Option<Date>,
    /// Its end without award.
    pub withdrew: Option<(Date, Leaving)>,
    /// The day from which QTS is held.
    pub standards_met_on: Option<Date>,
    /// The provider's recommendation.
    pub recommended_on: Option<Date>,
    /// TRS's award.
    pub awarded_on: Option<Date>,
    /// The award's undoing.
    pub revoked: Option<Revoked>,
    /// How it was recorded.
    pub paperwork: Paperwork,
}

impl Traineeship {
    /// One that begins, of which nothing else is known yet.
    pub(super) fn beginning(
        provider: ProviderNo,
        application: Option<ChoiceId>,
        wave: Wave,
        starts: (Date, Date),
        ends_on: Date,
    ) -> Self {
        Self {
            provider,
            application,
            wave,
            planned_on: starts.0,
            started_on: starts.1,
            ends_on,
            moved: None,
            deferred_on: None,
            returned_on: None,
            withdrew: None,
            standards_met_on: None,
            recommended_on: None,
            awarded_on: None,
            revoked: None,
            paperwork: Paperwork::default(),
        }
    }

    /// Planned and actual start of a cycle's wave: SCITTs begin with the schools, universities some weeks later.
    pub(super) fn starts(cycle: i16, wave: Wave, kind: ProviderKind, dice: &mut Dice) -> (Date, Date) {
        let planned = match (wave, kind) {
            (Wave::Autumn, ProviderKind::Scitt) => days_after(date(cycle, 9, 1), dice.between(0, 6)),
            (Wave::Autumn, ProviderKind::University) => days_after(date(cycle, 9, 7), dice.between(0, 18)),
            (Wave::Winter, _) => days_after(date(cycle + 1, 1, 4), dice.between(0, 10)),
        };
        let late = if dice.below(20) == 0 {
            dice.between(1, 12)
        } else {
            0
        };
        (planned, days_after(planned, late))
    }

    /// Comes to its end: standards met in those days, then recommended, then awarded.
    pub(super) fn completes(&mut self, from: Date, to: Date, dice: &mut Dice) {
        let days = to.since(from).map_or(0, |span| span.get_days());
        let met_on = days_after(from, dice.between(0, days));
        let recommended_on = days_after(met_on, dice.late(&lateness::RECOMMENDED));
        self.standards_met_on = Some(met_on);
        self.recommended_on = Some(recommended_on);
        self.awarded_on = Some(days_after(recommended_on, dice.late(&lateness::QTS_HELD)));
    }

    /// Ends without award, sooner more often than later.
    pub(super) fn is_left(&mut self, dice: &mut Dice) {
        const WITHIN: &[(i32, i32)] = &[(0, 2), (120, 20), (400, 75), (700, 150), (900, 230), (1_000, 275)];
        let at = dice.between(0, 999);
        let mut before = WITHIN[0];
        let mut days = before.1;
        for &(share, until) in WITHIN {
            if at <= share {
                days = before.1 + (until - before.1) * (at - before.0) / (share - before.0).max(1);
                break;
            }
            before = (share, until);
        }
        let leaving = if dice.happens(&rates::NOT_PASSED) {
            Leaving::NotPassed
        } else if dice.happens(&rates::MOVED_COURSE) {
            Leaving::OtherCourse
        } else {
            Leaving::GaveUp
        };
        // Nobody fails in the first weeks.
        let days = if leaving == Leaving::NotPassed {
            days.max(90)
        } else {
            days
        };
        self.withdrew = Some((days_after(self.started_on, days), leaving));
    }

    /// Whether it went on from start to end at one provider.
    #[must_use]
    pub fn is_without_break(&self) -> bool {
        self.withdrew.is_none() && self.deferred_on.is_none()
    }

    /// The provider on a day.
    #[must_use]
    pub fn provider_on(&self, day: Date) -> ProviderNo {
        match self.moved {
            Some((from, to)) if from <= day => to,
            Some(_) | None => self.provider,
        }
    }
}
