//! Who is entitled to speak of a fact in a window of the year, and who settles it.

use std::fmt;

use crate::ids::Source;

/// A fact that sources make claims about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// Whether qualified teacher status is held.
    QualifiedStatus,
    /// Where training stands.
    Training,
    /// An accepted place or an application for one.
    Place,
    /// Where induction stands.
    Induction,
    /// Whether the person is in a post.
    Employment,
    /// Whether anything restricts the person from teaching.
    Restriction,
}

impl FactKind {
    /// Every fact, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Place,
        Self::Training,
        Self::QualifiedStatus,
        Self::Induction,
        Self::Employment,
        Self::Restriction,
    ];

    /// The name used in policies, the API and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::QualifiedStatus => "qualified_status",
            Self::Training => "training",
            Self::Place => "place",
            Self::Induction => "induction",
            Self::Employment => "employment",
            Self::Restriction => "restriction",
        }
    }

    /// The fact of that name.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.token() == token)
    }

    /// The sources that make claims about it at all. A policy orders them and may leave some out; it cannot make
    /// another one speak.
    #[must_use]
    pub fn speakers(self) -> &'static [Source] {
        match self {
            Self::QualifiedStatus => &[Source::Trs, Source::Register],
            Self::Training => &[Source::Register, Source::Trs],
            Self::Place => &[Source::Apply],
            Self::Induction | Self::Restriction => &[Source::Trs],
            Self::Employment => &[],
        }
    }

    /// The source without whose word there is no value, and which is therefore believed first. Only TRS can say that a
    /// status is held; what Register reports of an award is not TRS holding it (U§14c).
    #[must_use]
    pub fn first_speaker(self) -> Option<Source> {
        match self {
            Self::Training => None,
            Self::QualifiedStatus | Self::Place | Self::Induction | Self::Employment | Self::Restriction => {
                self.speakers().first().copied()
            }
        }
    }

    /// Whether its rules may differ between the windows around a start of training. The others hold for a whole life.
    #[must_use]
    pub fn has_windows(self) -> bool {
        match self {
            Self::Training | Self::Place => true,
            Self::QualifiedStatus | Self::Induction | Self::Employment | Self::Restriction => false,
        }
    }
}

/// A stretch of time around the start of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// Whatever the day.
    Always,
    /// Before training starts.
    BeforeStart,
    /// From the start to the wave's census: the ambiguous weeks (S001). Until sign-off where a wave has no census, and
    /// whenever nobody knows of a start.
    StartToCensus,
    /// From the census until Register is signed off.
    CensusToSignOff,
    /// From sign-off on.
    AfterSignOff,
}

impl Window {
    /// Every window.
    pub const ALL: [Self; 5] = [
        Self::Always,
        Self::BeforeStart,
        Self::StartToCensus,
        Self::CensusToSignOff,
        Self::AfterSignOff,
    ];

    /// The windows that part a life around a start, in order.
    pub const PARTS: [Self; 4] = [
        Self::BeforeStart,
        Self::StartToCensus,
        Self::CensusToSignOff,
        Self::AfterSignOff,
    ];

    /// The name used in policies, the API and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::BeforeStart => "before_start",
            Self::StartToCensus => "start_to_census",
            Self::CensusToSignOff => "census_to_sign_off",
            Self::AfterSignOff => "after_sign_off",
        }
    }

    /// The window of that name.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.token() == token)
    }
}

/// The name of a rule, the same in every version: `training.after_sign_off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleName {
    /// Of which fact.
    pub fact: FactKind,
    /// When.
    pub window: Window,
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.fact.token(), self.window.token())
    }
}

/// Who is entitled to speak of a fact in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Of which fact.
    pub fact: FactKind,
    /// When.
    pub window: Window,
    /// Entitled sources, the one to believe first. Empty only for facts that no connected source speaks of.
    pub sources: Vec<Source>,
    /// The one that settles it, if one does: its word is confirmed, any other's provisional.
    pub settles: Option<Source>,
}

impl Rule {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> RuleName {
        RuleName {
            fact: self.fact,
            window: self.window,
        }
    }

    /// How many sources are believed before this one; `None`: it is not entitled to speak.
    #[must_use]
    pub fn rank(&self, source: Source) -> Option<usize> {
        self.sources.iter().position(|entitled| *entitled == source)
    }
}
