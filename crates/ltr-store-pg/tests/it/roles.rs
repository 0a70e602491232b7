//! Each role can do its work with the rights it has, and no more.

use ltr_devservers::url_as;
use ltr_domain::ids::{PersonId, RecordId, RecordKind};
use ltr_ports::store::conformance::{checkpoint, effects_and_cursor_agree, known, numbered_batch};
use ltr_ports::store::{Committed, Providers, Store, StoreError};
use ltr_store_pg::{Config, PgStore, migrate};

use crate::fixture::fresh_place;

async fn open_as(url: &str, role: &str) -> PgStore {
    let store = PgStore::connect(Config::new(url_as(url, role)))
        .await
        .expect("the role may connect");
    assert_eq!(store.doctor().await.expect("the role may ask").role, role);
    store
}

#[tokio::test(flavor = "multi_thread")]
async fn the_projector_writes_and_the_service_only_reads() {
    let place = fresh_place().await;
    let project = open_as(&place.url, "ltr_project").await;
    let serve = open_as(&place.url, "ltr_serve").await;
    let mut batch = numbered_batch(None, 1);
    assert_eq!(project.commit(batch.clone()).await.unwrap(), Committed::Done);
    batch = numbered_batch(Some(checkpoint(1)), 2);
    assert_eq!(project.commit(batch.clone()).await.unwrap(), Committed::Done);

    let refused = serve.commit(numbered_batch(Some(checkpoint(2)), 3)).await;
    assert!(
        matches!(refused, Err(StoreError::Determinate { .. })),
        "{refused:?}"
    );

    assert!(effects_and_cursor_agree(&serve, 2).await);
    let record = RecordId::new(RecordKind::TrsPerson, "0000002");
    let records = serve.records_of_person(PersonId::of(&record)).await.unwrap();
    assert_eq!(records, std::slice::from_ref(&record));
    assert_eq!(
        serve
            .history_of(record.clone(), known(2))
            .await
            .unwrap()
            .unwrap()
            .entries
            .len(),
        1
    );
    assert_eq!(serve.digests(vec![PersonId::of(&record)]).await.unwrap().len(), 1);
    assert_eq!(serve.quarantine(1).await.unwrap(), []);
    assert_eq!(serve.deliveries(1).await.unwrap(), []);
    assert_eq!(serve.deliveries_by_id(vec![]).await.unwrap(), []);
    assert_eq!(serve.policies().await.unwrap(), []);
    assert_eq!(serve.people_after(None, 10).await.unwrap().len(), 2);
    assert_eq!(serve.heard(None).await.unwrap(), []);
    let nothing = serve.hearing(Providers::All, known(2)).await.unwrap();
    assert!(nothing.sweeps.is_empty());
    assert!(
        !project
            .due("2028-01-01".parse().unwrap(), 9, 2)
            .await
            .unwrap()
            .people
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_migrates() {
    let place = fresh_place().await;
    for role in ["ltr_project", "ltr_serve"] {
        assert!(migrate(&url_as(&place.url, role)).await.is_err(), "{role}");
    }
    assert_eq!(migrate(&place.url).await.unwrap().applied, Vec::<&str>::new());
}
