//! How fast batches are committed, beside what a plain multi-row upsert of the same people takes, in one run.
//!
//! `cargo run --release -p ltr-store-pg --example commit_rate`, with or without `LTR_DATABASE_URL`.

#![expect(clippy::print_stdout, reason = "the measurement is its output")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use ltr_devservers::{Options, PostgresServer};
use ltr_domain::ids::{PersonId, RecordId, RecordKind};
use ltr_domain::time::KnownAt;
use ltr_ports::store::{
    ChangeRow, Checkpoint, Committed, Effects, HistoryEntry, Membership, PersonRow, Store,
};
use ltr_store_pg::{Config, PgStore, migrate};
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

/// Observations in a batch, each of a person of its own.
const BATCH: u64 = 1_000;
/// Batches measured of each kind.
const ROUNDS: u64 = 20;
const VIEW_BYTES: usize = 2_000;
const PAYLOAD_BYTES: usize = 1_500;

const PLAIN_TABLE: &str = "
    create table plain (
        person uuid primary key, sequence bigint not null, review_on date, trn text, stage text not null,
        phase text not null, certainty text not null, digest bytea not null, view bytea not null, sealed bytea not null
    );
    do $$
    begin
        alter table plain alter column view set compression lz4;
    exception
        when feature_not_supported then null;
    end
    $$";
const PLAIN_UPSERT: &str = "
    insert into plain
    select
        unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::date[]), unnest($4::text[]), unnest($5::text[]),
        unnest($6::text[]), unnest($7::text[]), unnest($8::bytea[]), unnest($9::bytea[]), unnest($10::bytea[])
    on conflict (person) do update
    set
        sequence = excluded.sequence, review_on = excluded.review_on, trn = excluded.trn, stage = excluded.stage,
        phase = excluded.phase, certainty = excluded.certainty, digest = excluded.digest, view = excluded.view,
        sealed = excluded.sealed";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = PostgresServer::start(&Options::in_workspace()).await?;
    let url = server.fresh_database("rate").await?;
    migrate(&url).await?;
    let store = PgStore::connect(Config::new(&url)).await?;
    let (plain, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    plain
        .batch_execute("create schema plain; set search_path to plain")
        .await?;
    plain.batch_execute(PLAIN_TABLE).await?;
    let plain_upsert = plain.prepare(PLAIN_UPSERT).await?;
    println!(
        "PostgreSQL {}, {BATCH} rows a batch, {ROUNDS} batches each",
        store.doctor().await?.server_version
    );

    let mut at = None;
    let mut sequence = 0;
    // The first pass makes everybody, the others change everybody: an observation more on each record.
    for pass in 0..4 {
        let (mut commits, mut upserts) = (Vec::new(), Vec::new());
        let (mut commit_wal, mut upsert_wal) = (0, 0);
        for round in 0..ROUNDS {
            let effects = batch(at, sequence, round, pass == 0);
            let (to, people) = (effects.to, effects.people.clone());
            let (began_at, wal) = (Instant::now(), wal(&plain).await?);
            assert_eq!(store.commit(effects).await?, Committed::Done);
            commits.push(began_at.elapsed());
            let after = wal_since(&plain, wal).await?;
            commit_wal += after;

            let (began_at, wal) = (Instant::now(), self::wal(&plain).await?);
            upsert(&plain, &plain_upsert, &people).await?;
            upserts.push(began_at.elapsed());
            upsert_wal += wal_since(&plain, wal).await?;
            (at, sequence) = (Some(to), to.sequence);
        }
        let (commit, upsert) = (rate(&mut commits), rate(&mut upserts));
        let name = if pass == 0 {
            "first observations".to_owned()
        } else {
            format!("observation {}", pass + 1)
        };
        println!(
            "{name:>18}: commit {commit:>7.0}/s, WAL {:>5} B each; plain upsert {upsert:>7.0}/s, WAL {:>5} B each; ratio {:.2}",
            commit_wal / i64::try_from(BATCH * ROUNDS)?,
            upsert_wal / i64::try_from(BATCH * ROUNDS)?,
            commit / upsert,
        );
    }
    server.stop().await;
    Ok(())
}

