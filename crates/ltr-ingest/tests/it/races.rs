//! Two workers on one feed, lost acknowledgements, lost races.

use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::Feed;
use ltr_ingest::{Config, IngestError, feed_tail};
use ltr_ports::log::faulty::{Fault, FaultyLog};
use ltr_ports::log::{Log, Stream};

use crate::fixture::*;
use crate::laws;
use crate::unruly::Unruly;

#[tokio::test]
async fn a_change_within_two_neighbouring_pages_is_seen() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[person(3_100_001)]).await;
    // The second row of the record is read while the page of the first is on its way: compared with what the log said
    // then, it would look unchanged.
    let mut rows = vec![inducted(3_100_001)];
    rows.extend(people(3_100_002..3_100_005));
    rows.push(person(3_100_001));
    let report = delivered(&Unruly::new(log), &plan(Feed::TrsPersons, 2, day(2)), &rows).await;
    assert_eq!((report.counts.superseded, report.counts.unchanged), (1, 0));
}

#[tokio::test]
async fn a_page_is_decided_again_if_another_worker_got_in_after_it_was_compared() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[person(3_100_009)]).await;
    // Our second page is compared while the first is on its way, and finds nothing new. Then the other worker tells of
    // a change in a snapshot older than ours: by ours it was undone.
    let other = plan(Feed::TrsPersons, 2, day(2));
    let unruly = Unruly::interrupted_by(log.clone(), other, vec![inducted(3_100_009)]);
    let mut rows = people(3_100_001..3_100_005);
    rows.push(person(3_100_009));
    let report = delivered(&unruly, &plan(Feed::TrsPersons, 3, day(3)), &rows).await;
    assert_eq!((report.counts.observations, report.counts.unchanged), (5, 0));
    let seen = of_record(&log, &id(3_100_009)).await;
    assert_eq!(
        seen.iter()
            .map(|observation| observation.taken_at)
            .collect::<Vec<_>>(),
        [day(1), day(2), day(3)]
    );
    laws::check(&log).await;
}

