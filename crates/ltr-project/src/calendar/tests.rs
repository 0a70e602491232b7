use jiff::civil::date;
use ltr_domain::policy::Policy;
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::MemLog;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn told(log: &MemLog) -> Vec<(String, String)> {
    let last = log.facts(Stream::Events).await.unwrap().last_sequence;
    let mut told = Vec::new();
    for sequence in 1..=last {
        let message = log.get(Stream::Events, sequence).await.unwrap().unwrap();
        let entry = codec::decode(&message.payload).unwrap();
        told.push((message.subject, entry.recorded_at().0.to_string()));
    }
    told
}

#[tokio::test]
async fn a_simulated_log_passes_through_every_milestone_once() {
    let log = MemLog::new(ClockKind::Simulated, Timestamp::UNIX_EPOCH);
    let calendar = Policy::first().calendar;
    advance(&log, &calendar, None, at("2026-09-10T09:00:00Z"))
        .await
        .unwrap();
    advance(
        &log,
        &calendar,
        Some(at("2026-09-10T09:00:00Z")),
        at("2026-10-14T00:00:00Z"),
    )
    .await
    .unwrap();
    // The same stretch again, as by a second command.
    advance(
        &log,
        &calendar,
        Some(at("2026-09-10T09:00:00Z")),
        at("2026-10-14T00:00:00Z"),
    )
    .await
    .unwrap();
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(subject, at)| (format!("ltr.calendar.{subject}"), (*at).to_owned()))
            .collect()
    };
    assert_eq!(
        told(&log).await,
        pairs(&[
            ("heartbeat.2026", "2026-09-10T09:00:00Z"),
            ("rejected_by_default.2026", "2026-09-24T23:00:00Z"),
            ("declined_by_default.2026", "2026-09-29T23:00:00Z"),
            ("cycle_closed.2026", "2026-09-30T23:00:00Z"),
            ("apply_opens.2026", "2026-10-07T23:00:00Z"),
            ("autumn_census.2026", "2026-10-13T23:00:00Z"),
            ("heartbeat.2026", "2026-10-14T00:00:00Z"),
            ("heartbeat.2026", "2026-10-14T00:00:00Z"),
        ])
    );
}

#[tokio::test]
async fn of_those_who_publish_at_once_one_does_and_on_a_real_log_now() {
    let log = MemLog::new(ClockKind::Real, at("2026-12-01T00:00:00Z"));
    let calendar = Policy::first().calendar;
    let now = at("2026-12-20T08:00:00Z");
    let after = date(2026, 12, 1);
    let (one, two) = tokio::join!(
        publish(&log, &calendar, after, now),
        publish(&log, &calendar, after, now)
    );
    assert_eq!(one.unwrap().len() + two.unwrap().len(), 1);
    let expected = ("ltr.calendar.no_show.2026".to_owned(), now.to_string());
    assert_eq!(told(&log).await, [expected]);
}

#[tokio::test]
async fn a_log_on_which_nothing_happens_is_known_to_have_passed_the_day() {
    let log = MemLog::new(ClockKind::Real, at("2026-12-14T00:00:00Z"));
    let clock = ManualClock::at(at("2026-12-14T08:00:00Z"));
    publish_today(&log, &clock).await.unwrap();
    assert_eq!(told(&log).await, [], "an empty log has no time to pass");
    for now in [
        "2026-12-15T08:00:00Z",
        "2026-12-15T09:00:00Z",
        "2026-12-16T00:00:01Z",
    ] {
        clock.advance_to(at(now));
        publish_today(&log, &clock).await.unwrap();
    }
    let expected = [
        ("ltr.calendar.no_show.2026", "2026-12-15T08:00:00Z"),
        ("ltr.calendar.heartbeat.2026", "2026-12-16T00:00:01Z"),
    ];
    assert_eq!(
        told(&log).await,
        expected.map(|(subject, at)| (subject.to_owned(), at.to_owned()))
    );
    let simulated = MemLog::new(ClockKind::Simulated, at("2026-12-14T00:00:00Z"));
    log_heartbeat(&simulated, "2026-12-14T00:00:00Z").await;
    publish_today(&simulated, &clock).await.unwrap();
    assert_eq!(told(&simulated).await.len(), 1, "it has a time of its own");
}

async fn log_heartbeat(log: &MemLog, now: &str) {
    log.publish(Stream::Events, vec![heartbeat(at(now))])
        .await
        .unwrap();
}
