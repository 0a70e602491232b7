//! The same again, there and back, older rows, and rows that leave things out.

use ltr_domain::event::ChangeKind;
use ltr_domain::ids::{Feed, RecordId, RecordKind};
use ltr_domain::record::{Body, PersonalField, Stated};
use ltr_ingest::{Edge, Progress, deliver};
use ltr_ports::clock::{Clock, ManualClock};
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_proto::codec;
use ltr_proto::seal::open_values;
use serde_json::json;

use crate::fixture::*;

#[tokio::test]
async fn the_same_rows_twice_give_nothing_the_second_time() {
    let log = empty_log();
    let rows = people(3_100_001..3_100_011);
    let first = delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &rows).await;
    assert_eq!(
        (
            first.counts.rows,
            first.counts.observations,
            first.counts.unchanged
        ),
        (10, 10, 0)
    );
    assert_eq!(first.pages, 3, "ten rows in pages of four");
    let evidence = log.facts(Stream::Evidence).await.unwrap().last_sequence;

    let second = delivered(&log, &plan(Feed::TrsPersons, 2, day(2)), &rows).await;
    assert_eq!(
        (
            second.counts.rows,
            second.counts.observations,
            second.counts.unchanged
        ),
        (10, 0, 10)
    );
    assert_eq!(observations(&log).await.len(), 10);
    assert_eq!(
        log.facts(Stream::Evidence).await.unwrap().last_sequence,
        evidence,
        "no evidence of nothing"
    );
    assert_eq!(
        log.facts(Stream::Keys).await.unwrap().last_sequence,
        10,
        "keys are made once"
    );
}

#[tokio::test]
async fn t40_there_and_back_gives_exactly_two_changes() {
    let log = empty_log();
    for (n, row) in [
        (1, person(3_100_001)),
        (2, inducted(3_100_001)),
        (3, person(3_100_001)),
    ] {
        delivered(&log, &plan(Feed::TrsPersons, u128::from(n), day(n)), &[row]).await;
    }
    let seen = of_record(&log, &id(3_100_001)).await;
    assert_eq!(seen.len(), 3, "first sight and exactly two changes");
    assert_eq!(fact_names(&seen[1]), ["InductionStarted"]);
    assert_eq!(fact_names(&seen[2]), ["InductionRequired"]);
    assert_eq!(seen[0].state.body, seen[2].state.body);
}

#[tokio::test]
async fn an_older_row_is_superseded_and_an_older_equal_row_unchanged() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(5)), &[inducted(3_100_001)]).await;
    let older = delivered(&log, &plan(Feed::TrsPersons, 2, day(3)), &[person(3_100_001)]).await;
    assert_eq!((older.counts.superseded, older.counts.observations), (1, 0));
    let equal = delivered(&log, &plan(Feed::TrsPersons, 3, day(3)), &[inducted(3_100_001)]).await;
    assert_eq!((equal.counts.unchanged, equal.counts.superseded), (1, 0));
    assert_eq!(of_record(&log, &id(3_100_001)).await.len(), 1);
}

#[tokio::test]
async fn t17_a_record_told_twice_in_one_delivery_counts_once() {
    let log = empty_log();
    let rows = [person(3_100_001), inducted(3_100_001), person(3_100_001)];
    let report = delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &rows).await;
    assert_eq!(
        (
            report.counts.observations,
            report.counts.superseded,
            report.counts.unchanged
        ),
        (1, 1, 1)
    );
    let far_apart: Vec<_> = people(3_100_002..3_100_012)
        .into_iter()
        .chain([inducted(3_100_002)])
        .collect();
    let report = delivered(&log, &plan(Feed::TrsPersons, 2, day(1)), &far_apart).await;
    assert_eq!((report.counts.observations, report.counts.superseded), (10, 1));
}

