//! The store port: what the projector writes and the service reads. It can be dropped and rebuilt from the log.
//!
//! The projector writes through one call, [`Store::commit`]: effects and cursor are one transaction, fenced by the
//! cursor it started from. Views are bytes here; what they mean is `ltr-proto`'s.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::delivery::{
    Comparison, Completeness, Counts, DeliveryDecision, HoldReason, Quarantined, Scope,
};
use ltr_domain::event::LinkStrength;
use ltr_domain::hearing::{Hearing, ProviderName};
use ltr_domain::ids::{DeliveryId, Feed, PersonId, RecordId, Trn};
use ltr_domain::time::{KnownAt, TakenAt};

pub mod conformance;
pub mod faulty;
mod forward;
mod heard;
pub mod mem;
mod policy;
mod values;

pub use heard::{
    ANYONE, Due, EVERYONE, FeedHeard, Heard, ProviderRow, Providers, ShareRow, SweepRow, TurnoutRow, WordRow,
};
pub use policy::{PolicyCursor, PolicyRow, Resolved};
pub use values::whole_microseconds;

/// How far the log is projected: a place on one very stream, and a digest of everything up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// When the event stream was created: a stream recreated under the same name is another one.
    pub stream_created_at: Timestamp,
    /// The last sequence whose effects are in.
    pub sequence: u64,
    /// The running digest over every message up to and including it.
    pub running_digest: [u8; 32],
    /// The known time of that message: the watermark of every answer.
    pub known_at: KnownAt,
    /// Under which policy the answers are, and whose.
    pub policy: PolicyCursor,
}

/// One message about a record, an observation or a judgement, in the order of its record: the log in another order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Which record.
    pub record: RecordId,
    /// Its sequence on the log.
    pub sequence: u64,
    /// When it became known.
    pub known_at: KnownAt,
    /// The message's payload as on the log.
    pub payload: Bytes,
}

/// That a source record belongs to a person over a stretch of known time. A record may belong before it was observed,
/// because another record carries its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Which record.
    pub record: RecordId,
    /// To whom it belongs.
    pub person: PersonId,
    /// From when this was known.
    pub known_from: KnownAt,
    /// Until when, exclusive; `None`: it is so now.
    pub known_to: Option<KnownAt>,
    /// The weakest link it hangs by; `None` for the record the person is named after.
    pub strength: Option<LinkStrength>,
}

/// The present answer about a person, ready to be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub person: PersonId,
    /// The current TRN, if there is one.
    pub trn: Option<Trn>,
    /// The headline stage's token.
    pub stage: String,
    /// Its phase's token.
    pub phase: String,
    /// Its certainty's token.
    pub certainty: String,
    /// From when time alone may change the answer; the view is valid before that day. Moved up to the day on which
    /// something is heard of the provider that it awaits.
    pub review_on: Option<Date>,
    /// The provider whose silence the answer rests on or waits for.
    pub awaits: Option<ProviderName>,
    /// The record digest.
    pub digest: [u8; 32],
    /// The sequence of the last message that the answer rests on.
    pub sequence: u64,
    /// The resolved view, encoded (`ltr.record.v1.Teacher`), without personal values.
    pub view: Bytes,
    /// Sealed personal values by record, encoded (`ltr.record.v1.SealedPersonal`); opened by the service only.
    pub sealed: Bytes,
}

/// That the answer about a person changed: the watch's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// The sequence of the message that changed it.
    pub sequence: u64,
    /// Counts the changes of one sequence, from 0.
    pub ordinal: u32,
    /// Who.
    pub person: PersonId,
    /// The record digest after the change; all zeros when the person ended by a merge.
    pub digest: [u8; 32],
    /// When it became known.
    pub known_at: KnownAt,
}

/// A row in quarantine, as its messages tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// The last message about it.
    pub message: Quarantined,
    /// What the delivery speaks for in which it was last seen.
    pub scope: Scope,
    /// The sequence of that message.
    pub sequence: u64,
    /// How many messages told of it.
    pub times_seen: u64,
    /// When it was first seen. Written once.
    pub first_seen_at: KnownAt,
    /// When it was last seen.
    pub last_seen_at: KnownAt,
    /// When it was released, if it was not seen again since; `None`: it waits.
    pub released_at: Option<KnownAt>,
}

/// Something about identity that an operator is to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// What names it for ever; never personal.
    pub id: String,
    /// Its kind's token.
    pub kind: String,
    /// Every record that it is about, in the order of ids.
    pub records: Vec<RecordId>,
    /// Since when it waits.
    pub known_at: KnownAt,
    /// The sequence of the message with which it came up.
    pub sequence: u64,
    /// What is to be decided and on what evidence, encoded (`ltr.record.v1.Review`).
    pub view: Bytes,
}

