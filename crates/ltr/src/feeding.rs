//! Feeds and deliveries in tables, in sentences, as JSON and as metrics.

use jiff::Timestamp;
use ltr_domain::ids::Feed;
use ltr_proto::record::{Delivery, DeliveryRuling, FeedStatus, HeldEvidence, ScopeBound};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::output;
use crate::render::instant;
use crate::words;

/// The feed of that name, such as `register/trainees`; of a wrong name, what the right ones are.
pub(crate) fn feed_named(name: &str) -> anyhow::Result<Feed> {
    let found = name
        .split_once('/')
        .and_then(|(source, feed)| Feed::from_tokens(source, feed));
    found.ok_or_else(|| {
        let feeds = Feed::ALL.map(|feed| feed.to_string()).join(", ");
        Failure::Usage(format!("there is no feed {name}; the feeds are: {feeds}")).into()
    })
}

/// Deliveries, for a terminal.
pub(crate) fn deliveries(deliveries: &[Delivery]) -> String {
    let row = |delivery: &Delivery| {
        let held = delivery.held.as_ref();
        let causes = held.map(|held| {
            let causes = held.reasons.iter().map(|reason| reason.cause.as_str());
            format!(" ({})", causes.collect::<Vec<_>>().join(", "))
        });
        vec![
            delivery.id.clone(),
            delivery.feed.clone(),
            scope(&delivery.scope),
            minute(delivery.opened_at.as_ref()),
            delivery.rows.to_string(),
            format!("{}{}", delivery.state, causes.unwrap_or_default()),
        ]
    };
    let rows: Vec<_> = deliveries.iter().map(row).collect();
    output::table(&["delivery", "feed", "scope", "known", "rows", "state"], &rows)
}

/// One delivery, for a terminal.
pub(crate) fn delivery(delivery: &Delivery) -> String {
    let whole = if delivery.complete { "complete" } else { "partial" };
    let mut rows = vec![
        vec!["delivery".to_owned(), delivery.id.clone()],
        vec!["feed".to_owned(), format!("{}, {whole}", delivery.feed)],
        vec!["scope".to_owned(), scope(&delivery.scope)],
        vec!["state".to_owned(), delivery.state.clone()],
        vec!["taken".to_owned(), minute(delivery.taken_at.as_ref())],
        vec!["known".to_owned(), minute(delivery.opened_at.as_ref())],
        vec!["rows".to_owned(), delivery.rows.to_string()],
    ];
    match &delivery.held {
        None => rows.push(vec![
            "published".to_owned(),
            format!(
                "{} observations, {} rows in quarantine",
                delivery.observations, delivery.quarantined
            ),
        ]),
        Some(held) => rows.extend(told_of_held(&delivery.id, &delivery.state, held)),
    }
    let lines = rows.iter().map(|row| format!("{:<10} {}", row[0], row[1]));
    lines.collect::<Vec<_>>().join("\n")
}

fn told_of_held(id: &str, state: &str, held: &HeldEvidence) -> Vec<Vec<String>> {
    let expected = match held.expected {
        Some(expected) => format!("beside {expected} records in the one before it"),
        None => "the first of its scope".to_owned(),
    };
    let mut rows = vec![vec![
        "would".to_owned(),
        format!(
            "add {}, change {}, miss {}, set aside {}; {expected}",
            held.added, held.changed, held.absent, held.quarantined
        ),
    ]];
    rows.extend(
        held.reasons
            .iter()
            .map(|reason| vec!["held as".to_owned(), reason.text.clone()]),
    );
    if let Some(ruling) = &held.ruling {
        rows.push(vec!["decided".to_owned(), told_of_ruling(ruling)]);
    }
    if state == "held" {
        let to_do = format!("ltr delivery approve {id} | reject {id}, with --actor and --reason");
        rows.push(vec!["to do".to_owned(), to_do]);
    }
    rows
}

fn told_of_ruling(ruling: &DeliveryRuling) -> String {
    let DeliveryRuling {
        decision,
        actor,
        reason,
        decided_at,
    } = ruling;
    format!(
        "{decision} by {actor}: {reason} ({})",
        minute(decided_at.as_ref())
    )
}

