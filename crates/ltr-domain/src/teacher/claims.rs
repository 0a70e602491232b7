//! Every claim that the records make of each fact on a day, the one believed and the others, read by the code that
//! resolves. Only explanations ask for it: answering reads no more than it needs.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::application::Choice;
use super::professional::{Professional, no_alert_claim};
use super::training::Traineeship;
use super::{DayAnswer, View};
use crate::fold::{Decision, RecordFold, Track, TrsTrack};
use crate::headline::TrainingState;
use crate::hearing::Hearing;
use crate::ids::Source;
use crate::policy::{FactKind, Policy, Window};
use crate::record::TraineeState;
use crate::record::trs::Answer;
use crate::resolution::{Certainty, Claim, Resolution};
use crate::time::Basis;
use crate::timeline::Ground;

pub use self::why::Why;

mod why;

/// One claim of one fact on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) claim: Claim,
    /// Where its date comes from; `None`: it has none.
    pub(crate) basis: Option<Basis>,
    /// The window that it falls into.
    pub(crate) window: Window,
    /// Why it is not the one believed, where it is not.
    pub(crate) otherwise: Why,
}

/// Every claim of one fact on the day, and what was resolved from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FactClaims {
    pub(crate) fact: FactKind,
    pub(crate) resolution: Resolution,
    pub(crate) said: Vec<Said>,
}

impl FactClaims {
    /// What became of a claim: taken why, or lost why.
    pub(crate) fn why(&self, said: &Said, policy: &Policy) -> Why {
        if self.resolution.claim.as_ref() == Some(&said.claim) {
            if self.resolution.reason == "status_held" {
                return Why::Completed;
            }
            return Why::of_taken(
                self.resolution.certainty,
                policy.settles(self.fact, said.window, said.claim.source),
            );
        }
        if self.resolution.lost.contains(&said.claim) {
            return Why::Contests;
        }
        said.otherwise
    }
}

