//! A TRN that is somebody else's (T31, S-L): TRS matches requests for a TRN by name and date of birth, so a trainee may be
//! given that of a teacher. What gives it away is a qualification from long before the traineeship: who holds qualified
//! teacher status does not train for it. Nothing is unlinked; what would harm if it were about another is held back.

use jiff::civil::Date;

use super::{Facts, View};
use crate::calendar::months_after;
use crate::fold::{RecordFold, TrainingTrack, TrsTrack};
use crate::ids::RecordId;
use crate::resolution::Claim;

/// So many months before training begins a qualification tells of another person. A year: a date that is off by a few
/// months, or by one intake, is a mistake in a date.
const AWARDED_BEFORE_MONTHS_MIN: i32 = 12;

/// A traineeship and a record of TRS that can hardly be about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspectLink {
    /// Register's traineeship.
    pub trainee: RecordId,
    /// TRS's record.
    pub trs_person: RecordId,
    /// Since when TRS holds qualified teacher status there.
    pub qualified_on: Date,
    /// When the traineeship began, or is to begin.
    pub begins_on: Date,
}

/// One such pair, with its folds.
pub(super) struct Suspect<'a> {
    trainee: &'a RecordFold,
    training: &'a TrainingTrack,
    pub(super) trs_person: &'a RecordFold,
    qualified_on: Date,
    begins_on: Date,
}

/// Links of the person with these records that are suspect: every traineeship for qualified teacher status begun long
/// after a record of TRS held it, unless an operator has confirmed that both are about one person.
#[must_use]
pub fn suspect_links(records: &[&RecordFold]) -> Vec<SuspectLink> {
    let links = pairs(records).map(|one| SuspectLink {
        trainee: one.trainee.id.clone(),
        trs_person: one.trs_person.id.clone(),
        qualified_on: one.qualified_on,
        begins_on: one.begins_on,
    });
    links.collect()
}

fn pairs<'a>(records: &'a [&'a RecordFold]) -> impl Iterator<Item = Suspect<'a>> {
    let of_trs = records
        .iter()
        .filter_map(|record| Some((*record, record.track.trs()?)));
    of_trs.flat_map(move |(trs_person, track)| {
        let qualified_on = qualified_on(track);
        let trainees = records
            .iter()
            .filter_map(|record| Some((*record, record.track.training()?)));
        trainees.filter_map(move |(trainee, training)| {
            let (qualified_on, begins_on) = (qualified_on?, training.begins_on()?);
            let long_before = months_after(qualified_on, AWARDED_BEFORE_MONTHS_MIN) <= begins_on;
            let confirmed = trs_person.confirmed.contains(&trainee.id);
            (long_before && !confirmed && training.aims_at_qts()).then_some(Suspect {
                trainee,
                training,
                trs_person,
                qualified_on,
                begins_on,
            })
        })
    })
}

/// Since when the record holds qualified teacher status by the latest word.
fn qualified_on(track: &TrsTrack) -> Option<Date> {
    track.qts.last()?.value
}

impl<'a> View<'a> {
    /// Whose TRS record can hardly be that of a trainee among the records. Says the same on every day: it is the link
    /// that is in doubt, not what was so on a day.
    pub(super) fn suspects(self) -> impl Iterator<Item = Suspect<'a>> {
        pairs(self.records)
    }

    /// Whether that record of TRS may be somebody else's.
    pub(crate) fn is_suspect(self, record: &RecordId) -> bool {
        self.suspects().any(|one| one.trs_person.id == *record)
    }

    /// Holds the traineeship against what TRS says of status and induction under a TRN that may be somebody else's.
    pub(super) fn contest_suspect(self, facts: &mut Facts) {
        for suspect in self.suspects() {
            let doubt = self.doubt(&suspect);
            for fact in [&mut facts.qualified_status, &mut facts.induction] {
                let rests_on_it = fact
                    .claim
                    .as_ref()
                    .is_some_and(|claim| claim.record == suspect.trs_person.id);
                if rests_on_it && !fact.lost.contains(&doubt) {
                    fact.contest(doubt.clone());
                }
            }
        }
    }

    /// Register's word for the traineeship that speaks against the link.
    fn doubt(self, suspect: &Suspect<'_>) -> Claim {
        match self.traineeship(suspect.trainee, suspect.training) {
            Some(traineeship) => traineeship.claim(),
            None => Claim {
                value: "registered_not_started",
                source: suspect.trainee.id.source(),
                record: suspect.trainee.id.clone(),
                position: suspect.trainee.spoke,
                since: Some(suspect.begins_on),
            },
        }
    }
}