/// Feeds, for a terminal of 100 columns.
pub(crate) fn feeds(feeds: &[FeedStatus], now: Timestamp) -> String {
    let row = |feed: &FeedStatus| {
        let name = if feed.scope.is_empty() {
            feed.feed.clone()
        } else {
            format!("  {}", scope(&feed.scope))
        };
        let lag = feed.lag_seconds.map_or_else(String::new, |lag| {
            let late = if lag > feed.lag_seconds_max { " late" } else { "" };
            format!("{}{late}", span(lag))
        });
        vec![
            name,
            day(feed.last_success_at.as_ref()),
            lag,
            next_run(feed.next_run_at.as_ref(), now),
            feed.held.to_string(),
            feed.quarantined.to_string(),
            format!("{}/{}", feed.rows, feed.observations),
        ]
    };
    let head = [
        "feed",
        "success",
        "lag",
        "next run",
        "held",
        "quarantine",
        "rows/new",
    ];
    output::table(&head, &feeds.iter().map(row).collect::<Vec<_>>())
}

/// A feed, as JSON.
pub(crate) fn feed_json(feed: &FeedStatus) -> Value {
    json!({
        "feed": feed.feed,
        "scope": scope_json(&feed.scope),
        "last_success_at": feed.last_success_at.as_ref().map(instant),
        "last_attempt_at": feed.last_attempt_at.as_ref().map(instant),
        "taken_at": feed.taken_at.as_ref().map(instant),
        "lag_seconds": feed.lag_seconds,
        "lag_seconds_max": feed.lag_seconds_max,
        "held": feed.held,
        "quarantined": feed.quarantined,
        "rows": feed.rows,
        "observations": feed.observations,
        "next_run_at": feed.next_run_at.as_ref().map(instant),
    })
}

/// How long it is to a feed's next run; nothing where no connector has told.
fn next_run(at: Option<&prost_types::Timestamp>, now: Timestamp) -> String {
    let Some(at) = at.map(words::instant) else {
        return String::new();
    };
    match u64::try_from(at.duration_since(now).as_secs()) {
        Ok(seconds) => format!("in {}", span(seconds)),
        Err(_) => "due".to_owned(),
    }
}

/// A delivery, as JSON.
pub(crate) fn delivery_json(delivery: &Delivery) -> Value {
    let held = delivery.held.as_ref().map(|held| {
        let ruling = held.ruling.as_ref().map(|ruling| {
            json!({
                "decision": ruling.decision,
                "actor": ruling.actor,
                "reason": ruling.reason,
                "decided_at": ruling.decided_at.as_ref().map(instant),
            })
        });
        let reasons = held.reasons.iter();
        json!({
            "reasons": reasons.map(|reason| json!({ "cause": reason.cause, "text": reason.text })).collect::<Vec<_>>(),
            "rows": held.rows,
            "expected": held.expected,
            "added": held.added,
            "changed": held.changed,
            "absent": held.absent,
            "quarantined": held.quarantined,
            "ruling": ruling,
        })
    });
    json!({
        "id": delivery.id,
        "feed": delivery.feed,
        "scope": scope_json(&delivery.scope),
        "complete": delivery.complete,
        "state": delivery.state,
        "taken_at": delivery.taken_at.as_ref().map(instant),
        "opened_at": delivery.opened_at.as_ref().map(instant),
        "closed_at": delivery.closed_at.as_ref().map(instant),
        "pages": delivery.pages,
        "rows": delivery.rows,
        "observations": delivery.observations,
        "quarantined": delivery.quarantined,
        "held": held,
    })
}

/// The feeds as metrics, in the text format of Prometheus. Nothing in them is personal: names of feeds and bounds of scopes.
pub(crate) fn metrics(feeds: &[FeedStatus]) -> String {
    type Metric = (&'static str, &'static str, fn(&FeedStatus) -> Option<f64>);
    let all: [Metric; 9] = [
        (
            "last_success_timestamp_seconds",
            "When a delivery was closed last.",
            |feed| feed.last_success_at.as_ref().map(unix),
        ),
        (
            "last_attempt_timestamp_seconds",
            "When a delivery was opened or held last.",
            |feed| feed.last_attempt_at.as_ref().map(unix),
        ),
        (
            "lag_seconds",
            "How old the newest snapshot is that was published.",
            |feed| feed.lag_seconds.map(|lag| lag as f64),
        ),
        (
            "lag_seconds_max",
            "How old it may be before the policy calls the source silent.",
            |feed| Some(feed.lag_seconds_max as f64),
        ),
        (
            "held_deliveries",
            "Held deliveries that wait for an operator.",
            |feed| Some(feed.held as f64),
        ),
        ("quarantined_rows", "Rows in quarantine.", |feed| {
            feed.scope.is_empty().then_some(feed.quarantined as f64)
        }),
        (
            "next_run_timestamp_seconds",
            "When the connectors read it next, as they said last.",
            |feed| feed.next_run_at.as_ref().map(unix),
        ),
        (
            "last_delivery_rows",
            "Rows of the last closed delivery.",
            |feed| Some(feed.rows as f64),
        ),
        (
            "last_delivery_observations",
            "Observations of the last closed delivery.",
            |feed| Some(feed.observations as f64),
        ),
    ];
    let mut text = String::new();
    for (name, help, value) in all {
        text.push_str(&format!(
            "# HELP ltr_feed_{name} {help}\n# TYPE ltr_feed_{name} gauge\n"
        ));
        for feed in feeds {
            if let Some(value) = value(feed) {
                let labels = labels(feed);
                text.push_str(&format!("ltr_feed_{name}{{{labels}}} {value}\n"));
            }
        }
    }
    text
}

