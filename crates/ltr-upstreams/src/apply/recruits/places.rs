//! Which places the API ever tells of, in the order in which it lists them, each with the time in which it looks so. A
//! list is asked for page by page, and every page is of the instant at which it is asked for: looked up here, it costs
//! one comparison a place instead of looking through every candidate's life.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ltr_domain::ids::CandidateId;

use super::{Recruit, recruits};
use crate::world::World;

/// The places of each cycle.
#[derive(Debug, Default)]
pub(crate) struct Places(BTreeMap<u16, Vec<Place>>);

/// A place as it looks for a while.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// When the application changed last.
    changed_at: Timestamp,
    /// From then on it looks so.
    from: Timestamp,
    /// Until then.
    to: Timestamp,
    candidate: CandidateId,
    /// Which of the candidate's versions tells it.
    version: usize,
    /// Its place among all that this version tells.
    nth: usize,
}

impl Places {
    /// Every place of a world.
    pub(crate) fn of(world: &World) -> Self {
        let mut places: BTreeMap<u16, Vec<(Place, _)>> = BTreeMap::new();
        for (candidate, timeline) in world.apply.iter() {
            let versions = timeline.versions();
            for (version, told) in versions.iter().enumerate() {
                let next = versions.get(version + 1);
                let Some(value) = &told.value else { continue };
                for (nth, recruit) in recruits(*candidate, value).enumerate() {
                    let place = Place {
                        changed_at: super::changed_at(&recruit),
                        from: told.from,
                        to: next.map_or(Timestamp::MAX, |next| next.from),
                        candidate: *candidate,
                        version,
                        nth,
                    };
                    let of_cycle = places.entry(super::course(&recruit).cycle_year).or_default();
                    of_cycle.push((place, recruit.choice.id));
                }
            }
        }
        let in_order = |mut places: Vec<(Place, _)>| {
            places.sort_by_key(|(place, choice)| (place.changed_at, *choice));
            places.into_iter().map(|(place, _)| place).collect()
        };
        Self(
            places
                .into_iter()
                .map(|(cycle, places)| (cycle, in_order(places)))
                .collect(),
        )
    }

    /// The places of a cycle as of an instant, those that changed later than `since`, the longest unchanged first.
    pub(super) fn at(
        &self,
        cycle: u16,
        since: Option<Timestamp>,
        as_of: Timestamp,
    ) -> impl Iterator<Item = Place> {
        let of_cycle = self.0.get(&cycle).map_or(&[][..], Vec::as_slice);
        let earlier = of_cycle.partition_point(|place| since.is_some_and(|since| place.changed_at <= since));
        of_cycle[earlier..]
            .iter()
            .filter(move |place| place.from <= as_of && as_of < place.to)
            .copied()
    }
}

impl Place {
    /// What the world, of which it is, says of it.
    pub(super) fn told(self, world: &World) -> Option<Recruit<'_>> {
        let version = world.apply.get(&self.candidate)?.versions().get(self.version)?;
        recruits(self.candidate, version.value.as_ref()?).nth(self.nth)
    }
}
