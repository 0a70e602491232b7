//! The lifetime record of one person at one (effective, known): tracks, headline and facts, resolved under a policy.
//! One pure function serves the present, the past, replay and what-if.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::fold::{Finding, RecordFold, Track};
use crate::headline::{InductionState, Phase, Qualification, Stage, TrackStates, headline};
use crate::hearing::{Hearing, ProviderName};
use crate::ids::{RecordId, Source, Trn, Ukprn};
use crate::observation::Position;
use crate::policy::{FactKind, Policy, Window};
use crate::record::trs::Answer;
use crate::resolution::{Caveat, Certainty, Claim, Resolution};

mod application;
mod claims;
mod professional;
mod silence;
mod suspect;
mod training;
mod undone;
mod when;

pub(crate) use claims::Said;
pub use claims::Why;
pub use silence::{Recruit, providers, recruits};
pub use suspect::{SuspectLink, suspect_links};
pub use when::{StageInterval, intervals};

/// The answer about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeacherRecord {
    /// The effective day asked about.
    pub effective_on: Date,
    /// The version of the policy it was resolved under.
    pub policy_version: u32,
    /// The current TRN, if there is one.
    pub trn: Option<Trn>,
    /// Every TRN of the person, the current one included.
    pub trns: BTreeSet<Trn>,
    /// TRNs that TRS has redirected, with their targets.
    pub merged: BTreeMap<Trn, Trn>,
    /// Whether the record itself is open.
    pub standing: Standing,
    /// The headline.
    pub headline: Headline,
    /// The five facts beside it.
    pub facts: Facts,
    /// From when time alone may change the answer: the first day after `effective_on` with another one.
    pub review_on: Option<Date>,
    /// The source records it rests on.
    pub records: BTreeSet<RecordId>,
    /// What is odd about them.
    pub findings: BTreeSet<Finding>,
    /// The last message it rests on.
    pub latest: Option<Position>,
    /// For records of Register: the provider that holds each, whose deliveries tell of it.
    pub held_by: BTreeMap<RecordId, Ukprn>,
    /// The provider whose silence the answer rests on or waits for: what is heard of it may change the answer.
    pub awaits: Option<ProviderName>,
}

/// Whether the record itself is open: an overlay on every stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Open.
    Open,
    /// TRS redirects to a TRN that has not been read yet (`record_merged`).
    Merged {
        /// The TRN to ask for.
        into: Trn,
    },
    /// TRS has deactivated the record (`record_closed`).
    Closed,
}

impl Standing {
    /// The name used in the API, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Merged { .. } => "record_merged",
            Self::Closed => "record_closed",
        }
    }
}

/// The headline stage with what it rests on. Its resolution's value is the stage's token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// The stage.
    pub stage: Stage,
    /// The stage as an answer: certainty, source, reason, since when.
    pub resolution: Resolution,
}

/// The five facts beside the headline, so that none of them is read off a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// `qts`, `eyts`, `none`, `award_reported` or `unknown`.
    pub qualified_status: Resolution,
    /// `in_training`, `deferred` and so on.
    pub training: Resolution,
    /// TRS's induction status.
    pub induction: Resolution,
    /// Always unknown until a source of posts is connected.
    pub employment: Resolution,
    /// `none`, `open_alert`, `prohibited` or `unknown`; fail-closed.
    pub restriction: Resolution,
}

impl Facts {
    /// The five with their names.
    #[must_use]
    pub fn named(&self) -> [(&'static str, &Resolution); 5] {
        [
            ("qualified_status", &self.qualified_status),
            ("training", &self.training),
            ("induction", &self.induction),
            ("employment", &self.employment),
            ("restriction", &self.restriction),
        ]
    }
}

/// A person's records as folded up to a known time, asked about one effective day.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    records: &'a [&'a RecordFold],
    policy: &'a Policy,
    hearing: &'a Hearing,
    /// Up to which day it has been listened. In what is asked about the future this moves on, and nothing is heard.
    known_on: Date,
    day: Date,
}

impl TeacherRecord {
    /// The phase of the answer: closed records are closed whatever their stage.
    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.standing == Standing::Closed {
            Phase::Closed
        } else {
            self.headline.stage.phase()
        }
    }
}

/// The record of the person with these source records, as folded up to the known time in question, on that day.
/// `hearing` is what was heard of the feeds by the same known time.
///
/// Total: no records at all give `not_known`. The order of the records does not matter.
#[must_use]
pub fn teacher_at(
    records: &[&RecordFold],
    policy: &Policy,
    hearing: &Hearing,
    effective_on: Date,
) -> TeacherRecord {
    teacher_on(records, policy, hearing, hearing.known_on, effective_on)
}

