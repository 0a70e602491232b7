//! What comes after training, or long after: status, induction, posts, and looking for posts.

use jiff::civil::Date;

use crate::dice::Dice;

/// A status that was gained before this population looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qualified {
    /// Since when.
    pub on: Date,
    /// By which way.
    pub by: Way,
}

/// A way to QTS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Training at a provider.
    Training,
    /// Qualified teacher learning and skills.
    Qtls,
}

/// How an induction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InductionEnd {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

/// An induction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Induction {
    /// When it began.
    pub started_on: Date,
    /// When TRS was told of that.
    pub start_told_on: Date,
    /// When and how it ended.
    pub ended: Option<(Date, InductionEnd)>,
    /// When TRS was told of that.
    pub end_told_on: Option<Date>,
}

/// An application for a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Which of the season's vacancies.
    pub vacancy: u32,
    /// When applied.
    pub applied_on: Date,
    /// When interviewed.
    pub interviewed_on: Option<Date>,
    /// When the post was offered.
    pub offered_on: Option<Date>,
    /// When the offer was declined.
    pub declined_on: Option<Date>,
    /// When told that it would not be.
    pub refused_on: Option<Date>,
}

/// Everything beside training.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Career {
    /// A status gained before.
    pub qualified: Option<Qualified>,
    /// The lapse of QTLS, and when TRS let the status go.
    pub qtls_lapsed: Option<(Date, Date)>,
    /// Induction.
    pub induction: Option<Induction>,
    /// Applications for posts.
    pub jobs: Vec<Job>,
    /// Posts, from and to.
    pub posts: Vec<(Date, Option<Date>)>,
}

/// How many vacancies a season has to choose from.
pub(crate) const VACANCIES: u64 = 400;

impl Job {
    /// An application that somebody sent on a day, and how it went.
    pub(super) fn sent(applied_on: Date, outcome: Outcome, dice: &mut Dice) -> Self {
        use ltr_domain::calendar::days_after;
        let vacancy = u32::try_from(dice.below(VACANCIES)).expect("a few hundred");
        let interviewed_on = days_after(applied_on, dice.between(5, 16));
        let decided_on = days_after(interviewed_on, dice.between(0, 4));
        let answered_on = days_after(decided_on, dice.between(1, 5));
        let is_interviewed = outcome != Outcome::Refused || dice.below(2) == 0;
        Self {
            vacancy,
            applied_on,
            interviewed_on: is_interviewed.then_some(interviewed_on),
            offered_on: (outcome != Outcome::Refused).then_some(decided_on),
            declined_on: (outcome == Outcome::Declined).then_some(answered_on),
            refused_on: (outcome == Outcome::Refused).then_some(decided_on),
        }
    }
}

/// How an application for a post goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No offer.
    Refused,
    /// Offered and taken.
    Taken,
    /// Offered and declined.
    Declined,
}