fn unix(at: &prost_types::Timestamp) -> f64 {
    words::instant(at).as_second() as f64
}

fn labels(feed: &FeedStatus) -> String {
    let name = escaped(&feed.feed);
    if feed.scope.is_empty() {
        format!("feed=\"{name}\"")
    } else {
        format!("feed=\"{name}\",scope=\"{}\"", escaped(&scope(&feed.scope)))
    }
}

fn escaped(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn scope(bounds: &[ScopeBound]) -> String {
    let bounds = bounds
        .iter()
        .map(|bound| format!("{}={}", bound.name, bound.value));
    bounds.collect::<Vec<_>>().join(",")
}

fn scope_json(bounds: &[ScopeBound]) -> Value {
    let bounds = bounds
        .iter()
        .map(|bound| (bound.name.clone(), json!(bound.value)));
    Value::Object(bounds.collect::<Map<_, _>>())
}

/// An instant to the minute, in UTC; nothing where there is none.
fn minute(at: Option<&prost_types::Timestamp>) -> String {
    at.map(|at| words::instant(at).strftime("%Y-%m-%d %H:%MZ").to_string())
        .unwrap_or_default()
}

/// The London day of an instant; nothing where there is none.
fn day(at: Option<&prost_types::Timestamp>) -> String {
    at.map(|at| words::london(at).to_string()).unwrap_or_default()
}

/// A span in the largest unit that tells it well.
fn span(seconds: u64) -> String {
    match seconds {
        0..3_600 => format!("{}m", seconds / 60),
        3_600..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(name: &str, of: &[(&str, &str)]) -> FeedStatus {
        let at = prost_types::Timestamp {
            seconds: 1_790_000_000,
            nanos: 0,
        };
        FeedStatus {
            feed: name.to_owned(),
            scope: of
                .iter()
                .map(|(name, value)| ScopeBound {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                })
                .collect(),
            last_success_at: Some(at),
            last_attempt_at: Some(at),
            taken_at: Some(at),
            lag_seconds: Some(900_000),
            lag_seconds_max: 691_200,
            held: 12,
            quarantined: 1_234,
            rows: 40_000,
            observations: 39_999,
            next_run_at: of.is_empty().then_some(at),
        }
    }

    #[test]
    fn the_table_fits_a_terminal_and_says_what_is_late() {
        let told = [
            status("teaching-vacancies/job-applications", &[]),
            status(
                "register/trainees",
                &[("cycle", "2026"), ("provider", "10000571")],
            ),
        ];
        let at = |seconds: i64| Timestamp::from_second(1_790_000_000 + seconds).unwrap();
        assert!(feeds(&told, at(1)).contains("  due "));
        let table = feeds(&told, at(-172_740));
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
        assert!(table.contains("  10d late  in 47h  "), "{table}");
    }

    #[test]
    fn metrics_are_what_prometheus_reads() {
        let text = metrics(&[
            status("register/trainees", &[]),
            status("register/trainees", &[("odd", "a\"b\\c\n")]),
        ]);
        assert!(
            text.contains("ltr_feed_held_deliveries{feed=\"register/trainees\"} 12\n"),
            "{text}"
        );
        let odd = r#"ltr_feed_lag_seconds{feed="register/trainees",scope="odd=a\"b\\c\n"} 900000"#;
        assert!(text.contains(odd), "{text}");
        let quarantined = text
            .lines()
            .filter(|line| line.starts_with("ltr_feed_quarantined_rows{"));
        assert_eq!(quarantined.count(), 1, "scopes have no quarantine of their own");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (_, value) = line.rsplit_once(' ').unwrap();
            value.parse::<f64>().unwrap();
        }
    }
}
