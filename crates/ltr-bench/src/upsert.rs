//! W1, the limit: the rows of the same distinct people in the same batches, each batch one multi-row upsert and
//! transaction, into a plain table with a primary key and nothing else.

use std::time::{Duration, Instant};

use anyhow::ensure;
use ltr_ports::store::PersonRow;
use ltr_proto::digest::content_digest;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};

/// As the store's own table has it, but for generation and partition.
const TABLE: &str = "
    create table public.plain (
        person uuid primary key, sequence bigint not null, review_on date, trn text, stage text not null,
        phase text not null, certainty text not null, digest bytea not null, view bytea not null,
        sealed bytea not null
    );
    do $$
    begin
        alter table public.plain alter column view set compression lz4, alter column sealed set compression lz4;
    exception
        when feature_not_supported then null;
    end
    $$;
    create table public.plain_padded (like public.plain including all)";

const UPSERT: &str = "
    insert into public.:table
    select * from unnest(
        $1::uuid[], $2::bigint[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::bytea[],
        $10::bytea[])
    on conflict (person) do update
    set
        sequence = excluded.sequence, review_on = excluded.review_on, trn = excluded.trn, stage = excluded.stage,
        phase = excluded.phase, certainty = excluded.certainty, digest = excluded.digest, view = excluded.view,
        sealed = excluded.sealed";

/// How large a view the design reckons with, in bytes.
const VIEW_BYTES: usize = 2_000;

/// Has the server write everything out, and set aside the files of its write-ahead log for use again: as one that has
/// been running for a while, and both sides of a comparison alike.
pub(crate) async fn checkpoint(superuser: &str) -> anyhow::Result<()> {
    let (client, connection) = tokio_postgres::connect(superuser, NoTls).await?;
    tokio::spawn(connection);
    Ok(client.batch_execute("checkpoint").await?)
}

/// A connection to a database, and what it tells of the server.
pub(crate) struct Plain {
    client: Client,
    as_they_are: Statement,
    padded: Statement,
}

/// Which of the tables is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// For rows as the projector writes them.
    AsTheyAre,
    /// For rows with larger views.
    Padded,
}

/// The same rows with views of two kilobytes: what is missing are words, as in a view, and bytes that do not compress,
/// as digests are.
pub(crate) fn padded(batches: &[Vec<PersonRow>]) -> Vec<Vec<PersonRow>> {
    let pad = |row: &PersonRow| {
        let mut view = row.view.to_vec();
        let mut digest = row.digest;
        while view.len() < VIEW_BYTES {
            digest = content_digest(&digest);
            view.extend_from_slice(&digest);
            view.extend_from_slice(b"in_training confirmed register t");
        }
        view.truncate(VIEW_BYTES.max(row.view.len()));
        PersonRow {
            view: view.into(),
            ..row.clone()
        }
    };
    batches
        .iter()
        .map(|people| people.iter().map(pad).collect())
        .collect()
}

impl Plain {
    /// Connects and makes the tables.
    pub(crate) async fn connect(database: &str) -> anyhow::Result<Self> {
        let (client, connection) = tokio_postgres::connect(database, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(TABLE).await?;
        let as_they_are = client.prepare(&UPSERT.replace(":table", "plain")).await?;
        let padded = client.prepare(&UPSERT.replace(":table", "plain_padded")).await?;
        Ok(Self {
            client,
            as_they_are,
            padded,
        })
    }

    /// Writes every batch.
    pub(crate) async fn write(&self, table: Table, batches: &[Vec<PersonRow>]) -> anyhow::Result<Duration> {
        let upsert = match table {
            Table::AsTheyAre => &self.as_they_are,
            Table::Padded => &self.padded,
        };
        let began = Instant::now();
        for people in batches.iter().filter(|people| !people.is_empty()) {
            let written = self.write_one(upsert, people).await?;
            ensure!(written == people.len() as u64, "every row of a batch is written");
        }
        Ok(began.elapsed())
    }

    async fn write_one(
        &self,
        upsert: &Statement,
        people: &[PersonRow],
    ) -> Result<u64, tokio_postgres::Error> {
        let columns: [&(dyn ToSql + Sync); 10] = [
            &column(people, |row| row.person.0),
            &column(people, |row| i64::try_from(row.sequence).unwrap_or(i64::MAX)),
            &column(people, |row| row.review_on),
            &column(people, |row| row.trn.as_ref().map(|trn| trn.as_str())),
            &column(people, |row| &row.stage[..]),
            &column(people, |row| &row.phase[..]),
            &column(people, |row| &row.certainty[..]),
            &column(people, |row| &row.digest[..]),
            &column(people, |row| &row.view[..]),
            &column(people, |row| &row.sealed[..]),
        ];
        self.client.execute(upsert, &columns).await
    }

    /// Where the server's write-ahead log ends, in bytes.
    pub(crate) async fn wal_bytes(&self) -> anyhow::Result<i64> {
        let sql = "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint";
        Ok(self.client.query_one(sql, &[]).await?.try_get(0)?)
    }
}

fn column<'a, T>(people: &'a [PersonRow], value: impl Fn(&'a PersonRow) -> T) -> Vec<T> {
    people.iter().map(value).collect()
}
