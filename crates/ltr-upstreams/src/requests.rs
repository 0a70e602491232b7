//! Counts of the requests that were made, for the limits of the services and for tests that hold a client to them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use crate::service::Service;

/// How many requests one client made of one service in one minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// Of which service.
    pub service: Service,
    /// Who: the name of the key at TRS, elsewhere the address that the limit is shared by.
    pub client: String,
    /// The first second of the minute.
    pub minute: Timestamp,
    /// How many requests were made.
    pub asked: u32,
    /// How many of them were answered 429.
    pub refused: u32,
}

/// What the limits say of a request.
pub(crate) enum Verdict {
    Taken,
    Refused { retry_after_s: i64 },
}

#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    minutes: BTreeMap<(Service, String, i64), (u32, u32)>,
    /// The window each limit is in, and the requests in it.
    windows: HashMap<(Service, String, i64), (i64, u32)>,
    before: HashMap<Arc<str>, u64>,
}

const MINUTE: i64 = 60;

impl Counts {
    /// Counts a request and holds it against the service's limits. Windows begin at whole multiples of their length, as
    /// those of the services do, and a request that is refused counts like any other.
    pub(crate) fn judge(&self, service: Service, client: &str, now: Timestamp) -> Verdict {
        self.asked(service, client, now);
        let second = now.as_second();
        let mut retry_after_s = None;
        for (most, length) in service.limits() {
            let number = second.div_euclid(*length);
            let mut counted = self.lock();
            let window = counted
                .windows
                .entry((service, client.to_owned(), *length))
                .or_default();
            if window.0 != number {
                *window = (number, 0);
            }
            window.1 += 1;
            if window.1 > *most {
                let left = (number + 1) * length - second;
                retry_after_s = retry_after_s.max(Some(left));
            }
        }
        let Some(retry_after_s) = retry_after_s else {
            return Verdict::Taken;
        };
        self.refused(service, client, now);
        Verdict::Refused { retry_after_s }
    }

    /// Counts a request.
    pub(crate) fn asked(&self, service: Service, client: &str, now: Timestamp) {
        self.lock()
            .minutes
            .entry(minute(service, client, now))
            .or_default()
            .0 += 1;
    }

    /// Counts the request just made as answered 429.
    pub(crate) fn refused(&self, service: Service, client: &str, now: Timestamp) {
        self.lock()
            .minutes
            .entry(minute(service, client, now))
            .or_default()
            .1 += 1;
    }

    /// How often this was asked before.
    pub(crate) fn nth(&self, what: &Arc<str>) -> u64 {
        let mut counted = self.lock();
        let before = counted.before.entry(Arc::clone(what)).or_default();
        *before += 1;
        *before - 1
    }

    pub(crate) fn all(&self) -> Vec<Requested> {
        let counted = self.lock();
        counted
            .minutes
            .iter()
            .map(|((service, client, minute), (asked, refused))| Requested {
                service: *service,
                client: client.clone(),
                minute: Timestamp::from_second(minute * MINUTE)
                    .expect("a minute that was counted is an instant"),
                asked: *asked,
                refused: *refused,
            })
            .collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counted> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

fn minute(service: Service, client: &str, now: Timestamp) -> (Service, String, i64) {
    (service, client.to_owned(), now.as_second().div_euclid(MINUTE))
}
