//! The port, on PostgreSQL.

use jiff::civil::Date;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{DeliveryId, PersonId, RecordId};
use ltr_domain::time::KnownAt;
use ltr_ports::store::{
    ChangeRow, ChangedOver, Checkpoint, Committed, DeliveryRow, Due, Effects, FeedHeard, HistoryEntry,
    Membership, PeopleOf, PersonHistory, PolicyRow, Providers, QuarantineRow, ReviewRow, Store, StoreError,
    whole_microseconds,
};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::PgStore;
use crate::error::determinate;
use crate::read::{feeds, heard, history, people, policies, reviews};
use crate::text;

impl PgStore {
    async fn rows(
        &self,
        attempted: &'static str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        let rows = self.0.readers.query(sql, parameters).await;
        rows.map_err(determinate(attempted))
    }
}

impl Store for PgStore {
    async fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        let sql = &self.0.queries.checkpoint_read;
        let rows = self.rows("read the checkpoint", sql, &[]).await?;
        rows.first().map(people::checkpoint).transpose()
    }

    async fn memberships(&self, records: Vec<RecordId>) -> Result<Vec<Membership>, StoreError> {
        let sql = &self.0.queries.membership_present;
        let rows = self.rows("read memberships", sql, &[&keys(&records)]).await?;
        rows.iter().map(people::membership).collect()
    }

    async fn history(&self, records: Vec<RecordId>) -> Result<Vec<HistoryEntry>, StoreError> {
        let sql = &self.0.queries.history_read;
        let rows = self.rows("read history", sql, &[&keys(&records)]).await?;
        history::entries(&rows)
    }

    async fn digests(&self, people: Vec<PersonId>) -> Result<Vec<(PersonId, [u8; 32])>, StoreError> {
        let sql = &self.0.queries.person_digests;
        let people: Vec<uuid::Uuid> = people.into_iter().map(|person| person.0).collect();
        let rows = self.rows("read digests", sql, &[&people]).await?;
        rows.iter().map(people::digest).collect()
    }

    async fn policies(&self) -> Result<Vec<PolicyRow>, StoreError> {
        let sql = &self.0.queries.policy_read;
        let rows = self.rows("read policies", sql, &[]).await?;
        rows.iter().map(policies::row).collect()
    }

    async fn people_after(&self, after: Option<PersonId>, max: u32) -> Result<Vec<Membership>, StoreError> {
        let sql = &self.0.queries.membership_people_after;
        let after = after.map_or(uuid::Uuid::nil(), |person| person.0);
        let rows = self
            .rows("read the next people", sql, &[&after, &i64::from(max)])
            .await?;
        rows.iter().map(people::membership).collect()
    }

    async fn deliveries_by_id(&self, ids: Vec<DeliveryId>) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = &self.0.queries.delivery_read;
        let ids: Vec<uuid::Uuid> = ids.into_iter().map(|id| id.0).collect();
        let rows = self.rows("read deliveries", sql, &[&ids]).await?;
        rows.iter().map(feeds::delivery).collect()
    }

    async fn commit(&self, effects: Effects) -> Result<Committed, StoreError> {
        self.0.writer.commit(&self.0.queries, effects).await
    }

    async fn people_of(&self, records: Vec<RecordId>) -> Result<PeopleOf, StoreError> {
        let sql = &self.0.queries.person_read;
        let rows = self.rows("read people", sql, &[&keys(&records)]).await?;
        people::people_of(&rows)
    }

    async fn records_of_person(&self, person: PersonId) -> Result<Vec<RecordId>, StoreError> {
        let sql = &self.0.queries.membership_of_person;
        let rows = self.rows("read a person's records", sql, &[&person.0]).await?;
        rows.iter().map(people::record).collect()
    }

    async fn history_of(
        &self,
        record: RecordId,
        known: KnownAt,
    ) -> Result<Option<PersonHistory>, StoreError> {
        let sql = &self.0.queries.history_as_of;
        let known = KnownAt(whole_microseconds(known.0));
        let rows = self
            .rows("read as of", sql, &[&text::key(&record), &known.0])
            .await?;
        history::as_of(&rows, known)
    }

    async fn memberships_ever(&self, records: Vec<RecordId>) -> Result<Vec<Membership>, StoreError> {
        let sql = &self.0.queries.membership_ever;
        let rows = self.rows("read memberships", sql, &[&keys(&records)]).await?;
        rows.iter().map(people::membership).collect()
    }

    async fn changed_people(&self, over: ChangedOver) -> Result<Vec<ChangeRow>, StoreError> {
        let sql = &self.0.queries.change_people;
        let (from, to) = (whole_microseconds(over.from.0), whole_microseconds(over.to.0));
        // More than any sequence, and not so much that adding one to it overflows.
        let beyond = i64::try_from(over.beyond).unwrap_or(i64::MAX).min(i64::MAX / 2);
        let (sequence, ordinal) = over.after.map_or((-1, 0), |(sequence, ordinal)| {
            (
                i64::try_from(sequence).unwrap_or(i64::MAX),
                i32::try_from(ordinal).unwrap_or(i32::MAX),
            )
        });
        let parameters: [&(dyn ToSql + Sync); 6] =
            [&from, &to, &beyond, &sequence, &ordinal, &i64::from(over.max)];
        let rows = self.rows("read who changed", sql, &parameters).await?;
        rows.iter().map(people::change).collect()
    }

    async fn quarantine(&self, max: u32) -> Result<Vec<QuarantineRow>, StoreError> {
        let sql = &self.0.queries.quarantine_list;
        let rows = self.rows("list the quarantine", sql, &[&i64::from(max)]).await?;
        rows.iter().map(feeds::quarantine).collect()
    }

    async fn quarantine_waiting(&self) -> Result<Vec<QuarantineRow>, StoreError> {
        let sql = &self.0.queries.quarantine_waiting;
        let rows = self.rows("list what waits in quarantine", sql, &[]).await?;
        rows.iter().map(feeds::quarantine).collect()
    }

    async fn quarantine_by_id(&self, ids: Vec<String>) -> Result<Vec<QuarantineRow>, StoreError> {
        let sql = &self.0.queries.quarantine_read;
        let ids: Vec<String> = ids.iter().map(|id| text::stored(id).into_owned()).collect();
        let rows = self.rows("read rows in quarantine", sql, &[&ids]).await?;
        rows.iter().map(feeds::quarantine).collect()
    }

    async fn deliveries(&self, max: u32) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = &self.0.queries.delivery_list;
        let rows = self.rows("list deliveries", sql, &[&i64::from(max)]).await?;
        rows.iter().map(feeds::delivery).collect()
    }

    async fn reviews(&self, max: u32) -> Result<Vec<ReviewRow>, StoreError> {
        let sql = &self.0.queries.review_list;
        let rows = self.rows("list reviews", sql, &[&i64::from(max)]).await?;
        rows.iter().map(reviews::row).collect()
    }

    async fn heard(&self, known: Option<KnownAt>) -> Result<Vec<FeedHeard>, StoreError> {
        let sql = &self.0.queries.heard_feeds;
        let known = known.map(|known| whole_microseconds(known.0));
        let rows = self.rows("read when feeds were heard", sql, &[&known]).await?;
        rows.iter().map(heard::heard).collect()
    }

    async fn hearing(&self, providers: Providers, known: KnownAt) -> Result<Hearing, StoreError> {
        let sql = &self.0.queries.heard_hearing;
        let known = KnownAt(whole_microseconds(known.0));
        let (names, codes) = match &providers {
            Providers::All => (None, Vec::new()),
            Providers::These(names) => {
                let stored = names.iter().map(text::provider).collect::<Vec<_>>();
                (Some(stored), names.iter().filter_map(text::code).collect())
            }
        };
        let rows = self
            .rows("read what was heard", sql, &[&names, &known.0, &codes])
            .await?;
        heard::hearing(&rows, known)
    }

    async fn due(&self, on: Date, max: u32, sequence: u64) -> Result<Due, StoreError> {
        let sql = &self.0.queries.person_due;
        let sequence = i64::try_from(sequence).unwrap_or(i64::MAX);
        let rows = self
            .rows("read who is due", sql, &[&on, &i64::from(max), &sequence])
            .await?;
        heard::due(&rows)
    }
}

/// The records' keys, each once.
fn keys(records: &[RecordId]) -> Vec<String> {
    let mut keys: Vec<String> = records.iter().map(text::key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
