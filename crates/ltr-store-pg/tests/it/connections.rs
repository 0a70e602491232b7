//! Connections that end are made anew; many readers share few.

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_ports::store::conformance::{Place, checkpoint, numbered_batch};
use ltr_ports::store::{Committed, Effects, Store};
use ltr_store_pg::{Config, PgStore};

use crate::fixture::{client, fresh_place};

/// As the superuser that the session began as.
const END_ALL_OTHERS: &str = "
    set role none;
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread")]
async fn readers_do_not_notice_that_their_connections_were_ended() {
    let place = fresh_place().await;
    let store = place.open().await;
    store.commit(numbered_batch(None, 1)).await.unwrap();
    let operator = client(&place.url).await;
    for _ in 0..10 {
        for _ in 0..8 {
            assert_eq!(store.checkpoint().await.unwrap(), Some(checkpoint(1)));
        }
        operator.batch_execute(END_ALL_OTHERS).await.unwrap();
        let reads = (0..32).map(|_| store.people_of(vec![RecordId::new(RecordKind::TrsPerson, "0000001")]));
        for read in futures::future::join_all(reads).await {
            assert_eq!(read.unwrap().1.len(), 1);
        }
    }
}

/// A lost connection is an error of one commit, not of the next.
#[tokio::test(flavor = "multi_thread")]
async fn the_writer_comes_back_after_a_failure() {
    let place = fresh_place().await;
    let store = place.open().await;
    store.commit(numbered_batch(None, 1)).await.unwrap();
    client(&place.url)
        .await
        .batch_execute(END_ALL_OTHERS)
        .await
        .unwrap();
    let mut failures = 0;
    while store
        .commit(numbered_batch(Some(checkpoint(1)), 2))
        .await
        .is_err()
    {
        failures += 1;
        assert!(failures < 3, "it does not come back");
    }
    assert_eq!(store.checkpoint().await.unwrap(), Some(checkpoint(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_share_as_many_connections_as_they_were_given() {
    let place = fresh_place().await;
    let store = PgStore::connect(Config {
        connections: 2,
        ..Config::new(&place.url)
    })
    .await
    .unwrap();
    store.commit(Effects::nothing(None, checkpoint(1))).await.unwrap();
    for read in futures::future::join_all((0..500).map(|_| store.checkpoint())).await {
        assert_eq!(read.unwrap(), Some(checkpoint(1)));
    }
    let count = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'ltr'";
    let open: i64 = client(&place.url)
        .await
        .query_one(count, &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(open, 3, "two that read and one that writes");
}

/// Expand, then contract: a program that runs through a migration reads on.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_changes_under_a_prepared_statement_is_read_on() {
    let place = fresh_place().await;
    let store = PgStore::connect(Config {
        connections: 1,
        ..Config::new(&place.url)
    })
    .await
    .unwrap();
    store.commit(Effects::nothing(None, checkpoint(1))).await.unwrap();
    assert_eq!(store.checkpoint().await.unwrap(), Some(checkpoint(1)));
    let change = "alter table ltr.checkpoint alter column stream_created_nanoseconds type integer;
                  alter table ltr.checkpoint alter column stream_created_nanoseconds type smallint;
                  alter table ltr.checkpoint add column remark text";
    client(&place.url).await.batch_execute(change).await.unwrap();
    assert_eq!(store.checkpoint().await.unwrap(), Some(checkpoint(1)));
    let next = store
        .commit(Effects::nothing(Some(checkpoint(1)), checkpoint(2)))
        .await
        .unwrap();
    assert_eq!(next, Committed::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tells_server_role_and_version() {
    let place = fresh_place().await;
    let facts = place.open().await.doctor().await.unwrap();
    assert_eq!(
        (facts.role.as_str(), facts.schema_version),
        ("ltr_owner", ltr_store_pg::migrate::LATEST)
    );
    assert_eq!(facts.schema_latest, ltr_store_pg::migrate::LATEST);
    assert!(place.url.contains(&facts.database), "{}", facts.database);
    let major: u32 = facts.server_version.split('.').next().unwrap().parse().unwrap();
    assert!(major >= 15);
}
