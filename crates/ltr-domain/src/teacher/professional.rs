//! Professional status, induction and restriction: what TRS settles.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Standing, View, certainty_of, with_caveat};
use crate::fold::{AlertTrack, RecordFold, TrsTrack};
use crate::headline::{InductionState, Qualification};
use crate::ids::Trn;
use crate::observation::Position;
use crate::policy::{FactKind, Window};
use crate::record::InductionStatus;
use crate::record::trs::Answer;
use crate::resolution::{Caveat, Certainty, Claim, Resolution};

/// What TRS says on the day.
pub(super) struct Professional {
    pub(super) qualification: Qualification,
    pub(super) induction_state: InductionState,
    pub(super) status: Resolution,
    pub(super) induction: Resolution,
    /// The latest day from which a status is held.
    pub(super) award_on: Option<Date>,
}

impl<'a> View<'a> {
    pub(super) fn trs_records(self) -> impl Iterator<Item = (&'a RecordFold, &'a TrsTrack)> {
        let of_trs = |record: &&'a RecordFold| Some((*record, record.track.trs()?));
        self.records.iter().filter_map(of_trs)
    }

    pub(super) fn answer_of(self, track: &TrsTrack) -> Option<Answer> {
        track
            .answer
            .at(self.day)
            .or_else(|| track.answer.points().next())
            .map(|point| point.value)
    }

    /// Whether TRS has said anything of status, rather than only pointed elsewhere.
    pub(super) fn trs_heard(self) -> bool {
        self.deciding_trs().is_some()
    }

    /// Whether what is believed of status was said under a TRN that may be somebody else's.
    pub(super) fn believes_suspect(self) -> bool {
        self.deciding_trs()
            .is_some_and(|(record, _)| self.is_suspect(&record.id))
    }

    /// The TRS record to believe: one that answers, else one that did before it was merged or closed.
    fn deciding_trs(self) -> Option<(&'a RecordFold, &'a TrsTrack)> {
        self.trs_records()
            .filter(|(_, track)| self.weight(track) > 0)
            .max_by_key(|(record, track)| (self.weight(track), record.spoke))
    }

    /// How much a TRS record's word on status weighs; 0: it says nothing.
    pub(super) fn weight(self, track: &TrsTrack) -> u8 {
        match self.answer_of(track) {
            Some(Answer::Found) => 3,
            Some(Answer::MergedInto(_) | Answer::Deactivated) if track.qts_stated.is_some() => 2,
            Some(Answer::Deactivated | Answer::NotFound) => 1,
            Some(Answer::MergedInto(_)) | None => 0,
        }
    }

    pub(super) fn standing(self) -> Standing {
        let mut merged = None;
        let mut closed = false;
        for (_, track) in self.trs_records() {
            match self.answer_of(track) {
                Some(Answer::Found) => return Standing::Open,
                Some(Answer::Deactivated) => closed = true,
                Some(Answer::MergedInto(into)) => merged = Some(into),
                Some(Answer::NotFound) | None => {}
            }
        }
        match (closed, merged) {
            (true, _) => Standing::Closed,
            (false, Some(into)) if !self.trs_heard() => Standing::Merged { into },
            (false, _) => Standing::Open,
        }
    }

    pub(super) fn professional(self) -> Professional {
        let Some((record, track)) = self.deciding_trs() else {
            return self.without_trs();
        };
        let (qualification, status, award_on) = self.status(record, track);
        let (induction_state, induction) = self.induction(record, track);
        Professional {
            qualification,
            induction_state,
            status,
            induction,
            award_on,
        }
    }

