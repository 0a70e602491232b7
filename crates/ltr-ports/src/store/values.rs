//! Small things the store's values can do, and how exactly they are kept: times to the microsecond, rounded down.
//!
//! Rounding down keeps the order of instants, so that "known by then" holds for what was known then.

use jiff::Timestamp;
use ltr_domain::time::{KnownAt, RecordedAt, TakenAt};

use super::{Checkpoint, DeliveryRow, Effects, Heard, Membership, PolicyCursor};

/// The instant without its part of a microsecond.
#[must_use]
pub fn whole_microseconds(at: Timestamp) -> Timestamp {
    let fraction = at.as_nanosecond().rem_euclid(1_000);
    let fraction = i64::try_from(fraction).expect("less than a thousand");
    at.checked_sub(jiff::SignedDuration::from_nanos(fraction))
        .unwrap_or(at)
}

fn known(at: &mut KnownAt) {
    *at = KnownAt(whole_microseconds(at.0));
}

impl Checkpoint {
    /// What the fence compares: the place on the log, the digest of everything up to it, and how far the answers
    /// follow the policy adopted last.
    #[must_use]
    pub fn place(&self) -> (Timestamp, u64, [u8; 32], PolicyCursor) {
        (
            self.stream_created_at,
            self.sequence,
            self.running_digest,
            self.policy,
        )
    }
}

impl Membership {
    /// Whether it was known to hold at `known`.
    #[must_use]
    pub fn holds_at(&self, known: KnownAt) -> bool {
        self.known_from <= known && self.known_to.is_none_or(|known_to| known < known_to)
    }
}

impl Effects {
    /// A batch that does nothing but move the cursor.
    #[must_use]
    pub fn nothing(from: Option<Checkpoint>, to: Checkpoint) -> Self {
        Self {
            from,
            to,
            history: Vec::new(),
            first_messages: Vec::new(),
            closed: Vec::new(),
            opened: Vec::new(),
            people: Vec::new(),
            first_answers: Vec::new(),
            ended: Vec::new(),
            changes: Vec::new(),
            quarantine: Vec::new(),
            deliveries: Vec::new(),
            reviews: Vec::new(),
            reviewed: Vec::new(),
            policies: Vec::new(),
            heard: Heard::default(),
        }
    }

    /// The same with every time rounded down to the microsecond, as it will be read back. The time at which the
    /// stream was created stays exact: with a sequence it names a place on one very stream.
    #[must_use]
    pub fn in_whole_microseconds(mut self) -> Self {
        known(&mut self.to.known_at);
        self.history
            .iter_mut()
            .for_each(|entry| known(&mut entry.known_at));
        self.closed.iter_mut().for_each(|(_, _, at)| known(at));
        for membership in &mut self.opened {
            known(&mut membership.known_from);
            membership.known_to.iter_mut().for_each(known);
        }
        self.changes
            .iter_mut()
            .for_each(|change| known(&mut change.known_at));
        for row in &mut self.quarantine {
            row.message.recorded_at = RecordedAt(whole_microseconds(row.message.recorded_at.0));
            known(&mut row.first_seen_at);
            known(&mut row.last_seen_at);
            row.released_at.iter_mut().for_each(known);
            if let Some(taken_at) = &mut row.message.taken_at {
                *taken_at = TakenAt(whole_microseconds(taken_at.0));
            }
        }
        self.reviews.iter_mut().for_each(|row| known(&mut row.known_at));
        self.deliveries.iter_mut().for_each(DeliveryRow::round_down);
        self.policies
            .iter_mut()
            .for_each(|row| known(&mut row.position.known_at));
        self.heard.round_down();
        self
    }
}

impl DeliveryRow {
    fn round_down(&mut self) {
        self.taken_at = TakenAt(whole_microseconds(self.taken_at.0));
        known(&mut self.opened_at);
        self.closed_at.iter_mut().for_each(known);
    }
}