/// A delivery, as its messages tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Of which feed.
    pub feed: Feed,
    /// What it speaks for.
    pub scope: Scope,
    /// Whether absence from it means anything.
    pub completeness: Completeness,
    /// When its snapshot was taken.
    pub taken_at: TakenAt,
    /// When it was opened.
    pub opened_at: KnownAt,
    /// When it was closed; `None` while it runs, or for ever after a crash.
    pub closed_at: Option<KnownAt>,
    /// Pages settled.
    pub pages: u32,
    /// The sum over its pages.
    pub counts: Counts,
    /// What the gate said, if it did not let it pass.
    pub held: Option<HeldRow>,
}

/// That a delivery is held, and what was decided on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// The sequence of the message that says so.
    pub sequence: u64,
    /// What it would have changed.
    pub comparison: Comparison,
    /// Why it is held.
    pub reasons: Vec<HoldReason>,
    /// The last decision; `None`: it waits for an operator.
    pub ruling: Option<RulingRow>,
}

/// What an operator decided on a held delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulingRow {
    /// What.
    pub decision: DeliveryDecision,
    /// Which role or account.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// When it became known.
    pub decided_at: KnownAt,
}

/// Everything one batch of messages does to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    /// The cursor this batch started from; `None`: an empty store.
    pub from: Option<Checkpoint>,
    /// The cursor after it.
    pub to: Checkpoint,
    /// Messages about records to append, by ascending sequence: observations, and judgements with each record they name.
    pub history: Vec<HistoryEntry>,
    /// The sequences of those messages with which the history of their record begins, ascending: of these the store need
    /// not look where it ends. Only spares it the look: what is told wrongly is found out, and the batch written all the
    /// same. So is what is not told.
    pub first_messages: Vec<u64>,
    /// Memberships that ended: record, person and when.
    pub closed: Vec<(RecordId, PersonId, KnownAt)>,
    /// Memberships that began.
    pub opened: Vec<Membership>,
    /// Answers that are new or differ; at most one row a person.
    pub people: Vec<PersonRow>,
    /// Those of them who had no answer before, ascending; likewise.
    pub first_answers: Vec<PersonId>,
    /// People who ended by a merge.
    pub ended: Vec<PersonId>,
    /// The watch's feed.
    pub changes: Vec<ChangeRow>,
    /// Rows in quarantine that were seen or released, as they now stand; at most one row an id. `first_seen_at` of a row
    /// already there is kept.
    pub quarantine: Vec<QuarantineRow>,
    /// Deliveries touched, as they now stand; at most one row a delivery.
    pub deliveries: Vec<DeliveryRow>,
    /// Reviews that came up, or differ; at most one row an id.
    pub reviews: Vec<ReviewRow>,
    /// The ids of reviews that are done.
    pub reviewed: Vec<String>,
    /// Versions of the policy that were adopted. What is there already is kept.
    pub policies: Vec<PolicyRow>,
    /// What was heard of the feeds.
    pub heard: Heard,
}

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// Effects and cursor are in.
    Done,
    /// The cursor is not the one the batch started from: another projector was here. Nothing was written.
    Fenced,
}

/// Present rows by the record they were asked for, and the checkpoint they rest on.
pub type PeopleOf = (Option<Checkpoint>, Vec<(RecordId, PersonRow)>);

/// A stretch of known time in which answers changed, read in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedOver {
    /// From when, inclusive.
    pub from: KnownAt,
    /// Until when, inclusive.
    pub to: KnownAt,
    /// How many sequences after those known by `to` are looked at as well: one change stands for every message of its
    /// batch, and carries the last that touched the person.
    pub beyond: u64,
    /// Where the page before ended: sequence and ordinal.
    pub after: Option<(u64, u32)>,
    /// At most so many people.
    pub max: u32,
}

/// What an as-of read needs, from one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonHistory {
    /// Who the record belonged to at the known time.
    pub person: PersonId,
    /// Every record that belonged to that person then.
    pub records: Vec<Membership>,
    /// Their observations known by then, by ascending sequence.
    pub entries: Vec<HistoryEntry>,
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It certainly did not happen.
    #[error("{attempted} did not happen")]
    Determinate {
        /// What was attempted.
        attempted: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It may or may not have happened: read the checkpoint to find out.
    #[error("{attempted} may or may not have happened")]
    Indeterminate {
        /// What was attempted.
        attempted: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is stored cannot be read; names table, column and row.
    #[error("cannot read {table}.{column} of {row}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key, never personal.
        row: String,
    },
}

