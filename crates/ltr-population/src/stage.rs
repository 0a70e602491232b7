//! Where a person truly stands, and which answers agree with that. The words are those of the headline table, less the
//! ones that only tell what somebody does not know (`start_unknown`, `in_training_unconfirmed`, `not_known`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use ltr_domain::headline::Stage;
use ltr_domain::ids::ChoiceId;

use crate::life::{Happened, Happening, InductionEnd, Life, LifeKind, Step};

mod agreement;

pub use agreement::{AGREEMENT, Agreement, Row, agreement};

/// Where a person truly stands at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrueStage {
    /// Nothing has happened yet that any source could tell.
    NothingYet,
    /// An application is live.
    Applicant,
    /// A place was accepted, conditions are open.
    AcceptedConditional,
    /// Recruited, the start is ahead.
    Recruited,
    /// The place was deferred.
    OfferDeferred,
    /// All applications ended.
    UnsuccessfulApplicant,
    /// A place was given back before the start.
    WithdrewBeforeStart,
    /// Did not come to the start.
    LeftBeforeStart,
    /// In training.
    InTraining,
    /// Training is interrupted.
    TrainingDeferred,
    /// Left training without award, nothing newer.
    LeftTraining,
    /// The standards are met, and the provider has not said so yet.
    StandardsMet,
    /// Recommended for award, and TRS has not awarded yet.
    Recommended,
    /// Holds QTS, never in post.
    Qualified,
    /// Holds QTS and is in early career: in post or in induction.
    Ect,
    /// Holds QTS and failed induction.
    InductionFailed,
    /// Holds QTS, in post, induction done.
    InService,
    /// Holds QTS, was in post.
    OutOfService,
    /// In post without QTS.
    InPostWithoutQts,
    /// Died: the record is to be closed.
    Closed,
}

impl TrueStage {
    /// Every stage.
    pub const ALL: [Self; 20] = [
        Self::NothingYet,
        Self::Applicant,
        Self::AcceptedConditional,
        Self::Recruited,
        Self::OfferDeferred,
        Self::UnsuccessfulApplicant,
        Self::WithdrewBeforeStart,
        Self::LeftBeforeStart,
        Self::InTraining,
        Self::TrainingDeferred,
        Self::LeftTraining,
        Self::StandardsMet,
        Self::Recommended,
        Self::Qualified,
        Self::Ect,
        Self::InductionFailed,
        Self::InService,
        Self::OutOfService,
        Self::InPostWithoutQts,
        Self::Closed,
    ];

    /// Its name in tables and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::NothingYet => "nothing_yet",
            Self::Applicant => "applicant",
            Self::AcceptedConditional => "accepted_conditional",
            Self::Recruited => "recruited",
            Self::OfferDeferred => "offer_deferred",
            Self::UnsuccessfulApplicant => "unsuccessful_applicant",
            Self::WithdrewBeforeStart => "withdrew_before_start",
            Self::LeftBeforeStart => "left_before_start",
            Self::InTraining => "in_training",
            Self::TrainingDeferred => "training_deferred",
            Self::LeftTraining => "left_training",
            Self::StandardsMet => "standards_met",
            Self::Recommended => "recommended",
            Self::Qualified => "qualified",
            Self::Ect => "ect",
            Self::InductionFailed => "induction_failed",
            Self::InService => "in_service",
            Self::OutOfService => "out_of_service",
            Self::InPostWithoutQts => "in_post_without_qts",
            Self::Closed => "closed",
        }
    }

    /// Whether coming to stand so is something to be learnt: that the standards are met is told with the recommendation.
    #[must_use]
    pub fn is_news(self) -> bool {
        self != Self::StandardsMet
    }
}

/// What of a life decides where the person stands.
#[derive(Debug, Clone, Default)]
struct Standing {
    died: bool,
    place: Option<TrueStage>,
    /// The last step of each choice.
    choices: BTreeMap<ChoiceId, Step>,
    training: Option<TrueStage>,
    has_left: bool,
    qts: bool,
    induction: Option<bool>,
    induction_failed: bool,
    in_post: bool,
    was_in_post: bool,
}

