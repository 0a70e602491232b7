//! A bad row stops only itself, and rows that break off end nothing.

use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::Feed;
use ltr_ingest::{Config, Edge, IngestError, InputError, deliver};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::{Log, Stream};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_proto::subject::Subject;
use ltr_sources::{Defect, Row};
use serde_json::json;

use crate::fixture::*;
use crate::laws;

#[tokio::test]
async fn bad_rows_go_to_quarantine_and_the_others_go_on() {
    let log = empty_log();
    let mut rows = people(3_100_001..3_100_007);
    rows.insert(2, json!({ "trn": "123456", "lastName": "Secret" }));
    rows.insert(5, json!({ "lastName": "Secret" }));
    let report = delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &rows).await;
    assert_eq!(
        (
            report.counts.rows,
            report.counts.observations,
            report.counts.quarantined
        ),
        (8, 6, 2)
    );
    let bad = quarantine(&log).await;
    let told: Vec<_> = bad
        .iter()
        .map(|row| (row.code.as_str(), row.place.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("trn_wrong_length", "rows.ndjson line 3"),
            ("missing_trn", "rows.ndjson line 6")
        ]
    );
    assert!(
        bad.iter()
            .all(|row| row.id.len() == 32 && !row.reason.contains("Secret") && row.taken_at == Some(day(1)))
    );
    assert_ne!(bad[0].id, bad[1].id);
    laws::check(&log).await;

    delivered(&log, &plan(Feed::TrsPersons, 2, day(2)), &rows).await;
    let again = quarantine(&log).await.split_off(2);
    assert_eq!(
        again.iter().map(|row| &row.id).collect::<Vec<_>>(),
        [&bad[0].id, &bad[1].id],
        "the same names again"
    );
}

#[tokio::test]
async fn a_row_that_is_none_has_a_place_and_no_value() {
    let log = empty_log();
    let (clock, kek) = (ManualClock::at(at("2026-09-01T00:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let broken = Row {
        value: Err(Defect::new("not_json", "cannot be parsed as JSON")),
        place: "line 1".to_owned(),
    };
    let rows = || std::iter::once(Ok(("broken.ndjson".into(), broken.clone()))).chain(items(&[]));
    let report = deliver(
        &log,
        &edge,
        &config(),
        &plan(Feed::TrsPersons, 1, day(1)),
        rows,
        |_| (),
    )
    .await
    .unwrap();
    assert_eq!(report.counts.quarantined, 1);
    assert_eq!(quarantine(&log).await[0].place, "broken.ndjson line 1");
}

#[tokio::test]
async fn a_row_too_large_for_a_message_goes_to_quarantine_and_is_still_seen() {
    let log = empty_log();
    let mut large = person(3_100_002);
    large["firstName"] = json!("x".repeat(300_000));
    let report = delivered(
        &log,
        &plan(Feed::TrsPersons, 1, day(1)),
        &[person(3_100_001), large],
    )
    .await;
    assert_eq!((report.counts.observations, report.counts.quarantined), (1, 1));
    assert_eq!(quarantine(&log).await[0].code, "row_too_large");
    let page = feed_messages(&log).await.remove(1);
    assert!(
        matches!(page.step, DeliveryStep::PageRecorded(page) if page.seen == [id(3_100_001), id(3_100_002)])
    );
    laws::check(&log).await;
}

#[tokio::test]
async fn a_record_whose_last_message_or_keys_are_damaged_stops_only_itself() {
    let log = empty_log();
    let rows = people(3_100_001..3_100_004);
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &rows).await;
    let damaged = laws::last_on(&log, &Subject::Record(id(3_100_001)))
        .await
        .sequence;
    log.tamper(Stream::Events, damaged, |message| {
        message.payload = "rubbish".into()
    });
    let key = messages(&log, Stream::Keys).await.remove(1);
    log.tamper(Stream::Keys, key.sequence, |message| {
        message.payload = message.payload[..20].to_vec().into()
    });

    let rows: Vec<_> = (3_100_001..3_100_004).map(inducted).collect();
    let report = delivered(&log, &plan(Feed::TrsPersons, 2, day(2)), &rows).await;
    assert_eq!((report.counts.observations, report.counts.quarantined), (1, 2));
    let codes: Vec<_> = quarantine(&log).await.into_iter().map(|row| row.code).collect();
    assert_eq!(codes, ["previous_unreadable", "keys_unreadable"]);
}

#[tokio::test]
async fn the_wrong_key_encryption_key_stops_the_delivery_before_anything_is_concluded() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[person(3_100_001)]).await;
    let (clock, wrong) = (
        ManualClock::at(at("2026-09-01T00:00:00Z")),
        KeyEncryptionKey::new([8; 32]),
    );
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &wrong,
    };
    let rows = [inducted(3_100_001)];
    let error = deliver(
        &log,
        &edge,
        &config(),
        &plan(Feed::TrsPersons, 2, day(2)),
        || items(&rows),
        |_| (),
    )
    .await
    .unwrap_err();
    assert!(matches!(&error, IngestError::Keys { subject, .. } if subject == "ltr.key.trs.person.3100001"));
    assert_eq!(observations(&log).await.len(), 1);
}

