//! What a batch of messages does to the store, decided without touching it: from memory and messages to effects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ltr_domain::delivery::{Completeness, Counts, DeliveryStep, FeedMessage, Scope};
use ltr_domain::identity::{Node, groups, reviews};
use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::judgement::Judged;
use ltr_domain::observation::Position;
use ltr_domain::policy::Policy;
use ltr_domain::teacher::suspect_links;
use ltr_domain::time::{KnownAt, TakenAt};
use ltr_ports::store::{
    Checkpoint, DeliveryRow, Effects, HeldRow, HistoryEntry, Membership, ReviewRow, RulingRow,
};
use ltr_proto::codec::LogEntry;

use crate::incoming::{Incoming, Message};
use crate::listening::{Ear, Notes};
use crate::lots::lots;
use crate::memory::{Kept, named_by};
use crate::reviewing::{Noted, Waiting};
use crate::{Memory, people};

/// Plans a batch. `memory` must hold what the batch can touch ([`Memory::load`]); it is moved on to the state after it.
#[must_use]
pub fn plan(memory: &mut Memory, policy: &Policy, from: Option<Checkpoint>, batch: &Incoming) -> Effects {
    let mut planning = Planning::new(memory.take_ear(batch.to.known_at), policy);
    // Messages that became known at one time are one step: a belief never changes within it.
    for step in batch
        .messages
        .chunk_by(|a, b| a.position.known_at == b.position.known_at)
    {
        let mut touched = Vec::with_capacity(2 * step.len());
        for message in step {
            planning.take(memory, message, &mut touched);
        }
        if let Some(last) = step.last() {
            planning.regroup_all(memory, touched, last.position);
        }
    }
    let Planning { mut ear, notes, .. } = planning;
    let (reviews, reviewed) = settled(planning.reviews);
    ear.hearing.known_on = batch.to.known_at.london_date();
    let answers = people::resolve(memory, policy, &ear.hearing, &planning.affected, &batch.to, 0);
    memory.ear = Some(ear);
    Effects {
        from,
        to: batch.to,
        history: planning.history,
        first_messages: planning.first_messages,
        closed: planning.closed,
        opened: planning.opened,
        people: answers.people,
        first_answers: answers.first_answers,
        ended: answers.ended,
        changes: answers.changes,
        quarantine: memory.quarantine.take_changed(),
        deliveries: planning
            .deliveries
            .iter()
            .filter_map(|delivery| memory.deliveries.get(delivery).cloned())
            .collect(),
        reviews,
        reviewed,
        policies: Vec::new(),
        heard: notes.into_heard(),
    }
}

struct Planning<'a> {
    policy: &'a Policy,
    ear: Ear,
    notes: Notes,
    history: Vec<HistoryEntry>,
    first_messages: Vec<u64>,
    closed: Vec<(RecordId, PersonId, KnownAt)>,
    opened: Vec<Membership>,
    /// People whose answer may differ, with the last message of the step that touched them.
    affected: BTreeMap<PersonId, Position>,
    deliveries: BTreeSet<ltr_domain::ids::DeliveryId>,
    reviews: Noted,
}

/// Rows to write, and ids that are settled.
fn settled(noted: Noted) -> (Vec<ReviewRow>, Vec<String>) {
    let (mut rows, mut ids) = (Vec::new(), Vec::new());
    for (id, row) in noted {
        match row {
            Some(row) => rows.push(row),
            None => ids.push(id),
        }
    }
    (rows, ids)
}

impl<'a> Planning<'a> {
    fn new(ear: Ear, policy: &'a Policy) -> Self {
        Self {
            policy,
            ear,
            notes: Notes::default(),
            history: Vec::new(),
            first_messages: Vec::new(),
            closed: Vec::new(),
            opened: Vec::new(),
            affected: BTreeMap::new(),
            deliveries: BTreeSet::new(),
            reviews: Noted::new(),
        }
    }

    fn take(&mut self, memory: &mut Memory, message: &Message, touched: &mut Vec<RecordId>) {
        match &message.entry {
            LogEntry::Observation { observation, sealed } => {
                let record = &observation.record;
                self.history.push(HistoryEntry {
                    record: record.clone(),
                    sequence: message.position.sequence,
                    known_at: message.position.known_at,
                    payload: message.payload.clone(),
                });
                if !record.kind.is_about_a_person() {
                    return;
                }
                let kept = memory.records.entry(record.clone()).or_insert_with(Kept::unknown);
                // Who belongs to nobody was never observed, and is not judged while nobody names it.
                if kept.fold.is_none() && kept.membership.is_none() {
                    self.first_messages.push(message.position.sequence);
                }
                let before = kept.place();
                kept.apply(observation, sealed, message.position);
                let (after, known_at) = (kept.place(), message.position.known_at);
                let policy = self.policy;
                self.ear
                    .move_trainee(before, after, known_at, policy, &mut self.notes);
                touched.push(record.clone());
                touched.extend(named_by(observation));
            }
            LogEntry::Judgement(judgement) => {
                self.take_judged(memory, message, &judgement.judged, touched);
            }
            LogEntry::Feed(feed) => self.take_feed(memory, feed, message.position),
            LogEntry::Quarantined(row) => {
                let delivery = memory.deliveries.get(&row.delivery);
                let scope = delivery
                    .map(|delivery| delivery.scope.clone())
                    .unwrap_or_default();
                memory.quarantine.see(row, &scope, message.position);
            }
            // Time, policy and erasure touch no row: they are data for the pure resolve or for the service.
            LogEntry::Heartbeat { .. }
            | LogEntry::CalendarMilestone(_)
            | LogEntry::PolicyAdopted(_)
            | LogEntry::Erased(_)
            | LogEntry::Unrecognised { .. } => {}
        }
    }

