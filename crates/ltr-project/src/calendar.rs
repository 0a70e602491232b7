//! The calendar on the log: each milestone of the academic year is told once, by whoever comes first. A message changes
//! nothing by itself; it lets an idle log be known to have passed the day.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::calendar::{Reached, days_after, reached_between};
use ltr_domain::policy::Silence;
use ltr_domain::time::{RecordedAt, london_date, start_of_london_day};
use ltr_ports::clock::Clock;
use ltr_ports::log::{ClockKind, Log, LogError, NewMessage, Published, Stream};
use ltr_proto::codec::{self, CalendarMilestone};
use ltr_proto::subject::Subject;

/// How long to wait after a log that cannot be written.
const RETRY_AFTER: Duration = Duration::from_secs(60);

/// Publishes the milestones after one day, up to and including that of `until`, which nobody has published yet; in
/// order. Returns those published here. In a simulated log time passes through each; in a real one it is `until`.
///
/// # Errors
///
/// A log that cannot be read or written. What was published stays, and is not published again.
pub async fn publish<L: Log>(
    log: &L,
    silence: &Silence,
    after: Date,
    until: Timestamp,
) -> Result<Vec<Reached>, LogError> {
    let reached = reached_between(after, london_date(until), silence);
    if reached.is_empty() {
        return Ok(Vec::new());
    }
    let clock = log.facts(Stream::Events).await?.clock;
    let by_subject: BTreeMap<String, Reached> = reached
        .iter()
        .map(|one| (subject(one).to_string(), *one))
        .collect();
    let told = log
        .last_of(Stream::Events, by_subject.into_keys().collect())
        .await?;
    let mut published = Vec::new();
    for one in reached {
        let subject = subject(&one).to_string();
        if told.contains_key(&subject) {
            continue;
        }
        let recorded_at = match clock {
            ClockKind::Real => until,
            ClockKind::Simulated => start_of_london_day(one.on),
        };
        let message = NewMessage {
            subject,
            payload: codec::encode_calendar_milestone(&CalendarMilestone {
                milestone: one.milestone.token().to_owned(),
                year: one.year,
                on: one.on,
                recorded_at: RecordedAt(recorded_at),
            }),
            // Nobody has told it: of two who try, one is refused.
            expected_last: Some(0),
        };
        match log.publish(Stream::Events, vec![message]).await? {
            Published::Stored { .. } => published.push(one),
            Published::Refused => {}
        }
    }
    Ok(published)
}

/// Moves the time of a simulated log on to `to`: through every milestone on the way, and to a heartbeat at its end.
/// `from` is the log's time; `None`: it is empty, and nothing was passed.
///
/// # Errors
///
/// A log that cannot be read or written.
pub async fn advance<L: Log>(
    log: &L,
    silence: &Silence,
    from: Option<Timestamp>,
    to: Timestamp,
) -> Result<Vec<Reached>, LogError> {
    let passed = match from {
        Some(from) => publish(log, silence, london_date(from), to).await?,
        None => Vec::new(),
    };
    log.publish(Stream::Events, vec![heartbeat(to)]).await?;
    Ok(passed)
}

fn heartbeat(at: Timestamp) -> NewMessage {
    NewMessage {
        subject: Subject::heartbeat(london_date(at).year()).to_string(),
        payload: codec::encode_heartbeat(at, RecordedAt(at)),
        expected_last: None,
    }
}

/// Publishes milestones as they are reached, for ever: those since the log began, and from then on each day's; and a
/// heartbeat on a day that nothing has told of yet, so that an idle log is known to have passed midnight. A simulated
/// log has a time of its own, and is left alone.
pub async fn keep<L: Log>(log: &L, silence: &Silence, clock: &dyn Clock) -> std::convert::Infallible {
    loop {
        let wait = match publish_today(log, silence, clock).await {
            Ok(()) => until_tomorrow(clock.now()),
            Err(error) => {
                tracing::warn!(%error, "milestones could not be published; trying again");
                RETRY_AFTER
            }
        };
        tokio::time::sleep(wait).await;
    }
}

async fn publish_today<L: Log>(log: &L, silence: &Silence, clock: &dyn Clock) -> Result<(), LogError> {
    let facts = log.facts(Stream::Events).await?;
    if facts.clock == ClockKind::Simulated {
        return Ok(());
    }
    for one in publish(log, silence, london_date(facts.created_at), clock.now()).await? {
        tracing::info!(
            milestone = one.milestone.token(),
            year = one.year,
            "a milestone is reached"
        );
    }
    let last = log.facts(Stream::Events).await?.last_sequence;
    let Some(last) = log.get(Stream::Events, last).await? else {
        return Ok(());
    };
    let now = clock.now();
    let is_told =
        codec::decode(&last.payload).is_ok_and(|entry| entry.recorded_at().london_date() >= london_date(now));
    if !is_told {
        log.publish(Stream::Events, vec![heartbeat(now)]).await?;
    }
    Ok(())
}

/// Until the next day has begun in London.
fn until_tomorrow(now: Timestamp) -> Duration {
    let tomorrow = start_of_london_day(days_after(london_date(now), 1));
    Duration::try_from(now.duration_until(tomorrow)).unwrap_or(RETRY_AFTER)
}

fn subject(reached: &Reached) -> Subject {
    Subject::Calendar {
        milestone: reached.milestone.token().to_owned(),
        year: reached.year,
    }
}

#[cfg(test)]
mod tests;