#[tokio::test]
async fn rows_that_break_off_leave_the_delivery_open() {
    let log = empty_log();
    let (clock, kek) = (ManualClock::at(at("2026-09-01T00:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let rows = people(3_100_001..3_100_007);
    let broken = || InputError {
        file: "rows.ndjson".to_owned(),
        source: "the disk is gone".into(),
    };
    let items = || items(&rows).chain(std::iter::once_with(|| Err(broken())));
    let judged = complete(Feed::TrsPersons, 1, day(1));
    let error = deliver(&log, &edge, &config(), &judged, items, |_| ()).await;
    assert!(matches!(error, Err(IngestError::Input(_))));
    assert!(
        messages(&log, Stream::Events).await.is_empty(),
        "what is complete is judged first"
    );

    let published = plan(Feed::TrsPersons, 2, day(1));
    let error = deliver(&log, &edge, &config(), &published, items, |_| ()).await;
    assert!(matches!(error, Err(IngestError::Input(_))));
    assert_eq!(
        observations(&log).await.len(),
        4,
        "the page before the break is settled"
    );
    let last = feed_messages(&log).await.pop().unwrap();
    assert!(matches!(last.step, DeliveryStep::PageRecorded(_)));
}

#[tokio::test]
async fn a_state_of_another_mapping_is_not_compared() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[person(3_100_001)]).await;
    let (mut observation, sealed) = observations(&log).await.remove(0);
    observation.mapping_version += 1;
    let place = laws::last_on(&log, &Subject::Record(id(3_100_001)))
        .await
        .sequence;
    let payload = ltr_proto::codec::encode_observation(&observation, &sealed);
    log.tamper(Stream::Events, place, |message| message.payload = payload);
    let error = try_deliver(
        &log,
        &Config::default(),
        &plan(Feed::TrsPersons, 2, day(2)),
        &[inducted(3_100_001)],
    )
    .await;
    assert!(
        matches!(error, Err(IngestError::OtherMapping { found: 2, own: 1, .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn fields_that_the_mapping_does_not_know_are_counted_by_name() {
    let log = empty_log();
    let mut rows = people(3_100_001..3_100_003);
    for row in &mut rows {
        row["brandNew"] = json!("secret");
    }
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &rows).await;
    let DeliveryStep::PageRecorded(page) = feed_messages(&log).await.remove(1).step else {
        panic!("a page")
    };
    assert_eq!(page.unknown_fields.get("brandNew"), Some(&2));
    assert!(log.facts(Stream::Events).await.unwrap().last_sequence > 0);
}