    /// Keeps a judgement with every record that it is about. Of records that nobody has heard of nothing is judged.
    fn take_judged(
        &mut self,
        memory: &mut Memory,
        message: &Message,
        judged: &Judged,
        touched: &mut Vec<RecordId>,
    ) {
        let position = message.position;
        let concerned = memory.judgements.concerned(judged);
        if !concerned.iter().all(|record| memory.is_heard_of(record)) {
            tracing::warn!(
                sequence = position.sequence,
                "a judgement on a record that nobody has heard of"
            );
            return;
        }
        let judged = Arc::new(judged.clone());
        for record in concerned {
            self.history.push(HistoryEntry {
                record: record.clone(),
                sequence: position.sequence,
                known_at: position.known_at,
                payload: message.payload.clone(),
            });
            memory.judgements.take(&record, position, Arc::clone(&judged));
            touched.push(record);
        }
        // All of them were loaded before the batch was planned.
        memory.judgements.take_unseen();
    }

    fn take_feed(&mut self, memory: &mut Memory, feed: &FeedMessage, position: Position) {
        // It says nothing of a delivery: by hand it comes without one.
        if let DeliveryStep::Released(released) = &feed.step {
            return memory.quarantine.hear_released(released, position.known_at);
        }
        let row = memory
            .deliveries
            .entry(feed.delivery)
            .or_insert_with(|| DeliveryRow {
                delivery: feed.delivery,
                feed: feed.feed,
                scope: Scope::new(),
                completeness: Completeness::Partial,
                taken_at: TakenAt(position.known_at.0),
                opened_at: position.known_at,
                closed_at: None,
                pages: 0,
                counts: Counts::default(),
                held: None,
            });
        match &feed.step {
            DeliveryStep::Opened {
                scope,
                completeness,
                taken_at,
                ..
            } => {
                row.scope.clone_from(scope);
                row.completeness = *completeness;
                row.taken_at = *taken_at;
            }
            DeliveryStep::PageRecorded(page) => {
                row.pages += 1;
                row.counts.add(&page.counts);
                self.ear.hear_page(row, position.known_at, &mut self.notes);
                memory
                    .quarantine
                    .hear_page(feed.delivery, page, position.known_at);
            }
            DeliveryStep::Closed { .. } => {
                row.closed_at = Some(position.known_at);
                let policy = self.policy;
                self.ear
                    .hear_closing(row, position.known_at, policy, &mut self.notes);
                memory.quarantine.hear_closing(row, position.known_at);
            }
            // Of what is held nothing was heard, whatever was decided on it: only rows that are published tell.
            DeliveryStep::Held(held) => {
                row.scope.clone_from(&held.scope);
                row.completeness = Completeness::Complete;
                row.taken_at = held.taken_at;
                row.held = Some(HeldRow {
                    sequence: position.sequence,
                    comparison: held.comparison,
                    reasons: held.reasons.clone(),
                    ruling: None,
                });
            }
            DeliveryStep::Decided(decided) => {
                let Some(held) = row
                    .held
                    .as_mut()
                    .filter(|held| held.sequence == decided.held.sequence)
                else {
                    tracing::warn!(
                        sequence = position.sequence,
                        "a decision on a delivery that is not held"
                    );
                    return;
                };
                held.ruling = Some(RulingRow {
                    decision: decided.decision,
                    actor: decided.actor.clone(),
                    reason: decided.reason.clone(),
                    decided_at: position.known_at,
                });
            }
            DeliveryStep::Released(_) => {}
        }
        self.deliveries.insert(feed.delivery);
    }

    /// Parts the touched people's records into people anew: lot by lot, unless judgements may hold lots together.
    fn regroup_all(&mut self, memory: &mut Memory, touched: Vec<RecordId>, step: Position) {
        if memory.judgements.is_empty() {
            for lot in lots(memory, touched) {
                self.regroup(memory, &lot, step);
            }
        } else if !touched.is_empty() {
            let touched = widen(memory, touched.into_iter().collect());
            self.regroup(memory, &touched, step);
        }
    }