    /// What one TRS record says of status, and the latest day from which one is held.
    pub(super) fn status(
        self,
        record: &RecordFold,
        track: &TrsTrack,
    ) -> (Qualification, Resolution, Option<Date>) {
        let qts = track
            .qts
            .at(self.day)
            .and_then(|point| Some((point.value?, point.ground.position)));
        let early = track
            .early_years
            .at(self.day)
            .and_then(|point| Some((point.value?, point.ground.position)));
        let claim = |value, since, position| Claim {
            value,
            source: record.id.source(),
            record: record.id.clone(),
            position,
            since,
        };
        let certainty =
            |claim: &Claim| certainty_of(self.policy, FactKind::QualifiedStatus, Window::Always, claim);
        let (qualification, status) = match (qts, early) {
            (Some((on, position)), _) => {
                let claim = claim("qts", Some(on), position);
                let certainty = certainty(&claim);
                (
                    Qualification::Qts,
                    Resolution::believed(claim, certainty, "trs_holds_qts"),
                )
            }
            (None, Some((on, position))) => {
                let claim = claim("eyts", Some(on), position);
                let certainty = certainty(&claim);
                (
                    Qualification::EarlyYears,
                    Resolution::believed(claim, certainty, "trs_holds_early_years_status"),
                )
            }
            (None, None) => {
                let removed = track.qts.at(self.day);
                let position = removed.map_or(record.spoke, |point| point.ground.position);
                let lapsed = track
                    .qtls
                    .at(self.day)
                    .is_some_and(|point| point.value == crate::record::QtlsStatus::Expired);
                let reason = match self.answer_of(track) {
                    Some(Answer::NotFound) => "trn_not_recognised",
                    Some(Answer::Deactivated) if track.qts_stated.is_none() => "record_closed",
                    _ if lapsed => "qtls_lapsed",
                    _ => "trs_holds_no_status",
                };
                let claim = claim("none", removed.map(|point| point.from), position);
                let certainty = certainty(&claim);
                (
                    Qualification::None,
                    Resolution::believed(claim, certainty, reason),
                )
            }
        };
        let award_on = qts.map(|(on, _)| on).max(early.map(|(on, _)| on));
        (qualification, status, award_on)
    }

    /// TRS has not been heard: Register may report an award, which is not TRS holding it.
    fn without_trs(self) -> Professional {
        let status = match self.reported_award() {
            Some((claim, _)) => {
                let claim = Claim {
                    value: "award_reported",
                    ..claim
                };
                let provisional =
                    Resolution::believed(claim, Certainty::Provisional, "award_reported_by_register");
                with_caveat(provisional, Caveat::NotCovered)
            }
            None => Resolution::not_covered("trs_not_heard"),
        };
        Professional {
            qualification: Qualification::NotHeard,
            induction_state: InductionState::None,
            status,
            induction: Resolution::not_covered("trs_not_heard"),
            award_on: None,
        }
    }

    pub(super) fn induction(self, record: &RecordFold, track: &TrsTrack) -> (InductionState, Resolution) {
        let claim = |value, since, position| Claim {
            value,
            source: record.id.source(),
            record: record.id.clone(),
            position,
            since,
        };
        let believed = |claim: Claim, reason| {
            let certainty = certainty_of(self.policy, FactKind::Induction, Window::Always, &claim);
            Resolution::believed(claim, certainty, reason)
        };
        let Some(point) = track.induction.at(self.day) else {
            let ground = track
                .induction
                .points()
                .next()
                .map(|point| point.ground)
                .or(track.qts_stated);
            let claim = claim(
                "none",
                None,
                ground.map_or(record.spoke, |ground| ground.position),
            );
            return (InductionState::None, believed(claim, "no_induction_status"));
        };
        let start = point
            .value
            .start_date
            .value()
            .and_then(crate::time::CivilDate::day);
        let (state, value) = match &point.value.status {
            InductionStatus::None => (InductionState::None, "none"),
            InductionStatus::RequiredToComplete => (InductionState::Required, "required_to_complete"),
            InductionStatus::Exempt => (InductionState::Exempt, "exempt"),
            InductionStatus::InProgress => {
                let recent = start.is_some_and(|start| self.policy.induction_is_recent(start, self.day));
                let state = if recent {
                    InductionState::InProgressRecent
                } else {
                    InductionState::InProgressOld
                };
                (state, "in_progress")
            }
            InductionStatus::Passed => (InductionState::Passed, "passed"),
            InductionStatus::Failed => (InductionState::Failed, "failed"),
            InductionStatus::FailedInWales => (InductionState::Failed, "failed_in_wales"),
            InductionStatus::Unrecognised(_) => (InductionState::None, "unrecognised"),
        };
        (
            state,
            believed(
                claim(value, Some(point.from), point.ground.position),
                "induction_status",
            ),
        )
    }

