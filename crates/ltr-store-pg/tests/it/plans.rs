//! The statements the service asks most are answered from indexes, from one generation, however large the tables are.

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_ports::store::Store;
use ltr_ports::store::conformance::Place;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::fixture::{client, fresh_place};

const FILL: &str = "
    insert into ltr.checkpoint values (1, now(), 0, 1, '\\x00', now());
    insert into ltr.membership
    select 'trs/person/' || lpad(n::text, 7, '0'), md5(n::text)::uuid, now(), null, null from generate_series(1, 20000) as n;
    insert into ltr.person
    select 1, md5(n::text)::uuid, n, null, null, 's', 'p', 'c', '\\x00', '\\x00', '\\x00' from generate_series(1, 20000) as n;
    insert into ltr.record_history
    select 'trs/person/' || lpad(n::text, 7, '0'), 0, 1, n, n, '\\x00' from generate_series(1, 20000) as n;
    insert into ltr.change
    select 1, n, 0, n, now(), array[n], array[0], array[md5(n::text)::uuid], array['\\x00'::bytea], array[now()]
    from generate_series(1, 20000) as n;
    create table ltr.person_2 partition of ltr.person for values in (2);
    insert into ltr.person select 2, person, sequence, null, null, 's', 'p', 'c', '\\x00', '\\x00', '\\x00' from ltr.person;
    analyze;
";

async fn check(client: &Client, file: &str, sql: &str, parameters: &str) {
    let types = if parameters.contains("timestamptz") {
        "(text, timestamptz)"
    } else {
        ""
    };
    let sql = sql.replace(":generation", "1");
    let explain = format!(
        "set plan_cache_mode = force_generic_plan; deallocate all; prepare asked {types} as {sql};
         explain execute asked ({parameters})"
    );
    let rows = client
        .simple_query(&explain)
        .await
        .expect("the statement can be prepared");
    let plan: Vec<String> = rows
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0)?.to_owned()),
            SimpleQueryMessage::CommandComplete(_) | _ => None,
        })
        .collect();
    let plan = plan.join("\n");
    for table in ["membership", "person_1", "record_history", "change_1"] {
        assert!(
            !plan.contains(&format!("Seq Scan on {table}")),
            "{file} reads all of {table}:\n{plan}"
        );
    }
    assert!(plan.contains("Index"), "{file}:\n{plan}");
    assert!(
        !plan.contains("person_2"),
        "{file} looks into another generation:\n{plan}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hot_read_scans_a_table() {
    let place = fresh_place().await;
    let client = &client(&place.url).await;
    client.batch_execute(FILL).await.unwrap();
    let one = "array['trs/person/0000001']";
    check(
        client,
        "person/read",
        include_str!("../../queries/person/read.sql"),
        one,
    )
    .await;
    check(
        client,
        "membership/present",
        include_str!("../../queries/membership/present.sql"),
        one,
    )
    .await;
    check(
        client,
        "history/read",
        include_str!("../../queries/history/read.sql"),
        one,
    )
    .await;
    check(
        client,
        "history/tails",
        include_str!("../../queries/history/tails.sql"),
        one,
    )
    .await;
    let at = "'trs/person/0000001', timestamptz '2026-09-01'";
    check(
        client,
        "history/as_of",
        include_str!("../../queries/history/as_of.sql"),
        at,
    )
    .await;
    check(
        client,
        "membership/ever",
        include_str!("../../queries/membership/ever.sql"),
        one,
    )
    .await;
    let person = "md5('1')::uuid";
    check(
        client,
        "membership/of_person",
        include_str!("../../queries/membership/of_person.sql"),
        person,
    )
    .await;
    check(
        client,
        "person/digests",
        include_str!("../../queries/person/digests.sql"),
        "array[md5('1')::uuid]",
    )
    .await;
    check(
        client,
        "membership/people_after",
        include_str!("../../queries/membership/people_after.sql"),
        "md5('1')::uuid, 100",
    )
    .await;
    check(
        client,
        "person/due",
        include_str!("../../queries/person/due.sql"),
        "date '2026-12-15', 200, 1",
    )
    .await;
    check(
        client,
        "heard/make_due",
        include_str!("../../queries/heard/make_due.sql"),
        "array['name:Example'], date '2026-12-15'",
    )
    .await;
}

/// What is stored and cannot be read is named, without its contents.
#[tokio::test(flavor = "multi_thread")]
async fn unreadable_rows_are_named_by_table_column_and_row() {
    let place = fresh_place().await;
    client(&place.url).await.batch_execute(FILL).await.unwrap();
    let store = place.open().await;
    let record = RecordId::new(RecordKind::TrsPerson, "0000001");
    let told = |error: ltr_ports::store::StoreError| error.to_string();
    assert_eq!(
        told(store.history(vec![record.clone()]).await.unwrap_err()),
        "cannot read record_history.data of trs/person/0000001"
    );
    assert_eq!(
        told(store.people_of(vec![record]).await.unwrap_err()),
        "cannot read person.digest of c4ca4238-a0b9-2382-0dcc-509a6f75849b"
    );
    assert_eq!(
        told(store.checkpoint().await.unwrap_err()),
        "cannot read checkpoint.running_digest of a row without a readable key"
    );
}