impl Standing {
    fn take(&mut self, what: Happening) {
        match what {
            Happening::Application { choice, step } => self.apply(choice, step),
            Happening::NoShow => self.place = Some(TrueStage::LeftBeforeStart),
            Happening::Started { .. } => {
                self.place = None;
                self.training = Some(TrueStage::InTraining);
            }
            Happening::Returned { .. } => self.training = Some(TrueStage::InTraining),
            Happening::Deferred { .. } => self.training = Some(TrueStage::TrainingDeferred),
            Happening::Withdrew { .. } => {
                self.training = None;
                self.has_left = true;
            }
            Happening::StandardsMet { .. } => self.training = Some(TrueStage::StandardsMet),
            Happening::Recommended { .. } => self.training = Some(TrueStage::Recommended),
            Happening::Awarded { .. } => {
                self.training = None;
                self.qts = true;
            }
            Happening::AwardRemoved { .. } => {
                self.qts = false;
                self.training = Some(TrueStage::InTraining);
            }
            Happening::Qualified => self.qts = true,
            Happening::QtlsLapsed => self.qts = false,
            Happening::InductionStarted => self.induction = Some(false),
            Happening::InductionEnded { end } => {
                self.induction = Some(true);
                self.induction_failed = end == InductionEnd::Failed;
            }
            Happening::PostTaken => {
                self.in_post = true;
                self.was_in_post = true;
            }
            Happening::PostLeft => self.in_post = false,
            Happening::Died => self.died = true,
            Happening::MovedProvider { .. }
            | Happening::JobApplied { .. }
            | Happening::JobOffered { .. }
            | Happening::JobDeclined { .. }
            | Happening::Renamed
            | Happening::TrnMerged => {}
        }
    }

    fn apply(&mut self, choice: ChoiceId, step: Step) {
        let before = self.choices.insert(choice, step);
        match step {
            Step::Sent
            | Step::Interviewing
            | Step::Inactive
            | Step::Offered
            | Step::Rejected
            | Step::Declined
            | Step::SkeMet => {}
            Step::Accepted => self.place = Some(TrueStage::AcceptedConditional),
            Step::Recruited | Step::RecruitedWithSke | Step::Reinstated => {
                self.place = Some(TrueStage::Recruited);
            }
            Step::Deferred => self.place = Some(TrueStage::OfferDeferred),
            Step::ConditionsFailed => self.place = Some(TrueStage::UnsuccessfulApplicant),
            Step::Withdrawn => {
                if before.is_some_and(Step::holds_a_place) {
                    self.place = Some(TrueStage::WithdrewBeforeStart);
                }
            }
        }
    }

    fn stage(&self) -> TrueStage {
        if self.died {
            return TrueStage::Closed;
        }
        if self.qts {
            return match (self.induction, self.in_post) {
                _ if self.induction_failed => TrueStage::InductionFailed,
                (Some(false), _) => TrueStage::Ect,
                (Some(true), true) => TrueStage::InService,
                (None, true) => TrueStage::InService,
                (_, false) if self.was_in_post => TrueStage::OutOfService,
                (_, false) => TrueStage::Qualified,
            };
        }
        if let Some(training) = self.training {
            return training;
        }
        if self.in_post {
            return TrueStage::InPostWithoutQts;
        }
        if let Some(place) = self.place {
            return place;
        }
        if self.choices.values().any(|step| step.is_live()) {
            TrueStage::Applicant
        } else if self.has_left {
            TrueStage::LeftTraining
        } else if !self.choices.is_empty() {
            TrueStage::UnsuccessfulApplicant
        } else {
            TrueStage::NothingYet
        }
    }
}

/// Where a person stood, from each day on which that changed, in order; nothing before the first.
#[must_use]
pub fn stages(life: &Life) -> Vec<(Date, TrueStage)> {
    let mut standing = Standing::default();
    let mut stages: Vec<(Date, TrueStage)> = Vec::new();
    let happenings = life.happenings();
    for on_one_day in happenings.chunk_by(|a, b| a.on == b.on) {
        for Happened { what, .. } in on_one_day {
            standing.take(*what);
        }
        let mut stage = standing.stage();
        // A first post makes an early career where induction is still required.
        if stage == TrueStage::InService && standing.induction.is_none() && life.kind != LifeKind::Qtls {
            stage = TrueStage::Ect;
        }
        let before = stages.last().map_or(TrueStage::NothingYet, |(_, before)| *before);
        if stage != before {
            stages.push((on_one_day[0].on, stage));
        }
    }
    stages
}

/// The stage that an answer could have if it told the truth, and nothing of what nobody can know.
#[must_use]
pub fn plain_answer(stage: TrueStage) -> Stage {
    agreement::row(stage).right[0]
}