impl<'a> View<'a> {
    /// A view of these records, which must be ordered by id.
    pub(crate) fn of(
        records: &'a [&'a RecordFold],
        policy: &'a Policy,
        hearing: &'a Hearing,
        known_on: Date,
        day: Date,
    ) -> Self {
        Self {
            records,
            policy,
            hearing,
            known_on,
            day,
        }
    }

    /// Every claim of each fact on the day.
    pub(crate) fn claims(self) -> [FactClaims; 6] {
        let DayAnswer { facts, .. } = self.answer();
        let professional = self.professional();
        let place_claims = self.place_claims(&professional);
        let place = self.place(&professional, &place_claims);
        let of = |fact, resolution: Resolution, said: Vec<Said>| complete(fact, resolution, said);
        [
            of(
                FactKind::QualifiedStatus,
                facts.qualified_status,
                self.status_claims(),
            ),
            of(
                FactKind::Training,
                facts.training,
                self.training_claims(&professional),
            ),
            of(FactKind::Place, place, place_claims),
            of(FactKind::Induction, facts.induction, self.induction_claims()),
            of(FactKind::Employment, facts.employment, self.employment_claims()),
            of(
                FactKind::Restriction,
                facts.restriction,
                self.restriction_claims(),
            ),
        ]
    }

    fn status_claims(self) -> Vec<Said> {
        let trs = self.speaking_trs().filter_map(|(record, track)| {
            let (_, resolution, _) = self.status(record, track);
            let basis = track.qts.at(self.day).map(|point| point.ground.basis);
            Some(Said {
                claim: resolution.claim?,
                basis,
                window: Window::Always,
                otherwise: self.why_other_record(track),
            })
        });
        let awards = self.training_records().filter_map(|(record, track)| {
            let point = track.state.at(self.day)?;
            (point.value == TraineeState::Awarded).then(|| Said {
                claim: Claim {
                    value: "award_reported",
                    source: record.id.source(),
                    record: record.id.clone(),
                    position: point.ground.position,
                    since: Some(point.from),
                },
                basis: Some(point.ground.basis),
                window: Window::Always,
                otherwise: if self.trs_heard() {
                    Why::Outranked
                } else {
                    Why::Older
                },
            })
        });
        trs.chain(awards).collect()
    }

    fn training_claims(self, professional: &Professional) -> Vec<Said> {
        let register: Vec<Traineeship> = self
            .training_records()
            .filter_map(|(record, track)| self.traineeship(record, track))
            .collect();
        let register_speaks = register.iter().any(|one| one.state != TrainingState::Draft);
        let is_after_award = |one: &Traineeship| {
            professional
                .award_on
                .is_none_or(|award| one.begins_on.is_some_and(|began| began > award))
        };
        let any_live = register.iter().any(|one| one.is_live() && is_after_award(one));
        let said = |one: &Traineeship| {
            let claim = one.claim();
            let otherwise = if claim.source == Source::Trs && register_speaks {
                Why::Outranked
            } else if one.state == TrainingState::Draft {
                Why::DraftOnly
            } else if one.is_live() && !is_after_award(one) {
                Why::StatusHeld
            } else if !one.is_live() && any_live {
                Why::NotLive
            } else {
                Why::Older
            };
            Said {
                claim,
                basis: Some(one.basis),
                window: self.policy.window(self.day, one.begins_on),
                otherwise,
            }
        };
        let routes = self.route_traineeships();
        register.iter().chain(&routes).map(said).collect()
    }

    fn place_claims(self, professional: &Professional) -> Vec<Said> {
        let said = self.choices().filter_map(|choice| {
            let start = choice.track.planned_start(self.day);
            let window = match choice.decision {
                Decision::Recruited | Decision::AcceptedConditional => self.policy.window(self.day, start),
                Decision::Deferred | Decision::Live | Decision::Ended | Decision::Dormant => {
                    Window::BeforeStart
                }
            };
            if self.is_followed(&choice, professional) {
                return Some(Said {
                    claim: own_word(&choice),
                    basis: Some(choice.basis),
                    window,
                    otherwise: Why::Followed,
                });
            }
            let otherwise = if choice.decision == Decision::Dormant {
                Why::NotSent
            } else {
                Why::Older
            };
            Some(Said {
                claim: self.of_choice(&choice).resolution.claim?,
                basis: Some(choice.basis),
                window,
                otherwise,
            })
        });
        said.collect()
    }

    /// What is believed of a place: nothing any more, once every application has been followed.
    fn place(self, professional: &Professional, said: &[Said]) -> Resolution {
        if said.is_empty() || said.iter().any(|one| one.otherwise != Why::Followed) {
            return self.application(professional).resolution;
        }
        Resolution {
            value: "followed",
            certainty: Certainty::Confirmed,
            caveats: BTreeSet::new(),
            reason: "followed_by_training_or_status",
            since: None,
            claim: None,
            lost: Vec::new(),
        }
    }

    fn induction_claims(self) -> Vec<Said> {
        let said = self.speaking_trs().filter_map(|(record, track)| {
            let (_, resolution) = self.induction(record, track);
            Some(Said {
                claim: resolution.claim?,
                basis: track.induction.at(self.day).map(|point| point.ground.basis),
                window: Window::Always,
                otherwise: self.why_other_record(track),
            })
        });
        said.collect()
    }

    /// Job applications show that somebody looks for a post, not that there is one.
    fn employment_claims(self) -> Vec<Said> {
        let said = self.records.iter().filter_map(|record| {
            let Track::JobApplication(line) = &record.track else {
                return None;
            };
            let point = line.at(self.day)?;
            Some(Said {
                claim: Claim {
                    value: "job_activity",
                    source: record.id.source(),
                    record: record.id.clone(),
                    position: point.ground.position,
                    since: Some(point.from),
                },
                basis: Some(point.ground.basis),
                window: Window::Always,
                otherwise: Why::NotEntitled,
            })
        });
        said.collect()
    }

    fn restriction_claims(self) -> Vec<Said> {
        let mut all = Vec::new();
        let said = |claim, Ground { basis, .. }, otherwise| Said {
            claim,
            basis: Some(basis),
            window: Window::Always,
            otherwise,
        };
        for (record, track) in self.trs_records() {
            if self.is_suspect(&record.id) {
                // What is said there is not told, not even that it lost: it may be about somebody else.
                all.extend(track.alerts_listed.map(|ground| {
                    let claim = Claim {
                        value: "withheld",
                        ..no_alert_claim(record, ground.position)
                    };
                    said(claim, ground, Why::LinkSuspect)
                }));
                continue;
            }
            let open: Vec<_> = track
                .alerts
                .values()
                .filter(|alert| alert.is_open(self.day))
                .collect();
            if let Some(ground) = track.alerts_listed
                && open.is_empty()
            {
                let claim = no_alert_claim(record, ground.position);
                all.push(said(claim, ground, Why::LessGrave));
            }
            all.extend(
                open.into_iter()
                    .map(|alert| said(self.alert_claim(record, alert), alert.ground, Why::LessGrave)),
            );
        }
        all
    }

    fn speaking_trs(self) -> impl Iterator<Item = (&'a RecordFold, &'a TrsTrack)> {
        self.trs_records()
            .filter(move |(_, track)| self.weight(track) > 0)
    }

    /// Why another TRS record is believed instead of this one.
    fn why_other_record(self, track: &TrsTrack) -> Why {
        match self.answer_of(track) {
            Some(Answer::MergedInto(_) | Answer::Deactivated) => Why::Redirected,
            Some(Answer::Found | Answer::NotFound) | None => Why::Older,
        }
    }
}

/// What Apply itself says of a choice, whatever became of it.
fn own_word(choice: &Choice<'_>) -> Claim {
    let value = match choice.decision {
        Decision::Dormant => "not_sent",
        Decision::Ended => "unsuccessful_applicant",
        Decision::Live => "applicant",
        Decision::AcceptedConditional => "accepted_conditional",
        Decision::Deferred => "offer_deferred",
        Decision::Recruited => "recruited",
    };
    Claim {
        value,
        source: choice.record.id.source(),
        record: choice.record.id.clone(),
        position: choice.position,
        since: Some(choice.since),
    }
}

/// Each claim once, and with them whatever was believed or held against it.
fn complete(fact: FactKind, resolution: Resolution, said: Vec<Said>) -> FactClaims {
    let mut all: Vec<Said> = Vec::with_capacity(said.len());
    for one in said {
        if all.iter().all(|held| held.claim != one.claim) {
            all.push(one);
        }
    }
    let window = all
        .iter()
        .find(|held| resolution.claim.as_ref() == Some(&held.claim))
        .map_or(Window::Always, |held| held.window);
    for claim in resolution.claim.iter().chain(&resolution.lost) {
        if all.iter().all(|held| held.claim != *claim) {
            all.push(Said {
                claim: claim.clone(),
                basis: None,
                window,
                otherwise: Why::Contests,
            });
        }
    }
    FactClaims {
        fact,
        resolution,
        said: all,
    }
}
