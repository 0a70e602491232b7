//! Decides what a page's rows mean against what is known: nothing new, too old, or an observation. Pure but for the
//! nonces that sealing takes.

use std::collections::HashMap;

use ltr_domain::delivery::Counts;
use ltr_domain::event::{ChangeKind, Event};
use ltr_domain::ids::RecordId;
use ltr_domain::observation::Observation;
use ltr_domain::record::State;
use ltr_domain::time::{ObservedAt, RecordedAt, london_date};
use ltr_proto::seal::{self, SealError, Sealed};
use ltr_sources::diff::{Seen, derive, same_meaning};
use ltr_sources::{Defect, MAPPING_VERSION, Mapped};

use crate::config::DeliveryPlan;
use crate::known::{Before, Knowledge, Known};
use crate::late::Past;
use crate::page::Page;
use crate::random::Random;
use crate::sealing::{sealed_after, still_sealed};

/// What a page comes to.
pub(crate) struct Decided {
    pub(crate) changes: Vec<Change>,
    pub(crate) counts: Counts,
}

/// One observation to be published.
pub(crate) struct Change {
    /// The index of its row; `None` if no row says it.
    pub(crate) row: Option<usize>,
    pub(crate) subject: String,
    pub(crate) expected_last: u64,
    /// Complete but for the time of recording and the evidence, which are known when it is published.
    pub(crate) observation: Observation,
    pub(crate) sealed: Vec<Sealed>,
}

/// A row that cannot be decided on.
pub(crate) struct Undecidable {
    pub(crate) row: usize,
    pub(crate) defect: Defect,
}

/// Decides on a page.
pub(crate) fn decide(
    plan: &DeliveryPlan,
    page: &Page,
    knowledge: &Knowledge,
    random: &mut Random<'_>,
) -> Result<Decided, Undecidable> {
    let mut deciding = Deciding {
        plan,
        observed_at: page.observed_at,
        random,
        changes: Vec::new(),
        changed: HashMap::new(),
        counts: Counts {
            rows: page.settled.counts.rows + page.rows.len() as u64,
            ..page.settled.counts
        },
    };
    for (index, row) in page.rows.iter().enumerate() {
        let Some(told) = row.told() else {
            deciding.counts.quarantined += 1;
            continue;
        };
        for record in &told.records {
            let known = &knowledge[&record.record];
            deciding
                .on(index, record, known)
                .map_err(|defect| Undecidable { row: index, defect })?;
        }
    }
    for record in &page.gone {
        deciding.on_gone(record, &knowledge[record]);
    }
    Ok(Decided {
        changes: deciding.changes,
        counts: deciding.counts,
    })
}

struct Deciding<'a, 'r> {
    plan: &'a DeliveryPlan,
    observed_at: ObservedAt,
    random: &'a mut Random<'r>,
    changes: Vec<Change>,
    /// Which change a record has in this page already: a batch holds one message per subject.
    changed: HashMap<RecordId, usize>,
    counts: Counts,
}

impl Deciding<'_, '_> {
    fn on(&mut self, row: usize, mapped: &Mapped, known: &Known) -> Result<(), Defect> {
        if let Some(earlier) = self.changed.get(&mapped.record) {
            // Of the same snapshot as the change before, so not newer.
            let present = &self.changes[*earlier].observation.state;
            count_old(
                &mut self.counts,
                present,
                next_state(mapped, known, Some(present)),
            );
            return Ok(());
        }
        let before = known.before.as_ref();
        let next = next_state(mapped, known, before.map(|before| &before.state));
        match before {
            Some(before) if self.plan.taken_at <= before.taken_at => {
                self.on_old(row, mapped, known, before, next)
            }
            _ => self.on_new(row, mapped, known, next),
        }
    }

    fn on_new(&mut self, row: usize, mapped: &Mapped, known: &Known, next: State) -> Result<(), Defect> {
        let before = known.before.as_ref();
        let events = derive(before.map(|before| &before.state), &next, &self.seen(mapped));
        if events.is_empty() {
            self.counts.unchanged += 1;
            return Ok(());
        }
        let sealed = sealed_after(mapped, known, &next.digests, self.random).map_err(unsealable)?;
        self.change(row, mapped, known, next, events, sealed);
        Ok(())
    }

