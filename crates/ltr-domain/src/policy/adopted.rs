//! The versions of the policy over known time: which one was in force when. Each stays executable for ever.

use std::sync::Arc;

use super::Policy;
use crate::observation::Position;
use crate::time::KnownAt;

/// A version in force from a known time until the next one's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The message that adopted it.
    pub position: Position,
    /// The version.
    pub policy: Arc<Policy>,
}

/// A policy cannot follow one whose version is the same or higher: a version names one policy for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("version {offered} does not follow version {in_force}, which is in force")]
pub struct NotNewer {
    /// The version that was to be adopted.
    pub offered: u32,
    /// The version that stays in force.
    pub in_force: u32,
}

/// Every version adopted, and the built-in one before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies {
    built_in: Arc<Policy>,
    adopted: Vec<Adoption>,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            built_in: Arc::new(Policy::first()),
            adopted: Vec::new(),
        }
    }
}

impl Policies {
    /// Adds the adoption of a version. Those before it stay in force for the known times before it.
    ///
    /// # Errors
    ///
    /// A version that is not newer than the one in force: nothing changes. Who folds a log steps over it.
    pub fn adopt(&mut self, position: Position, policy: Policy) -> Result<(), NotNewer> {
        self.accepts(&policy)?;
        self.adopted.push(Adoption {
            position,
            policy: Arc::new(policy),
        });
        Ok(())
    }

    /// Whether a policy could be adopted next.
    ///
    /// # Errors
    ///
    /// A version that is not newer than the one in force.
    pub fn accepts(&self, policy: &Policy) -> Result<(), NotNewer> {
        let in_force = self.in_force().version;
        if policy.version > in_force {
            return Ok(());
        }
        Err(NotNewer {
            offered: policy.version,
            in_force,
        })
    }

    /// The version in force at the end of all that is known.
    #[must_use]
    pub fn in_force(&self) -> &Arc<Policy> {
        self.adopted.last().map_or(&self.built_in, |last| &last.policy)
    }

    /// The version that was in force at a known time.
    #[must_use]
    pub fn at(&self, known: KnownAt) -> &Arc<Policy> {
        let followed = self
            .adopted
            .iter()
            .rev()
            .find(|adoption| adoption.position.known_at <= known);
        followed.map_or(&self.built_in, |adoption| &adoption.policy)
    }

    /// The version in force after the message at a sequence.
    #[must_use]
    pub fn after(&self, sequence: u64) -> &Arc<Policy> {
        let mut adopted = self.adopted.iter().rev();
        let last = adopted.find(|adoption| adoption.position.sequence <= sequence);
        last.map_or(&self.built_in, |adoption| &adoption.policy)
    }

    /// The policy of a version, whenever it was in force.
    #[must_use]
    pub fn version(&self, version: u32) -> Option<&Arc<Policy>> {
        let adopted = self.adopted.iter().map(|adoption| &adoption.policy);
        adopted
            .chain([&self.built_in])
            .find(|policy| policy.version == version)
    }

    /// Every adoption, in the order of the log.
    #[must_use]
    pub fn adoptions(&self) -> &[Adoption] {
        &self.adopted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(sequence: u64, known: &str) -> Position {
        let known_at = KnownAt(known.parse().expect("an instant"));
        Position { sequence, known_at }
    }

    fn version(version: u32) -> Policy {
        Policy {
            version,
            ..Policy::first()
        }
    }

    #[test]
    fn each_version_is_in_force_from_its_known_time_until_the_next() {
        let mut policies = Policies::default();
        assert_eq!(policies.adopt(at(7, "2026-10-01T09:00:00Z"), version(2)), Ok(()));
        assert_eq!(policies.adopt(at(9, "2026-12-01T09:00:00Z"), version(5)), Ok(()));
        for (known, expected) in [
            ("1970-01-01T00:00:00Z", 1),
            ("2026-10-01T08:59:59.999999Z", 1),
            ("2026-10-01T09:00:00Z", 2),
            ("2026-12-01T08:59:59Z", 2),
            ("2026-12-01T09:00:00Z", 5),
            ("2999-01-01T00:00:00Z", 5),
        ] {
            let known_at = at(0, known).known_at;
            assert_eq!(policies.at(known_at).version, expected, "{known}");
        }
        assert_eq!(policies.in_force().version, 5);
        for (sequence, expected) in [(0, 1), (6, 1), (7, 2), (8, 2), (9, 5), (10, 5)] {
            assert_eq!(policies.after(sequence).version, expected, "{sequence}");
        }
        assert_eq!(policies.version(2).map(|policy| policy.version), Some(2));
        assert_eq!(policies.version(1).map(|policy| policy.version), Some(1));
        assert_eq!(policies.version(3), None);
    }

    #[test]
    fn a_version_that_is_not_newer_changes_nothing() {
        let mut policies = Policies::default();
        assert_eq!(policies.adopt(at(7, "2026-10-01T09:00:00Z"), version(3)), Ok(()));
        let before = policies.clone();
        for offered in [1, 2, 3] {
            let refused = policies.adopt(at(9, "2026-12-01T09:00:00Z"), version(offered));
            assert_eq!(refused, Err(NotNewer { offered, in_force: 3 }));
            assert_eq!(policies, before);
        }
    }
}