/// The store.
pub trait Store: Clone + Send + Sync + 'static {
    /// How far the log is projected; `None`: nothing yet.
    fn checkpoint(&self) -> impl Future<Output = Result<Option<Checkpoint>, StoreError>> + Send;

    /// The present membership of each of the records, where it has one, and of every other record of the same people.
    fn memberships(
        &self,
        records: Vec<RecordId>,
    ) -> impl Future<Output = Result<Vec<Membership>, StoreError>> + Send;

    /// Every observation of the records, by ascending sequence.
    fn history(
        &self,
        records: Vec<RecordId>,
    ) -> impl Future<Output = Result<Vec<HistoryEntry>, StoreError>> + Send;

    /// The record digests of the people that have a row.
    fn digests(
        &self,
        people: Vec<PersonId>,
    ) -> impl Future<Output = Result<Vec<(PersonId, [u8; 32])>, StoreError>> + Send;

    /// Every version of the policy that was adopted, by ascending sequence.
    fn policies(&self) -> impl Future<Output = Result<Vec<PolicyRow>, StoreError>> + Send;

    /// The present memberships of the next people, in the order of their ids, who have an answer: all of each one's, of
    /// at most `max` people after that one (`None`: from the first on).
    fn people_after(
        &self,
        after: Option<PersonId>,
        max: u32,
    ) -> impl Future<Output = Result<Vec<Membership>, StoreError>> + Send;

    /// The deliveries with these ids.
    fn deliveries_by_id(
        &self,
        ids: Vec<DeliveryId>,
    ) -> impl Future<Output = Result<Vec<DeliveryRow>, StoreError>> + Send;

    /// Writes effects and cursor in one transaction.
    fn commit(&self, effects: Effects) -> impl Future<Output = Result<Committed, StoreError>> + Send;

    /// The present rows of the people to whom these records belong, with the checkpoint they rest on, in one statement.
    /// A record that belongs to nobody has no row in the answer.
    fn people_of(&self, records: Vec<RecordId>) -> impl Future<Output = Result<PeopleOf, StoreError>> + Send;

    /// The records that belong or ever belonged to a person id, the present ones first: resolves ids of people who
    /// ended by a merge.
    fn records_of_person(
        &self,
        person: PersonId,
    ) -> impl Future<Output = Result<Vec<RecordId>, StoreError>> + Send;

    /// What was known at `known` of the person to whom the record belonged then; `None`: nobody. One statement.
    fn history_of(
        &self,
        record: RecordId,
        known: KnownAt,
    ) -> impl Future<Output = Result<Option<PersonHistory>, StoreError>> + Send;

    /// Every membership, past and present, of everybody to whom one of the records ever belonged.
    fn memberships_ever(
        &self,
        records: Vec<RecordId>,
    ) -> impl Future<Output = Result<Vec<Membership>, StoreError>> + Send;

    /// People whose answer changed over a stretch of known time: of each their first change in it, by ascending
    /// sequence and ordinal.
    fn changed_people(
        &self,
        over: ChangedOver,
    ) -> impl Future<Output = Result<Vec<ChangeRow>, StoreError>> + Send;

    /// Rows in quarantine, newest last seen first, at most `max`.
    fn quarantine(&self, max: u32) -> impl Future<Output = Result<Vec<QuarantineRow>, StoreError>> + Send;

    /// Every row in quarantine that waits, by id.
    fn quarantine_waiting(&self) -> impl Future<Output = Result<Vec<QuarantineRow>, StoreError>> + Send;

    /// The rows in quarantine with these ids, by id.
    fn quarantine_by_id(
        &self,
        ids: Vec<String>,
    ) -> impl Future<Output = Result<Vec<QuarantineRow>, StoreError>> + Send;

    /// Deliveries, newest opened first, at most `max`.
    fn deliveries(&self, max: u32) -> impl Future<Output = Result<Vec<DeliveryRow>, StoreError>> + Send;

    /// What an operator is to look at, longest waiting first, at most `max`.
    fn reviews(&self, max: u32) -> impl Future<Output = Result<Vec<ReviewRow>, StoreError>> + Send;

    /// For each feed, and each provider spoken for, the latest snapshot of which a page was known by then (`None`: now).
    fn heard(
        &self,
        known: Option<KnownAt>,
    ) -> impl Future<Output = Result<Vec<FeedHeard>, StoreError>> + Send;

    /// What had been heard by a known time, as far as it concerns these providers. One statement.
    fn hearing(
        &self,
        providers: Providers,
        known: KnownAt,
    ) -> impl Future<Output = Result<Hearing, StoreError>> + Send;

    /// People whose review is due on that day, those due longest first, at most `max`; and where the changes of
    /// `sequence` go on.
    fn due(&self, on: Date, max: u32, sequence: u64) -> impl Future<Output = Result<Due, StoreError>> + Send;
}
