//! What can happen in a life, and all that did, in order.

use jiff::civil::Date;
use ltr_domain::ids::ChoiceId;

use super::{InductionEnd, Leaving, Life, Step};

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// On which day.
    pub on: Date,
    /// What.
    pub what: Happening,
}

/// What can happen. Traineeships and jobs are counted within a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Something about an application.
    Application {
        /// Which choice.
        choice: ChoiceId,
        /// What about it.
        step: Step,
    },
    /// Did not come to the start.
    NoShow,
    /// Training began.
    Started {
        /// Which.
        traineeship: usize,
    },
    /// Moved to another provider.
    MovedProvider {
        /// Which.
        traineeship: usize,
    },
    /// Training was interrupted.
    Deferred {
        /// Which.
        traineeship: usize,
    },
    /// Training went on.
    Returned {
        /// Which.
        traineeship: usize,
    },
    /// Training ended without award.
    Withdrew {
        /// Which.
        traineeship: usize,
        /// Why.
        leaving: Leaving,
    },
    /// The standards were met; QTS will be held from this day.
    StandardsMet {
        /// Which.
        traineeship: usize,
    },
    /// The provider recommended for award.
    Recommended {
        /// Which.
        traineeship: usize,
    },
    /// TRS awarded QTS.
    Awarded {
        /// Which.
        traineeship: usize,
    },
    /// An award made in error was removed.
    AwardRemoved {
        /// Which.
        traineeship: usize,
    },
    /// QTS gained before this population looks, or through QTLS.
    Qualified,
    /// QTLS lapsed, and QTS with it.
    QtlsLapsed,
    /// Induction began.
    InductionStarted,
    /// Induction ended.
    InductionEnded {
        /// How.
        end: InductionEnd,
    },
    /// Applied for a post.
    JobApplied {
        /// Which.
        job: usize,
    },
    /// Was offered the post.
    JobOffered {
        /// Which.
        job: usize,
    },
    /// Declined it.
    JobDeclined {
        /// Which.
        job: usize,
    },
    /// Took up a post.
    PostTaken,
    /// Left service.
    PostLeft,
    /// Took another last name.
    Renamed,
    /// Two TRNs were made one.
    TrnMerged,
    /// Died.
    Died,
}

/// Everything, in order of days; of one day in the order of the list below.
pub(super) fn all(life: &Life) -> Vec<Happened> {
    let mut all = Vec::new();
    let mut add = |on: Option<Date>, what| {
        if let Some(on) = on {
            all.push(Happened { on, what });
        }
    };
    for choice in &life.choices {
        for &(on, step) in &choice.steps {
            add(
                Some(on),
                Happening::Application {
                    choice: choice.id,
                    step,
                },
            );
        }
    }
    add(life.no_show_on, Happening::NoShow);
    let career = &life.career;
    add(career.qualified.map(|one| one.on), Happening::Qualified);
    for (traineeship, one) in life.traineeships.iter().enumerate() {
        add(Some(one.started_on), Happening::Started { traineeship });
        add(
            one.moved.map(|(on, _)| on),
            Happening::MovedProvider { traineeship },
        );
        add(one.deferred_on, Happening::Deferred { traineeship });
        add(one.returned_on, Happening::Returned { traineeship });
        if let Some((on, leaving)) = one.withdrew {
            add(Some(on), Happening::Withdrew { traineeship, leaving });
        }
        add(one.standards_met_on, Happening::StandardsMet { traineeship });
        add(one.recommended_on, Happening::Recommended { traineeship });
        add(one.awarded_on, Happening::Awarded { traineeship });
        add(
            one.revoked.map(|one| one.trs_on),
            Happening::AwardRemoved { traineeship },
        );
    }
    add(career.qtls_lapsed.map(|(on, _)| on), Happening::QtlsLapsed);
    if let Some(induction) = career.induction {
        add(Some(induction.started_on), Happening::InductionStarted);
        if let Some((on, end)) = induction.ended {
            add(Some(on), Happening::InductionEnded { end });
        }
    }
    for (job, one) in career.jobs.iter().enumerate() {
        add(Some(one.applied_on), Happening::JobApplied { job });
        add(one.offered_on, Happening::JobOffered { job });
        add(one.declined_on, Happening::JobDeclined { job });
    }
    for &(from, to) in &career.posts {
        add(Some(from), Happening::PostTaken);
        add(to, Happening::PostLeft);
    }
    add(
        life.identity.renamed.as_ref().map(|(on, _)| *on),
        Happening::Renamed,
    );
    add(life.merged.map(|one| one.on), Happening::TrnMerged);
    add(life.died.map(|(on, _)| on), Happening::Died);
    all.sort_by_key(|one| one.on);
    all
}