#[tokio::test]
async fn what_a_row_leaves_out_stays_as_it_was() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[inducted(3_100_001)]).await;
    let mut row = person(3_100_001);
    let fields = row.as_object_mut().unwrap();
    for left_out in ["induction", "alerts", "emailAddress", "dateOfBirth", "eyts"] {
        fields.remove(left_out);
    }
    fields.insert("lastName".into(), "Byron".into());
    delivered(&log, &plan(Feed::TrsPersons, 2, day(2)), &[row]).await;

    let all = observations(&log).await;
    let (second, sealed) = &all[1];
    assert_eq!(fact_names(second), ["NameChanged"]);
    let Body::TrsPerson(person) = &second.state.body else {
        panic!("a TRS person")
    };
    assert!(matches!(&person.induction, Stated::Value(induction) if induction.start_date.is_stated()));

    let key = messages(&log, Stream::Keys).await.pop().unwrap();
    let keys = codec::decode_record_keys(&key.payload)
        .unwrap()
        .unwrap(&[kek()])
        .unwrap();
    let values = open_values(&keys, sealed).unwrap().values;
    let parts = |field| values.0[&field].value().unwrap().0.clone();
    assert_eq!(parts(PersonalField::Names), ["Ada", "", "Byron"]);
    assert_eq!(
        parts(PersonalField::DateOfBirth),
        ["1985-12-10"],
        "taken over from the blob before"
    );
    assert_eq!(
        parts(PersonalField::Email),
        ["ada.3100001@example.org"],
        "a group that no row touched"
    );
}

#[tokio::test]
async fn every_feed_goes_through() {
    let log = empty_log();
    let report = delivered(
        &log,
        &plan(Feed::RegisterTrainees, 1, day(1)),
        &[trainee("abc", "trn_received")],
    )
    .await;
    assert_eq!(report.counts.observations, 1);
    let moved = delivered(
        &log,
        &plan(Feed::RegisterTrainees, 2, day(2)),
        &[trainee("abc", "deferred")],
    )
    .await;
    assert_eq!(moved.counts.observations, 1);
    let seen = of_record(&log, &RecordId::new(RecordKind::RegisterTrainee, "abc")).await;
    assert_eq!(fact_names(&seen[1]), ["TrainingDeferred"]);
    assert!(
        seen[0]
            .events
            .iter()
            .all(|event| event.kind == ChangeKind::FirstSeen)
    );

    let vacancy =
        json!({ "identifier": "v1", "id": "7bfadb84-cf30-4121-88bd-a9f958440cc9", "job_title": "Teacher" });
    let report = delivered(&log, &plan(Feed::TvVacancies, 3, day(3)), &[vacancy]).await;
    assert_eq!(report.counts.rows, 1);
}

#[tokio::test]
async fn on_a_real_log_times_are_the_clocks() {
    let log = MemLog::new(ClockKind::Real, at("2026-09-01T00:00:00Z"));
    let (clock, kek) = (ManualClock::at(at("2026-09-20T08:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let rows = [person(3_100_001)];
    let plan = plan(Feed::TrsPersons, 1, day(1));
    deliver(&log, &edge, &config(), &plan, || items(&rows), |_| ())
        .await
        .unwrap();
    let seen = of_record(&log, &id(3_100_001)).await.remove(0);
    assert_eq!(
        (seen.recorded_at.0, seen.observed_at.0),
        (clock.now(), clock.now())
    );
    assert_eq!(seen.taken_at, day(1));
}

#[tokio::test]
async fn on_a_simulated_log_time_goes_by_the_snapshots_and_never_back() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(5)), &[person(3_100_001)]).await;
    delivered(&log, &plan(Feed::TrsPersons, 2, day(3)), &[person(3_100_002)]).await;
    let seen = of_record(&log, &id(3_100_002)).await.remove(0);
    assert_eq!(
        (seen.taken_at, seen.observed_at.0, seen.recorded_at.0),
        (day(3), day(3).0, day(5).0)
    );
}

#[tokio::test]
async fn progress_is_told_after_each_page() {
    let log = empty_log();
    let (clock, kek) = (ManualClock::at(at("2026-09-20T08:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let rows = people(3_100_001..3_100_011);
    let plan = plan(Feed::TrsPersons, 1, day(1));
    let mut told = Vec::new();
    let on_page = |progress: &Progress| told.push((progress.pages, progress.counts.rows));
    deliver(&log, &edge, &config(), &plan, || items(&rows), on_page)
        .await
        .unwrap();
    assert_eq!(told, [(1, 4), (2, 8), (3, 10)]);
}