/// Rows a second, by the median batch.
fn rate(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    let median = times[times.len() / 2].as_secs_f64();
    let rows = u32::try_from(BATCH).map_or(0.0, f64::from);
    rows / median
}

async fn wal(client: &Client) -> Result<String, tokio_postgres::Error> {
    let row = client
        .query_one("select pg_current_wal_insert_lsn()::text", &[])
        .await?;
    row.try_get(0)
}

async fn wal_since(client: &Client, lsn: String) -> Result<i64, tokio_postgres::Error> {
    let sql = "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::text::pg_lsn)::bigint";
    client.query_one(sql, &[&lsn]).await?.try_get(0)
}

fn batch(from: Option<Checkpoint>, after: u64, round: u64, is_first: bool) -> Effects {
    let start = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 56);
    let known =
        |sequence: u64| KnownAt(start + SignedDuration::from_millis(i64::try_from(sequence).unwrap_or(0)));
    let to = Checkpoint {
        stream_created_at: start,
        sequence: after + BATCH,
        running_digest: [7; 32],
        known_at: known(after + BATCH),
        policy: Default::default(),
    };
    let mut effects = Effects::nothing(from, to);
    for number in 1..=BATCH {
        let sequence = after + number;
        let record = RecordId::new(RecordKind::TrsPerson, format!("{:07}", round * BATCH + number));
        let person = PersonId::of(&record);
        let row = row(person, sequence);
        effects.history.push(HistoryEntry {
            record: record.clone(),
            sequence,
            known_at: known(sequence),
            payload: bytes(person, sequence, PAYLOAD_BYTES),
        });
        if is_first {
            let known_from = known(sequence);
            effects.opened.push(Membership {
                record,
                person,
                known_from,
                known_to: None,
                strength: None,
            });
        }
        effects.changes.push(ChangeRow {
            sequence,
            ordinal: 0,
            person,
            digest: row.digest,
            known_at: known(sequence),
        });
        effects.people.push(row);
    }
    effects
}

fn row(person: PersonId, sequence: u64) -> PersonRow {
    PersonRow {
        person,
        trn: None,
        stage: "in_training".to_owned(),
        phase: "training".to_owned(),
        certainty: "confirmed".to_owned(),
        review_on: None,
        digest: [u8::try_from(sequence % 251).unwrap_or(0); 32],
        sequence,
        view: bytes(person, sequence, VIEW_BYTES),
        sealed: Bytes::new(),
        awaits: None,
    }
}

/// Half words that come again in every row, half bytes that do not, as a protobuf with sealed values has.
fn bytes(person: PersonId, sequence: u64, length: usize) -> Bytes {
    let words = b"register trainee course provider 10000571 placement confirmed "
        .iter()
        .copied()
        .cycle();
    let mut noise = Vec::new();
    for number in 0..length.div_ceil(32) {
        let name = format!("{sequence} {number}");
        noise.extend_from_slice(Uuid::new_v5(&person.0, name.as_bytes()).as_bytes());
    }
    words.take(length / 2).chain(noise).take(length).collect()
}

async fn upsert(
    client: &Client,
    statement: &Statement,
    people: &[PersonRow],
) -> Result<(), tokio_postgres::Error> {
    fn column<'a, T>(people: &'a [PersonRow], value: impl Fn(&'a PersonRow) -> T) -> Vec<T> {
        people.iter().map(value).collect()
    }
    client
        .execute(
            statement,
            &[
                &column(people, |row| row.person.0),
                &column(people, |row| i64::try_from(row.sequence).unwrap_or(0)),
                &column(people, |row| row.review_on),
                &column(people, |row| row.trn.as_ref().map(|trn| trn.as_str())),
                &column(people, |row| &row.stage[..]),
                &column(people, |row| &row.phase[..]),
                &column(people, |row| &row.certainty[..]),
                &column(people, |row| &row.digest[..]),
                &column(people, |row| &row.view[..]),
                &column(people, |row| &row.sealed[..]),
            ],
        )
        .await?;
    Ok(())
}
