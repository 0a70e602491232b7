//! Versions of the policy as the store keeps them, and how far the answers follow the last one.

use ltr_domain::ids::PersonId;
use ltr_domain::observation::Position;

/// Under which policy the answers of a store are. Part of the cursor: whoever resolves people anew for a new policy
/// goes on where the last one stopped, and no two do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicyCursor {
    /// The sequence of the adoption in force; 0: none, the built-in policy is.
    pub adoption: u64,
    /// Whose answers are resolved under it. No message after the adoption is projected before everybody's are.
    pub resolved: Resolved,
}

/// Whose answers are resolved under the policy in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resolved {
    /// Everybody's.
    #[default]
    Everybody,
    /// Nobody's yet: it has just been adopted.
    Nobody,
    /// Those of everybody up to a person, in the order of ids; the others' are under the policy before.
    UpTo {
        /// The last one.
        person: PersonId,
        /// How many answers it changed so far: the ordinal of the next change.
        changes: u32,
    },
}

impl Resolved {
    /// Whether the answer about a person is under the policy in force.
    #[must_use]
    pub fn includes(&self, person: PersonId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Nobody => false,
            Self::UpTo { person: last, .. } => person <= *last,
        }
    }
}

/// A version of the policy that was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// The message that adopted it.
    pub position: Position,
    /// Its version.
    pub version: u32,
    /// SHA-256 over its text.
    pub digest: [u8; 32],
    /// Its whole text.
    pub text: String,
}
