//! What a run of cases was made of: a law over dull cases proves little, so the mix is counted and printed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ltr_domain::event::ChangeKind;
use ltr_domain::ids::Source;

use crate::{Case, Incident};

/// The mix of many cases.
#[derive(Debug, Clone, Default)]
pub struct Mix {
    events: Vec<usize>,
    messages: Vec<usize>,
    records: Vec<usize>,
    sources: Vec<usize>,
    incidents: BTreeMap<Incident, usize>,
    kinds: BTreeMap<ChangeKind, usize>,
    /// Cases with a merge, split, vanish or correction.
    disturbed: usize,
    /// Cases in which two sources speak at one known time.
    at_one_time: usize,
}

impl Mix {
    /// Counts one case.
    pub fn add(&mut self, case: &Case) {
        let told = case.told();
        self.messages.push(told.len());
        self.events
            .push(told.iter().map(|one| one.observation.events.len()).sum());
        let records: BTreeSet<_> = told.iter().map(|one| &one.observation.record).collect();
        self.records.push(records.len());
        let sources: BTreeSet<Source> = records.iter().map(|record| record.source()).collect();
        self.sources.push(sources.len());
        let incidents: BTreeSet<Incident> = case.snapshots.iter().filter_map(|one| one.incident).collect();
        self.disturbed += usize::from(incidents.iter().any(|one| one.disturbs()));
        for incident in incidents {
            *self.incidents.entry(incident).or_default() += 1;
        }
        let kinds: BTreeSet<ChangeKind> = told
            .iter()
            .flat_map(|one| one.observation.events.iter().map(|event| event.kind))
            .collect();
        for kind in kinds {
            *self.kinds.entry(kind).or_default() += 1;
        }
        let met = told
            .chunk_by(|a, b| a.position.known_at == b.position.known_at)
            .any(|step| {
                step.iter()
                    .any(|one| one.observation.record.source() != step[0].observation.record.source())
            });
        self.at_one_time += usize::from(met);
    }

    /// Cases counted.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.events.len()
    }

    /// Events of the middle case.
    #[must_use]
    pub fn median_events(&self) -> usize {
        median(&self.events)
    }

    /// Sources of the middle case.
    #[must_use]
    pub fn median_sources(&self) -> usize {
        median(&self.sources)
    }

    /// Of a hundred cases, those with a merge, split, vanish or correction.
    #[must_use]
    pub fn percent_disturbed(&self) -> usize {
        100 * self.disturbed / self.cases().max(1)
    }

    /// Of a hundred cases, those with a thing of that kind in them.
    #[must_use]
    pub fn percent_with(&self, incident: Incident) -> usize {
        100 * self.incidents.get(&incident).copied().unwrap_or(0) / self.cases().max(1)
    }

    /// Of a hundred cases, those with a change of that kind in them.
    #[must_use]
    pub fn percent_with_kind(&self, kind: ChangeKind) -> usize {
        100 * self.kinds.get(&kind).copied().unwrap_or(0) / self.cases().max(1)
    }

    /// Of a hundred cases, those in which two sources speak at one known time.
    #[must_use]
    pub fn percent_at_one_time(&self) -> usize {
        100 * self.at_one_time / self.cases().max(1)
    }
}

impl Incident {
    /// Every incident.
    pub const ALL: [Self; 12] = [
        Self::Merge,
        Self::Unmerge,
        Self::Swap,
        Self::Repair,
        Self::Split,
        Self::Vanish,
        Self::Reappear,
        Self::Correction,
        Self::Late,
        Self::Noise,
        Self::Declared,
        Self::Word,
    ];

    /// Whether it is a merge, a split, a vanishing or a correction.
    #[must_use]
    pub fn disturbs(self) -> bool {
        match self {
            Self::Merge
            | Self::Unmerge
            | Self::Swap
            | Self::Repair
            | Self::Split
            | Self::Vanish
            | Self::Reappear
            | Self::Correction => true,
            Self::Late | Self::Noise | Self::Declared | Self::Word => false,
        }
    }
}

fn median(values: &[usize]) -> usize {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let least = |values: &[usize]| values.iter().min().copied().unwrap_or(0);
        let most = |values: &[usize]| values.iter().max().copied().unwrap_or(0);
        writeln!(f, "{} cases; medians (least–greatest):", self.cases())?;
        for (name, values) in [
            ("messages", &self.messages),
            ("events", &self.events),
            ("records", &self.records),
            ("sources", &self.sources),
        ] {
            writeln!(
                f,
                "  {name:<9} {} ({}–{})",
                median(values),
                least(values),
                most(values)
            )?;
        }
        writeln!(
            f,
            "with a merge, split, vanish or correction: {} %; two sources at one known time: {} %",
            self.percent_disturbed(),
            self.percent_at_one_time()
        )?;
        for incident in Incident::ALL {
            writeln!(
                f,
                "  {:<12} {:>3} %",
                format!("{incident:?}"),
                self.percent_with(incident)
            )?;
        }
        for kind in ChangeKind::ALL {
            writeln!(f, "  {:<12} {:>3} %", kind.token(), self.percent_with_kind(kind))?;
        }
        Ok(())
    }
}