    /// A row that is not newer than what is known.
    fn on_old(
        &mut self,
        row: usize,
        mapped: &Mapped,
        known: &Known,
        before: &Before,
        next: State,
    ) -> Result<(), Defect> {
        let past = match &known.past {
            None | Some(Past::AlreadyTold) => {
                count_old(&mut self.counts, &before.state, next);
                return Ok(());
            }
            Some(Past::Nothing) => None,
            Some(Past::State(state)) => Some(state.as_ref()),
        };
        let mut then = next_state(mapped, known, past);
        then.vanished = past.is_some_and(|state| state.vanished);
        // What nobody dates was so when the snapshot was taken, however late that is told.
        let seen = Seen {
            observed_on: self.plan.taken_at.london_date(),
            ..self.seen(mapped)
        };
        let mut events = derive(past, &then, &seen);
        if events.is_empty() {
            self.counts.unchanged += 1;
            return Ok(());
        }
        for event in &mut events {
            event.kind = ChangeKind::Late;
        }
        let sealed = still_sealed(known, before);
        self.change(row, mapped, known, before.state.clone(), events, sealed);
        Ok(())
    }

    /// A record that enough complete deliveries lacked, unless there was news of it since.
    fn on_gone(&mut self, record: &RecordId, known: &Known) {
        let Some(before) = &known.before else { return };
        if before.state.vanished || before.taken_at >= self.plan.taken_at {
            return;
        }
        let next = State {
            vanished: true,
            ..before.state.clone()
        };
        let seen = Seen {
            observed_on: self.observed_at.london_date(),
            source_updated_on: None,
        };
        let events = derive(Some(&before.state), &next, &seen);
        let observation = self.observation(record, known, next, events);
        self.push(None, known, observation, still_sealed(known, before));
    }

    fn seen(&self, mapped: &Mapped) -> Seen {
        Seen {
            observed_on: self.observed_at.london_date(),
            source_updated_on: mapped.source_updated_at.map(london_date),
        }
    }

    fn change(
        &mut self,
        row: usize,
        mapped: &Mapped,
        known: &Known,
        state: State,
        events: Vec<Event>,
        sealed: Vec<Sealed>,
    ) {
        self.changed.insert(mapped.record.clone(), self.changes.len());
        let mut observation = self.observation(&mapped.record, known, state, events);
        observation.source_updated_at = mapped.source_updated_at;
        self.push(Some(row), known, observation, sealed);
    }

    fn observation(&self, record: &RecordId, known: &Known, state: State, events: Vec<Event>) -> Observation {
        Observation {
            record: record.clone(),
            delivery: self.plan.delivery,
            taken_at: self.plan.taken_at,
            observed_at: self.observed_at,
            recorded_at: RecordedAt(self.observed_at.0),
            source_updated_at: None,
            mapping_version: MAPPING_VERSION,
            previous: known.last,
            state,
            events,
            evidence: None,
        }
    }

    fn push(&mut self, row: Option<usize>, known: &Known, observation: Observation, sealed: Vec<Sealed>) {
        self.counts.observations += 1;
        self.counts.events += observation.events.len() as u64;
        let (subject, expected_last) = (known.subject.clone(), known.expected_last());
        self.changes.push(Change {
            row,
            subject,
            expected_last,
            observation,
            sealed,
        });
    }
}

/// Counts a row that is not newer than what is known.
fn count_old(counts: &mut Counts, present: &State, row: State) {
    if says_the_same(present, row) {
        counts.unchanged += 1;
    } else {
        counts.superseded += 1;
    }
}

/// Whether a row that is not newer than what is known says nothing else.
pub(crate) fn says_the_same(present: &State, mut row: State) -> bool {
    // Whether the record is gone is not what an old row is about.
    row.vanished = present.vanished;
    same_meaning(present, &row)
}

/// The row laid over what was known. A value whose key is erased has no digest any more; the old one stays.
pub(crate) fn next_state(mapped: &Mapped, known: &Known, previous: Option<&State>) -> State {
    let stated = seal::digest_values(&known.keys, &mapped.personal);
    let Some(previous) = previous else {
        return State {
            body: mapped.body.clone(),
            digests: stated,
            vanished: false,
        };
    };
    let mut digests = previous.digests.clone();
    digests.extend(stated);
    State {
        body: mapped.body.clone().over(&previous.body),
        digests,
        vanished: false,
    }
}

fn unsealable(error: SealError) -> Defect {
    Defect::new(
        "sealed_altered",
        format!("what was sealed before cannot be taken over: {error}"),
    )
}
