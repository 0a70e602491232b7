use ltr_ports::log::{ClockKind, LogError, Stream};
use serde_json::{Value, json};

use super::{examine, wanted};

fn refused(stream: Stream, change: impl FnOnce(&mut Value), asked_for: Option<ClockKind>, expected: &str) {
    let mut configuration = wanted(stream, ClockKind::Real, 1);
    change(&mut configuration);
    let told = match examine(stream, &configuration, asked_for) {
        Err(LogError::Unsuitable(told)) => told,
        Err(other) => panic!("{other:?}"),
        Ok(made) => panic!("{made:?}"),
    };
    assert!(told.contains(stream.name()) && told.contains(expected), "{told}");
}

#[test]
fn streams_as_they_are_made_will_do() {
    for stream in Stream::ALL {
        for clock in [ClockKind::Real, ClockKind::Simulated] {
            let configuration = wanted(stream, clock, 3);
            for asked_for in [None, Some(clock)] {
                let made = examine(stream, &configuration, asked_for).unwrap();
                assert_eq!((made.clock, made.replicas), (clock, 3));
            }
        }
    }
}

#[test]
fn a_stream_that_could_lose_or_change_something_is_refused() {
    for stream in Stream::ALL {
        // A server that does not know atomic batches leaves the field out.
        let forget = |field: &'static str| {
            move |configuration: &mut Value| {
                configuration.as_object_mut().unwrap().remove(field);
            }
        };
        refused(stream, forget("allow_atomic"), None, "allow_atomic=null");
        refused(stream, forget("allow_direct"), None, "allow_direct");
        refused(stream, forget("metadata"), None, "ltr.clock");
        refused(stream, |it| it["storage"] = "memory".into(), None, "storage");
        refused(
            stream,
            |it| it["persist_mode"] = "async".into(),
            None,
            "persist_mode",
        );
        refused(
            stream,
            |it| it["subjects"] = json!(["elsewhere"]),
            None,
            "subjects",
        );
        refused(stream, |_| (), Some(ClockKind::Simulated), "ltr.clock=real");
    }
    for field in ["deny_delete", "deny_purge"] {
        refused(Stream::Events, |it| it[field] = false.into(), None, field);
    }
    for field in ["max_msgs", "max_bytes", "max_age"] {
        refused(Stream::Events, |it| it[field] = 1_000.into(), None, field);
        refused(Stream::Keys, |it| it[field] = 1_000.into(), None, field);
    }
    refused(
        Stream::Keys,
        |it| it["max_msgs_per_subject"] = 2.into(),
        None,
        "max_msgs_per_subject",
    );
}

#[test]
fn evidence_may_have_a_retention_of_its_own() {
    let mut configuration = wanted(Stream::Evidence, ClockKind::Real, 1);
    configuration["max_age"] = 1_000_000_000.into();
    assert!(examine(Stream::Evidence, &configuration, None).is_ok());
}
