//! What time it is, asked rather than assumed, so that history can be replayed and a year walked in seconds.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Tells the time and waits for it.
pub trait Pace: Clock {
    /// Ends when it is `at`; at once if it is later already. Who waits on the machine's clock sleeps. Who waits on a
    /// clock that stands still moves it, so that limits, retries and schedules walk through a year in seconds.
    fn until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the real clock is read"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Pace for SystemClock {
    fn until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wait = Duration::try_from(at.duration_since(self.now())).unwrap_or_default();
        Box::pin(tokio::time::sleep(wait))
    }
}

/// A clock that stands still until it is told otherwise.
#[derive(Debug)]
pub struct ManualClock(std::sync::Mutex<Timestamp>);

impl ManualClock {
    /// A clock that says `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(std::sync::Mutex::new(now))
    }

    /// Moves the clock forward to `to`; never back.
    pub fn advance_to(&self, to: Timestamp) {
        let mut now = self.0.lock().expect("no holder of this lock panics");
        *now = (*now).max(to);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no holder of this lock panics")
    }
}

impl Pace for ManualClock {
    fn until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.advance_to(at);
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, ManualClock, Pace};

    #[tokio::test]
    async fn who_waits_moves_a_clock_that_stands_still_and_never_back() {
        let clock = ManualClock::at("2026-09-01T08:00:00Z".parse().unwrap());
        let later = "2026-09-01T11:00:00Z".parse().unwrap();
        clock.until(later).await;
        assert_eq!(clock.now(), later);
        clock.until("2026-09-01T09:00:00Z".parse().unwrap()).await;
        assert_eq!(clock.now(), later);
    }
}
