//! Faults that the services are known for, switched on by name. Whether one strikes depends on the seed, on what is asked
//! and how often it was asked before, or on the hour – never on the order in which threads happen to run.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::service::Service;

mod catalogue;

pub use catalogue::Fault;

/// Which faults are on, and the seed that decides where they strike.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    seed: u64,
    on: BTreeSet<Fault>,
}

/// Why a list of faults cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultsError {
    /// A name that no fault has.
    #[error("no fault is named `{name}`; there are: {}, and `all`", names().join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
}

/// Every fault's name.
#[must_use]
pub fn names() -> Vec<&'static str> {
    Fault::ALL.iter().map(|fault| fault.name()).collect()
}

/// A stretch of time in which a fault is felt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

impl Faults {
    /// No fault at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// These faults, struck as `seed` decides.
    #[must_use]
    pub fn new(seed: u64, on: impl IntoIterator<Item = Fault>) -> Self {
        Self {
            seed,
            on: on.into_iter().collect(),
        }
    }

    /// Reads names between commas; `all` stands for every one, and nothing for none.
    ///
    /// # Errors
    ///
    /// A name that no fault has.
    pub fn parse(seed: u64, names: &str) -> Result<Self, FaultsError> {
        let mut on = BTreeSet::new();
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if name == "all" {
                on.extend(Fault::ALL);
                continue;
            }
            let Some(fault) = Fault::ALL.iter().find(|fault| fault.name() == name) else {
                return Err(FaultsError::Unknown {
                    name: name.to_owned(),
                });
            };
            on.insert(*fault);
        }
        Ok(Self { seed, on })
    }

    /// Whether the fault is on.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        self.on.contains(&fault)
    }

    /// Whether any fault is on.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.on.is_empty()
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether the fault is on and strikes this thing, of which it strikes one in `n`.
    pub(crate) fn strikes(&self, fault: Fault, n: u64, thing: &str, nth: u64) -> bool {
        self.has(fault) && self.draw(fault, thing, nth).is_multiple_of(n)
    }

    /// A number for the thing that only the seed decides.
    pub(crate) fn draw(&self, fault: Fault, thing: &str, nth: u64) -> u64 {
        draw(self.seed, &[fault.name(), thing], nth)
    }

    /// The spell of the fault at a service that `now` lies in; none if the fault is off or not felt then.
    #[must_use]
    pub fn spell(&self, fault: Fault, service: Service, now: Timestamp) -> Option<Spell> {
        let spell = self.nearest(fault, service, now)?;
        (spell.from <= now && now < spell.to).then_some(spell)
    }

    /// The first spell of the fault at a service that begins at `after` or later; none if the fault is off or not one
    /// that comes in spells.
    #[must_use]
    pub fn next_spell(&self, fault: Fault, service: Service, after: Timestamp) -> Option<Spell> {
        let spell = self.nearest(fault, service, after)?;
        if spell.from >= after {
            return Some(spell);
        }
        let (period, _) = fault.spells()?;
        self.nearest(fault, service, after + period)
    }

    /// The last spell of the fault at a service that had begun by `now`.
    pub(crate) fn last_spell(&self, fault: Fault, service: Service, now: Timestamp) -> Option<Spell> {
        let spell = self.nearest(fault, service, now)?;
        if spell.from <= now {
            return Some(spell);
        }
        let (period, _) = fault.spells()?;
        self.nearest(fault, service, now - period)
    }

    /// The one spell in the period that `now` lies in.
    fn nearest(&self, fault: Fault, service: Service, now: Timestamp) -> Option<Spell> {
        let (period, length) = fault.spells().filter(|_| self.has(fault))?;
        let (period, length) = (seconds(period), seconds(length));
        let number = now.as_second().div_euclid(period);
        let nth = u64::try_from(number).unwrap_or(0);
        let place = self.draw(fault, service.name(), nth) % u64::try_from(period - length).unwrap_or(1);
        let from = number * period + i64::try_from(place).unwrap_or(0);
        let instant = |second| Timestamp::from_second(second).ok();
        Some(Spell {
            from: instant(from)?,
            to: instant(from + length)?,
        })
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// A number that seed, words and count decide, and nothing else; the same on every machine (FNV-1a, then mixed).
pub(crate) fn draw(seed: u64, words: &[&str], nth: u64) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    add(&seed.to_le_bytes());
    for word in words {
        add(word.as_bytes());
        add(&[0xff]);
    }
    add(&nth.to_le_bytes());
    hash ^= hash >> 30;
    hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^= hash >> 27;
    hash = hash.wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests;