/// Two workers deliver overlapping people, the second one's snapshot being a day newer, while publishing goes wrong.
async fn two_workers(seed: u64, faults_per_thousand: u64) {
    let log = empty_log();
    let unruly = Unruly::new(FaultyLog::seeded(log.clone(), seed, faults_per_thousand));
    let patient = Config {
        failures_max: 100,
        ..config()
    };
    let (first, second) = (
        plan(Feed::TrsPersons, 1, day(1)),
        plan(Feed::TrsPersons, 2, day(2)),
    );
    let older = people(3_100_001..3_100_031);
    let newer: Vec<_> = (3_100_011..3_100_041).rev().map(inducted).collect();
    let (one, two) = tokio::join!(
        try_deliver(&unruly, &patient, &first, &older),
        try_deliver(&unruly, &patient, &second, &newer),
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    laws::check(&log).await;

    for trn in 3_100_001..3_100_041 {
        let seen = of_record(&log, &id(trn)).await;
        let (is_old, is_new) = (trn < 3_100_031, trn >= 3_100_011);
        match (is_old, is_new) {
            (true, true) => assert!(
                (1..=2).contains(&seen.len()),
                "{trn} was observed {} times",
                seen.len()
            ),
            _ => assert_eq!(seen.len(), 1, "{trn}"),
        }
        let newest = seen.last().unwrap();
        assert_eq!(
            newest.taken_at,
            if is_new { day(2) } else { day(1) },
            "the newer snapshot wins"
        );
    }
    let mut seen_in_pages = 0;
    for message in feed_messages(&log).await {
        if let DeliveryStep::PageRecorded(page) = message.step {
            seen_in_pages += page.seen.len();
        }
    }
    assert_eq!(seen_in_pages, 60, "no row is lost, none is told twice");
    assert_eq!(one.counts.rows + two.counts.rows, 60);
    let told = one.counts.observations + two.counts.observations;
    assert_eq!(observations(&log).await.len() as u64, told);
    assert_eq!(one.counts.unchanged + two.counts.unchanged, 0);
    assert_eq!(one.counts.superseded + told, 60);
}

#[tokio::test]
async fn two_workers_on_one_feed_lose_and_double_nothing() {
    two_workers(0, 0).await;
}

#[tokio::test]
async fn two_workers_lose_and_double_nothing_when_publishing_goes_wrong() {
    for seed in 1..40 {
        two_workers(seed, 200).await;
    }
}

#[tokio::test]
async fn a_lost_acknowledgement_is_settled_by_reading() {
    for place in 0..4 {
        let log = empty_log();
        let mut faults = vec![None; place];
        faults.push(Some(Fault::LostAcknowledgement));
        let faulty = FaultyLog::scripted(log.clone(), faults).only_on(Stream::Events);
        let report = delivered(
            &faulty,
            &plan(Feed::TrsPersons, 1, day(1)),
            &people(3_100_001..3_100_009),
        )
        .await;
        laws::check(&log).await;
        assert_eq!((report.counts.observations, report.pages), (8, 2));
        assert_eq!(observations(&log).await.len(), 8);
        let steps = feed_messages(&log).await;
        assert_eq!(steps.len(), 4, "opened, two pages, closed: each once");
        assert_eq!(
            report.sequences,
            Some((1, log.facts(Stream::Events).await.unwrap().last_sequence))
        );
    }
}

#[tokio::test]
async fn lost_acknowledgements_of_keys_and_evidence_do_no_harm() {
    for stream in [Stream::Keys, Stream::Evidence] {
        for fault in [
            Fault::LostAcknowledgement,
            Fault::LostRequest,
            Fault::Failed,
            Fault::Refused,
        ] {
            let log = empty_log();
            let faulty = FaultyLog::scripted(log.clone(), [Some(fault)]).only_on(stream);
            let report = delivered(
                &faulty,
                &plan(Feed::TrsPersons, 1, day(1)),
                &people(3_100_001..3_100_004),
            )
            .await;
            assert_eq!(report.counts.observations, 3, "{stream} {fault:?}");
            laws::check(&log).await;
            let again = delivered(
                &log,
                &plan(Feed::TrsPersons, 2, day(2)),
                &people(3_100_001..3_100_004),
            )
            .await;
            assert_eq!(
                again.counts.unchanged, 3,
                "the keys of the digests are the keys on the log"
            );
        }
    }
}

#[tokio::test]
async fn a_refused_page_is_tried_again_and_then_in_halves() {
    let log = empty_log();
    let unruly = Unruly::refusing_beyond(log.clone(), 2);
    let report = delivered(
        &unruly,
        &plan(Feed::TrsPersons, 1, day(1)),
        &people(3_100_001..3_100_005),
    )
    .await;
    let batches = unruly.tried.lock().unwrap().clone();
    // Opened; four rows three times; two rows three times; single rows; the other two likewise; closed.
    assert_eq!(batches, [1, 5, 5, 5, 3, 3, 3, 2, 2, 3, 3, 3, 2, 2, 1]);
    assert_eq!(
        (report.pages, report.counts.rows, report.counts.observations),
        (4, 4, 4)
    );
    laws::check(&log).await;
}

#[tokio::test]
async fn a_page_that_is_refused_for_ever_is_given_up() {
    let log = empty_log();
    let unruly = Unruly::refusing_beyond(log.clone(), 1);
    let error = try_deliver(
        &unruly,
        &config(),
        &plan(Feed::TrsPersons, 1, day(1)),
        &[person(3_100_001)],
    )
    .await;
    let Err(IngestError::Page {
        page: 1,
        place,
        source,
        ..
    }) = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(place, "rows.ndjson line 1");
    assert!(matches!(*source, IngestError::Contended { .. }));
    assert!(observations(&log).await.is_empty());
}

#[tokio::test]
async fn a_log_that_fails_for_ever_ends_the_delivery() {
    let log = empty_log();
    let faulty = FaultyLog::scripted(log.clone(), vec![Some(Fault::Failed); 100]).only_on(Stream::Events);
    let error = try_deliver(
        &faulty,
        &config(),
        &plan(Feed::TrsPersons, 1, day(1)),
        &[person(3_100_001)],
    )
    .await;
    assert!(matches!(error, Err(IngestError::Log { .. })), "{error:?}");
}

#[tokio::test]
async fn the_tail_of_a_feed_is_its_last_step() {
    let log = empty_log();
    assert_eq!(feed_tail(&log, Feed::TrsPersons).await.unwrap(), None);
    delivered(
        &log,
        &plan(Feed::TrsPersons, 1, day(1)),
        &people(3_100_001..3_100_003),
    )
    .await;
    delivered(
        &log,
        &plan(Feed::RegisterTrainees, 2, day(1)),
        &[trainee("abc", "trn_received")],
    )
    .await;
    let tail = feed_tail(&log, Feed::TrsPersons).await.unwrap().unwrap();
    assert_eq!(tail.place.sequence, 5, "opened, two people, a page, closed");
    assert!(matches!(tail.message.step, DeliveryStep::Closed { counts, .. } if counts.rows == 2));
    let page = feed_messages(&log).await.remove(1);
    assert!(matches!(page.step, DeliveryStep::PageRecorded(page) if page.cursor == "rows.ndjson line 2"));
}