/// The same, where up to another day nothing more was heard.
pub(crate) fn teacher_on(
    records: &[&RecordFold],
    policy: &Policy,
    hearing: &Hearing,
    known_on: Date,
    effective_on: Date,
) -> TeacherRecord {
    let mut ordered = records.to_vec();
    ordered.sort_by(|a, b| a.id.cmp(&b.id));
    let view = View {
        records: &ordered,
        policy,
        hearing,
        known_on,
        day: effective_on,
    };
    let answer = view.answer();
    let days = view.boundaries();
    let since = when::since(view, &days, &answer);
    let review_on = when::review_on(view, &days, &answer);
    let (trn, trns) = view.trns();
    let mut headline = answer.headline;
    headline.resolution.since = since;
    TeacherRecord {
        effective_on,
        policy_version: policy.version,
        trn,
        trns,
        merged: view.merged(),
        standing: view.standing(),
        headline,
        facts: answer.facts,
        review_on,
        records: ordered.iter().map(|record| record.id.clone()).collect(),
        findings: ordered
            .iter()
            .flat_map(|record| record.findings.iter().copied())
            .collect(),
        latest: ordered.iter().map(|record| record.latest).max(),
        held_by: view
            .training_records()
            .filter_map(|(record, track)| Some((record.id.clone(), track.provider.last()?.value)))
            .collect(),
        awaits: answer.awaits,
    }
}

/// What is answered on one day, without what depends on other days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayAnswer {
    pub(crate) headline: Headline,
    facts: Facts,
    awaits: Option<ProviderName>,
}

/// What is believed of each track on one day.
struct Tracks {
    professional: professional::Professional,
    training: training::Training,
    application: application::Application,
    states: TrackStates,
}

impl<'a> View<'a> {
    /// The same, asked about another day.
    pub(crate) fn on(self, day: Date) -> Self {
        Self { day, ..self }
    }

    /// The same, asked on a later day on which nothing more has been heard.
    fn when(self, day: Date) -> Self {
        Self {
            day,
            known_on: self.known_on.max(day),
            ..self
        }
    }

    fn tracks(self) -> Tracks {
        let professional = self.professional();
        let training = self.training(&professional);
        let application = self.application(&professional);
        // Under a TRN that may be somebody else's, the traineeship is the person's own.
        let (qualification, induction) = if training.state.is_live() && self.believes_suspect() {
            (Qualification::NotHeard, InductionState::None)
        } else {
            (professional.qualification, professional.induction_state)
        };
        let states = TrackStates {
            qualification,
            induction,
            employment: crate::headline::EmploymentState::NotHeard,
            training: training.state,
            application: application.state,
        };
        Tracks {
            professional,
            training,
            application,
            states,
        }
    }

    /// The headline's stage and nothing else.
    fn stage(self) -> Stage {
        headline(&self.tracks().states)
    }

    pub(crate) fn answer(self) -> DayAnswer {
        let Tracks {
            professional,
            training,
            application,
            states,
        } = self.tracks();
        let mut facts = Facts {
            qualified_status: professional.status,
            training: training.resolution,
            induction: professional.induction,
            employment: Resolution::not_covered("no_source_of_posts"),
            restriction: self.restriction(),
        };
        self.contest(&mut facts);
        self.contest_suspect(&mut facts);
        let stage = headline(&states);
        let resolution = match stage {
            Stage::InService | Stage::Ect | Stage::InductionFailed => {
                named(stage, reason_of_induction(stage), &facts.induction)
            }
            Stage::AwardPending
            | Stage::TrainingDeferred
            | Stage::InTraining
            | Stage::InTrainingUnconfirmed
            | Stage::RegisteredNotStarted
            | Stage::LeftTraining => named(stage, facts.training.reason, &facts.training),
            Stage::BetweenPosts | Stage::NotInStateService | Stage::InPostWithoutQts => {
                named(stage, "post_seen", &facts.employment)
            }
            Stage::Qualified | Stage::EarlyYearsQualified => {
                named(stage, "status_held_no_post_seen", &facts.qualified_status)
            }
            Stage::StartUnknown
            | Stage::LeftBeforeStart
            | Stage::Recruited
            | Stage::AcceptedConditional
            | Stage::OfferDeferred
            | Stage::Applicant
            | Stage::UnsuccessfulApplicant => {
                named(stage, application.resolution.reason, &application.resolution)
            }
            Stage::NoTeachingStatus => self.no_status(&states, &facts, &application.resolution),
            Stage::NotKnown => {
                let reason = if matches!(self.standing(), Standing::Merged { .. }) {
                    "merged_record_not_read"
                } else {
                    "no_entitled_source_heard"
                };
                Resolution {
                    value: stage.token(),
                    ..Resolution::not_covered(reason)
                }
            }
        };
        let mut answer = DayAnswer {
            awaits: application.awaits.filter(|_| stage.rests_on_silence()),
            headline: Headline { stage, resolution },
            facts,
        };
        if self.day > self.known_on {
            answer.presume();
        }
        answer
    }

    /// Row 21: somebody answered, and there is nothing to tell.
    fn no_status(self, states: &TrackStates, facts: &Facts, application: &Resolution) -> Resolution {
        let stage = Stage::NoTeachingStatus;
        if states.qualification != Qualification::NotHeard {
            return named(stage, facts.qualified_status.reason, &facts.qualified_status);
        }
        if states.training == crate::headline::TrainingState::Draft {
            return named(stage, "draft_only", &facts.training);
        }
        named(stage, application.reason, application)
    }

