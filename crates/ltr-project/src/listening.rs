//! What a batch tells of the feeds rather than of people: which were heard, what complete deliveries covered, under
//! which numbers providers turn up, how many of their trainees could be recognised, and how many of their recruits turn
//! up. Kept in memory as the store has it, noted by known time, and told to those alone whose answers wait for it.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::delivery::{Completeness, is_redrive};
use ltr_domain::fold::{RecordFold, Track};
use ltr_domain::hearing::{Coverage, Hearing, ProviderName, Share, spoke_at};
use ltr_domain::ids::{Feed, RecordId, RecordKind, Source, Ukprn};
use ltr_domain::policy::Policy;
use ltr_domain::record::TraineeState;
use ltr_domain::teacher::Recruit;
use ltr_domain::time::{KnownAt, TakenAt, start_of_london_day};
use ltr_ports::store::{
    ANYONE, DeliveryRow, EVERYONE, FeedHeard, Heard, ProviderRow, ShareRow, SweepRow, TurnoutRow, WordRow,
};

use crate::memory::Kept;

/// What was heard so far.
#[derive(Debug)]
pub(crate) struct Ear {
    pub(crate) hearing: Hearing,
    words: BTreeMap<(Feed, String), TakenAt>,
}

/// What the batch in hand adds.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    sweeps: BTreeMap<(Coverage, KnownAt), SweepRow>,
    shares: BTreeMap<(Ukprn, i16, KnownAt), ShareRow>,
    turnouts: BTreeMap<(ProviderName, i16, KnownAt), TurnoutRow>,
    providers: Vec<ProviderRow>,
    words: BTreeMap<(Feed, String, KnownAt), WordRow>,
    due: BTreeSet<ProviderName>,
}

/// Where a trainee counts: the provider, the academic year, and whether an application is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    ukprn: Ukprn,
    year: i16,
    is_recognised: bool,
}

impl Place {
    /// Where Register's record counts; `None`: nowhere yet, or it is no trainee's.
    pub(crate) fn of(fold: &RecordFold) -> Option<Self> {
        let Track::Training(track) = &fold.track else {
            return None;
        };
        if track.state.last()?.value == TraineeState::Draft {
            return None;
        }
        let begins = track.begins_on().or(track.registered_on)?;
        Some(Self {
            ukprn: track.provider.last()?.value,
            year: ltr_domain::calendar::academic_year(begins),
            is_recognised: applications(fold).next().is_some(),
        })
    }
}

/// The applications that a trainee's keys or judgements name.
fn applications(fold: &RecordFold) -> impl Iterator<Item = &RecordId> {
    let joining = fold.links.iter().filter(|link| link.strength.joins());
    joining
        .map(|link| &link.to)
        .filter(|record| record.source() == Source::Apply)
}

impl Ear {
    pub(crate) fn new(hearing: Hearing, heard: Vec<FeedHeard>) -> Self {
        let words = heard
            .into_iter()
            .map(|one| ((one.feed, one.provider), one.taken_at))
            .collect();
        Self { hearing, words }
    }

    /// A page of a delivery was settled: its feed was heard, and so was whom it speaks for. Rows that are driven again are
    /// no news: their feed was heard when they came.
    pub(crate) fn hear_page(&mut self, row: &DeliveryRow, known_at: KnownAt, notes: &mut Notes) {
        if is_redrive(&row.scope) {
            return;
        }
        let spoken_for = row.scope.get("provider").map_or(EVERYONE, String::as_str);
        for provider in [ANYONE, spoken_for] {
            let key = (row.feed, provider.to_owned());
            if self.words.get(&key).is_some_and(|latest| *latest >= row.taken_at) {
                continue;
            }
            let word = WordRow {
                feed: row.feed,
                provider: provider.to_owned(),
                known_at,
                taken_at: row.taken_at,
            };
            notes.words.insert((row.feed, key.1.clone(), known_at), word);
            self.words.insert(key, row.taken_at);
        }
    }

    /// A delivery was closed. It speaks for its scope if it was complete and no row of it is held back: whoever is
    /// missing may be in one.
    pub(crate) fn hear_closing(
        &mut self,
        row: &DeliveryRow,
        known_at: KnownAt,
        policy: &Policy,
        notes: &mut Notes,
    ) {
        let speaks = row.feed == Feed::RegisterTrainees
            && row.completeness == Completeness::Complete
            && row.counts.quarantined == 0;
        let Some(coverage) = Coverage::of(&row.scope).filter(|_| speaks) else {
            return;
        };
        let spoke_at = spoke_at(row.taken_at.0, row.opened_at.0);
        let before = self.hearing.sweeps.get(&coverage).copied();
        if before.is_some_and(|before| spoke_at <= before) {
            return;
        }
        let day = ltr_domain::time::london_date(spoke_at);
        let years = match coverage.year {
            Some(year) => year..=year,
            None => day.year() - 1..=day.year(),
        };
        // Only the first word since a no-show date tells anything new, and the first word of all.
        let tells = before.is_none_or(|before| {
            years
                .map(|year| start_of_london_day(policy.calendar.no_show_in(year)))
                .any(|from| before < from && from <= spoke_at)
        });
        if tells {
            let covered = self
                .hearing
                .providers
                .iter()
                .filter(|(name, ukprns)| ukprns.iter().any(|ukprn| coverage.is_of(*ukprn, name)));
            notes.due.extend(covered.map(|(name, _)| name.clone()));
        }
        self.hearing.sweep(coverage.clone(), spoke_at);
        let row = SweepRow {
            coverage: coverage.clone(),
            known_at,
            spoke_at,
        };
        notes.sweeps.insert((coverage, known_at), row);
    }