    /// Whether anything restricts the person. Unknown until TRS listed the alerts; alerts of merged TRNs count (S-I).
    /// Withheld while the TRN may be somebody else's (S-L).
    pub(super) fn restriction(self) -> Resolution {
        let mut listed: Option<(Position, &RecordFold)> = None;
        let mut worst: Option<Claim> = None;
        let mut suspect = false;
        for (record, track) in self.trs_records() {
            if self.is_suspect(&record.id) {
                suspect = true;
                continue;
            }
            if let Some(ground) = track.alerts_listed
                && listed.is_none_or(|(position, _)| ground.position > position)
            {
                listed = Some((ground.position, record));
            }
            for alert in track.alerts.values().filter(|alert| alert.is_open(self.day)) {
                // "prohibited" sorts after "open_alert", so the graver one wins.
                worst = worst.max(Some(self.alert_claim(record, alert)));
            }
        }
        let certainty =
            |claim: &Claim| certainty_of(self.policy, FactKind::Restriction, Window::Always, claim);
        match (worst, listed) {
            (Some(claim), _) => {
                let certainty = certainty(&claim);
                Resolution::believed(claim, certainty, "open_alert")
            }
            (None, _) if suspect => Resolution {
                caveats: BTreeSet::from([Caveat::Contested]),
                ..Resolution::not_covered("link_suspect")
            },
            (None, Some((position, record))) => {
                let claim = no_alert_claim(record, position);
                let certainty = certainty(&claim);
                Resolution::believed(claim, certainty, "no_open_alert")
            }
            (None, None) => Resolution::not_covered("alerts_not_listed"),
        }
    }

    /// The claim of one alert.
    pub(super) fn alert_claim(self, record: &RecordFold, alert: &AlertTrack) -> Claim {
        let prohibits = alert
            .alert
            .category_id
            .value()
            .is_some_and(|category| self.policy.prohibition_categories.contains(category));
        Claim {
            value: if prohibits { "prohibited" } else { "open_alert" },
            source: record.id.source(),
            record: record.id.clone(),
            position: alert.ground.position,
            since: Some(alert.from),
        }
    }

    /// The claim by which TRS denies a status, for holding against Register.
    pub(super) fn qualification_denied(self) -> Option<Claim> {
        let (record, track) = self.deciding_trs()?;
        let position = track
            .qts
            .at(self.day)
            .map_or(record.spoke, |point| point.ground.position);
        Some(Claim {
            value: "none",
            source: record.id.source(),
            record: record.id.clone(),
            position,
            since: None,
        })
    }

    /// TRNs of this person that TRS has redirected, with their targets.
    pub(super) fn merged(self) -> BTreeMap<Trn, Trn> {
        self.trs_records()
            .filter_map(|(record, track)| match self.answer_of(track) {
                Some(Answer::MergedInto(into)) => Some((Trn::parse(&record.id.key).ok()?, into)),
                Some(Answer::Found | Answer::Deactivated | Answer::NotFound) | None => None,
            })
            .collect()
    }
}

/// The claim of a list of alerts on which none is open.
pub(super) fn no_alert_claim(record: &RecordFold, position: Position) -> Claim {
    Claim {
        value: "none",
        source: record.id.source(),
        record: record.id.clone(),
        position,
        since: None,
    }
}