    /// What follows from holding the sources against each other.
    fn contest(self, facts: &mut Facts) {
        self.contest_by_ended_route(&mut facts.training);
        let grace = self.policy.thresholds.award_contested_days;
        let Some((claim, since)) = self.reported_award() else {
            self.contest_by_live_training(facts);
            return;
        };
        let overdue = self.day >= crate::calendar::days_after(since, grace);
        let trs_denies = facts.qualified_status.value == "none"
            || (facts.qualified_status.value == "award_reported" && self.trs_heard());
        if overdue && trs_denies {
            facts.qualified_status.contest(claim);
            if let Some(denial) = self.qualification_denied() {
                facts.training.contest(denial);
            }
        }
    }

    /// TRS holds a status that the traineeship it came from no longer claims (S-H).
    fn contest_by_live_training(self, facts: &mut Facts) {
        let is_entitled = self
            .policy
            .rank(FactKind::QualifiedStatus, Window::Always, Source::Register)
            .is_some();
        if facts.qualified_status.value != "qts" || !is_entitled {
            return;
        }
        let held_since = facts.qualified_status.since;
        for record in self.records {
            let Track::Training(track) = &record.track else {
                continue;
            };
            let Some(point) = track.state.at(self.day) else {
                continue;
            };
            let live = matches!(
                point.value,
                crate::record::TraineeState::TrnReceived | crate::record::TraineeState::SubmittedForTrn
            );
            let began_before = track
                .begins_on()
                .zip(held_since)
                .is_some_and(|(began, held)| began <= held);
            let later_word = held_since.is_some_and(|held| point.from > held);
            if live && began_before && later_word {
                facts.qualified_status.contest(Claim {
                    value: "in_training",
                    source: record.id.source(),
                    record: record.id.clone(),
                    position: point.ground.position,
                    since: Some(point.from),
                });
            }
        }
    }

    /// TRNs that name this person: those TRS answers for, and those that Register was given.
    fn trns(self) -> (Option<Trn>, BTreeSet<Trn>) {
        let mut all = BTreeSet::new();
        let mut current: Option<(u8, Position, Trn)> = None;
        let mut offer = |rank, position, trn| {
            if current
                .is_none_or(|(held_rank, held_position, _)| (rank, position) > (held_rank, held_position))
            {
                current = Some((rank, position, trn));
            }
        };
        for record in self.records {
            match &record.track {
                Track::Trs(track) => {
                    let Ok(own) = Trn::parse(&record.id.key) else {
                        continue;
                    };
                    all.insert(own);
                    match track.answer.last().map(|point| point.value) {
                        Some(Answer::Found) => offer(4, record.spoke, own),
                        Some(Answer::MergedInto(into))
                            if record.refused.contains(&RecordId::trs_person(into)) =>
                        {
                            offer(0, record.spoke, own);
                        }
                        Some(Answer::MergedInto(into)) => {
                            all.insert(into);
                            offer(3, record.spoke, into);
                        }
                        Some(Answer::Deactivated) => offer(2, record.spoke, own),
                        Some(Answer::NotFound) | None => offer(0, record.spoke, own),
                    }
                }
                Track::Training(_) => {
                    for link in &record.links {
                        if link.to.kind == crate::ids::RecordKind::TrsPerson
                            && !record.refused.contains(&link.to)
                            && let Ok(trn) = Trn::parse(&link.to.key)
                        {
                            all.insert(trn);
                            offer(1, record.spoke, trn);
                        }
                    }
                }
                Track::Candidate | Track::Application(_) | Track::JobApplication(_) | Track::Vacancy => {}
            }
        }
        (current.map(|(_, _, trn)| trn), all)
    }
}

impl DayAnswer {
    /// Of a day that had not come nothing is better than presumed.
    fn presume(&mut self) {
        let Facts {
            qualified_status,
            training,
            induction,
            employment,
            restriction,
        } = &mut self.facts;
        let facts = [qualified_status, training, induction, employment, restriction];
        for resolution in facts.into_iter().chain([&mut self.headline.resolution]) {
            match resolution.certainty {
                Certainty::Confirmed | Certainty::Provisional => resolution.certainty = Certainty::Presumed,
                Certainty::Presumed | Certainty::Unknown => {}
            }
        }
    }
}

fn reason_of_induction(stage: Stage) -> &'static str {
    if stage == Stage::InductionFailed {
        "induction_failed"
    } else {
        "induction_status"
    }
}

/// A fact's answer as the stage's own.
fn named(stage: Stage, reason: &'static str, fact: &Resolution) -> Resolution {
    Resolution {
        value: stage.token(),
        reason,
        ..fact.clone()
    }
}

/// The certainty of a claim: confirmed if its source settles the fact in the window, provisional otherwise.
fn certainty_of(policy: &Policy, fact: FactKind, window: Window, claim: &Claim) -> Certainty {
    if policy.settles(fact, window, claim.source) {
        Certainty::Confirmed
    } else {
        Certainty::Provisional
    }
}

fn with_caveat(mut resolution: Resolution, caveat: Caveat) -> Resolution {
    resolution.caveats.insert(caveat);
    resolution
}

#[cfg(test)]
mod tests;