    /// Parts records into people anew, with all the records of their people, and notes who came, went and changed.
    fn regroup(&mut self, memory: &mut Memory, touched: &BTreeSet<RecordId>, step: Position) {
        let known_at = step.known_at;
        let people_before: BTreeSet<PersonId> = touched
            .iter()
            .filter_map(|record| Some(memory.records.get(record)?.membership.as_ref()?.person))
            .collect();
        let before = memory.memberships_of(&people_before);
        let mut nodes: BTreeMap<RecordId, Node> = BTreeMap::new();
        for record in before.keys().chain(touched) {
            let fold = memory.records.get(record).and_then(|kept| kept.fold.as_ref());
            let node = Node {
                first_sequence: fold.map(|fold| fold.first.sequence),
                links: fold.map(|fold| fold.links.clone()).unwrap_or_default(),
            };
            nodes.insert(record.clone(), node);
        }
        let rulings = memory.judgements.rulings(nodes.keys());
        let parting = groups(&nodes, &rulings);
        let parts = &parting.groups;
        let mut after: BTreeMap<RecordId, Membership> = BTreeMap::new();
        for group in parts {
            self.affected.insert(group.person, step);
            let kept = |record: &RecordId| memory.records.get(record).map(|kept| &**kept);
            self.ear
                .hear_person(group.records.keys(), kept, known_at, &mut self.notes);
            for (record, strength) in &group.records {
                let kept = before.get(record).filter(|held| held.person == group.person);
                let membership = Membership {
                    record: record.clone(),
                    person: group.person,
                    known_from: kept.map_or(known_at, |held| held.known_from),
                    known_to: None,
                    strength: kept.map_or(*strength, |held| held.strength),
                };
                after.insert(record.clone(), membership);
            }
        }
        for (record, held) in &before {
            if after.get(record).is_none_or(|now| now.person != held.person) {
                self.close(held, known_at);
                self.affected.insert(held.person, step);
            }
        }
        for (record, now) in &after {
            if before.get(record).is_none_or(|held| held.person != now.person) {
                self.opened.push(now.clone());
            }
        }
        self.remember(memory, &people_before, after);
        let mut suspects = Vec::new();
        for group in parts {
            memory.lay_judgements(group.person);
            let kept = group
                .records
                .keys()
                .filter_map(|record| memory.records.get(record));
            let folds: Vec<_> = kept.filter_map(|kept| kept.fold.as_ref()).collect();
            suspects.extend(suspect_links(&folds));
            self.count_recruits(memory, group.person, known_at);
        }
        let now = reviews(&rulings, &parting.refused, suspects);
        let waiting = memory.waiting.get_or_insert_with(Waiting::default);
        waiting.replace(nodes.keys(), &now, step, &mut self.reviews);
    }

    /// Counts a person's recruits where they are not counted as they are now.
    fn count_recruits(&mut self, memory: &mut Memory, person: PersonId, known_at: KnownAt) {
        let mut now = memory.recruits_of(person);
        for record in memory.people.get(&person).into_iter().flatten() {
            let Some(kept) = memory.records.get_mut(record) else {
                continue;
            };
            let after = now.remove(record);
            let before = std::mem::replace(&mut kept.recruit, after);
            let (policy, after) = (self.policy, kept.recruit.as_ref());
            self.ear
                .move_recruit(before.as_ref(), after, known_at, policy, &mut self.notes);
        }
    }

    /// Ends a membership: one that began in this very batch is written with its end, an older one is closed.
    fn close(&mut self, held: &Membership, known_at: KnownAt) {
        let own = self.opened.iter_mut().find(|opened| {
            opened.known_to.is_none() && opened.record == held.record && opened.person == held.person
        });
        match own {
            Some(opened) => opened.known_to = Some(known_at),
            None => self.closed.push((held.record.clone(), held.person, known_at)),
        }
    }

    fn remember(
        &self,
        memory: &mut Memory,
        people_before: &BTreeSet<PersonId>,
        after: BTreeMap<RecordId, Membership>,
    ) {
        for person in people_before {
            if let Some(records) = memory.people.remove(person) {
                for record in records {
                    if let Some(kept) = memory.records.get_mut(&record) {
                        kept.membership = None;
                    }
                }
            }
        }
        for (record, membership) in after {
            memory
                .people
                .entry(membership.person)
                .or_default()
                .insert(record.clone());
            memory
                .records
                .entry(record)
                .or_insert_with(Kept::unknown)
                .membership = Some(membership);
        }
    }
}

/// The records touched, and everybody who was judged together with somebody among their people: what holds apart or
/// brings together may be theirs.
fn widen(memory: &Memory, touched: BTreeSet<RecordId>) -> BTreeSet<RecordId> {
    let mut reached = touched;
    loop {
        let people: BTreeSet<PersonId> = reached
            .iter()
            .filter_map(|record| Some(memory.records.get(record)?.membership.as_ref()?.person))
            .collect();
        let members = memory.memberships_of(&people);
        let all: BTreeSet<&RecordId> = members.keys().chain(&reached).collect();
        let related = all.iter().flat_map(|record| memory.judgements.related_to(record));
        let beyond: BTreeSet<RecordId> = related.filter(|record| !all.contains(record)).cloned().collect();
        if beyond.is_empty() {
            return reached;
        }
        reached.extend(beyond);
    }
}