    /// A trainee counts elsewhere than before.
    pub(crate) fn move_trainee(
        &mut self,
        before: Option<Place>,
        after: Option<Place>,
        known_at: KnownAt,
        policy: &Policy,
        notes: &mut Notes,
    ) {
        if before == after {
            return;
        }
        if let Some(place) = before {
            self.count(place, known_at, policy, notes, |count, by| {
                count.saturating_sub(by)
            });
        }
        if let Some(place) = after {
            self.count(place, known_at, policy, notes, u32::saturating_add);
        }
    }

    fn count(
        &mut self,
        place: Place,
        known_at: KnownAt,
        policy: &Policy,
        notes: &mut Notes,
        by: fn(u32, u32) -> u32,
    ) {
        let Place {
            ukprn,
            year,
            is_recognised,
        } = place;
        let share = self.hearing.shares.entry((ukprn, year)).or_default();
        let before = *share;
        share.trainees = by(share.trainees, 1);
        share.recognised = by(share.recognised, u32::from(is_recognised));
        let share = *share;
        let row = ShareRow {
            ukprn,
            year,
            known_at,
            share,
        };
        notes.shares.insert((ukprn, year, known_at), row);
        let percent_min = policy.thresholds.no_show_coverage_percent;
        let tells = |share: Share| (share.trainees > 0, share.reaches(percent_min));
        if tells(before) != tells(share) {
            let there = self.hearing.providers.iter();
            let there = there.filter(|(_, ukprns)| ukprns.contains(&ukprn));
            notes.due.extend(there.map(|(name, _)| name.clone()));
        }
    }

    /// A recruit counts otherwise than before. By differences: who was not counted when the store was projected cannot be
    /// taken away.
    pub(crate) fn move_recruit(
        &mut self,
        before: Option<&Recruit>,
        after: Option<&Recruit>,
        known_at: KnownAt,
        policy: &Policy,
        notes: &mut Notes,
    ) {
        let mut moves: BTreeMap<(&ProviderName, i16), (i32, i32)> = BTreeMap::new();
        for (recruit, by) in [(before, -1), (after, 1)] {
            let Some(recruit) = recruit else { continue };
            let (recruits, turned_up) = moves.entry((&recruit.provider, recruit.year)).or_default();
            *recruits += by;
            *turned_up += if recruit.has_turned_up { by } else { 0 };
        }
        moves.retain(|_, by| *by != (0, 0));
        for ((name, year), (recruits, turned_up)) in moves {
            let turnout = self.hearing.turnouts.entry((name.clone(), year)).or_default();
            let before = *turnout;
            turnout.recruits = turnout.recruits.saturating_add_signed(recruits);
            turnout.turned_up = turnout.turned_up.saturating_add_signed(turned_up);
            let row = TurnoutRow {
                name: name.clone(),
                year,
                known_at,
                turnout: *turnout,
            };
            let percent_min = policy.thresholds.no_show_coverage_percent;
            // Of whom no UKPRN is known nobody's answer can change.
            if before.reaches(percent_min) != turnout.reaches(percent_min)
                && self.hearing.providers.contains_key(name)
            {
                notes.due.insert(name.clone());
            }
            notes.turnouts.insert((name.clone(), year, known_at), row);
        }
    }

    /// A person's records, parted anew: where somebody of a provider turned up in Register.
    pub(crate) fn hear_person<'a>(
        &mut self,
        records: impl Iterator<Item = &'a RecordId>,
        kept: impl Fn(&RecordId) -> Option<&'a Kept>,
        known_at: KnownAt,
        notes: &mut Notes,
    ) {
        for record in records.filter(|record| record.kind == RecordKind::RegisterTrainee) {
            let Some(fold) = kept(record).and_then(|kept| kept.fold.as_ref()) else {
                continue;
            };
            let Track::Training(track) = &fold.track else {
                continue;
            };
            let Some(ukprn) = track.provider.last().map(|point| point.value) else {
                continue;
            };
            for application in applications(fold) {
                for kind in [RecordKind::ApplyChoice, RecordKind::ApplyRecruit] {
                    let told = kept(&RecordId::new(kind, application.key.clone()));
                    let Some(Track::Application(track)) =
                        told.and_then(|kept| Some(&kept.fold.as_ref()?.track))
                    else {
                        continue;
                    };
                    if let Some(name) = &track.provider {
                        self.turn_up(name, ukprn, known_at, notes);
                    }
                }
            }
        }
    }

    fn turn_up(&mut self, name: &ProviderName, ukprn: Ukprn, known_at: KnownAt, notes: &mut Notes) {
        if self
            .hearing
            .providers
            .get(name)
            .is_some_and(|ukprns| ukprns.contains(&ukprn))
        {
            return;
        }
        self.hearing
            .providers
            .entry(name.clone())
            .or_default()
            .insert(ukprn);
        notes.due.insert(name.clone());
        notes.providers.push(ProviderRow {
            name: name.clone(),
            ukprn,
            known_from: known_at,
        });
    }
}

impl Notes {
    pub(crate) fn into_heard(self) -> Heard {
        Heard {
            sweeps: self.sweeps.into_values().collect(),
            shares: self.shares.into_values().collect(),
            turnouts: self.turnouts.into_values().collect(),
            providers: self.providers,
            words: self.words.into_values().collect(),
            due: self.due,
        }
    }
}

#[cfg(test)]
mod tests;
