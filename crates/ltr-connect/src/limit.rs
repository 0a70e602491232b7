//! How often a service may be asked: at most so many requests in any window, however its windows are laid.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ltr_ports::clock::Pace;
use tokio::sync::Notify;

/// A bound that is kept to the request, by whatever clock the service counts.
///
/// A request takes a slot when it is sent, and the slot is free again one window after its *answer*. The service
/// counted the request somewhere between the two, so no window of that length at its end can hold one too many, how
/// long an answer may take and wherever the service lets its windows begin.
#[derive(Debug)]
pub struct Limit {
    most: usize,
    window: SignedDuration,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    on_their_way: usize,
    /// When the answers of the last window came, the oldest first.
    answered: VecDeque<Timestamp>,
    /// The service asked to be left alone until then.
    paused_until: Option<Timestamp>,
}

/// Whether a slot is free.
enum Slot {
    Taken,
    FreeAt(Timestamp),
    /// All are on their way.
    WhenAnswered,
}

impl Limit {
    /// At most `most` requests (at least 1) in any `window`.
    #[must_use]
    pub fn new(most: usize, window: Duration) -> Self {
        Self {
            most: most.max(1),
            window: SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX),
            state: Mutex::default(),
            freed: Notify::new(),
        }
    }

    /// Waits until one more request may be sent.
    pub async fn permit(self: &Arc<Self>, pace: &Arc<dyn Pace>) -> Permit {
        loop {
            // Asked for before looking, so that what is freed in between is not missed.
            let freed = self.freed.notified();
            match self.slot(pace.now()) {
                Slot::Taken => {
                    return Permit {
                        limit: Arc::clone(self),
                        pace: Arc::clone(pace),
                    };
                }
                Slot::FreeAt(at) => pace.until(at).await,
                Slot::WhenAnswered => freed.await,
            }
        }
    }

    /// Leaves the service alone until then, because it asked for it.
    pub fn pause(&self, until: Timestamp) {
        let mut state = self.state();
        state.paused_until = state.paused_until.max(Some(until));
    }

    fn slot(&self, now: Timestamp) -> Slot {
        let mut state = self.state();
        if let Some(until) = state.paused_until.filter(|until| *until > now) {
            return Slot::FreeAt(until);
        }
        while state
            .answered
            .front()
            .is_some_and(|at| now.duration_since(*at) > self.window)
        {
            state.answered.pop_front();
        }
        if state.on_their_way + state.answered.len() < self.most {
            state.on_their_way += 1;
            return Slot::Taken;
        }
        match state.answered.front() {
            Some(oldest) => Slot::FreeAt(after(*oldest, self.window)),
            None => Slot::WhenAnswered,
        }
    }

    fn answered(&self, at: Timestamp) {
        let mut state = self.state();
        state.on_their_way = state.on_their_way.saturating_sub(1);
        state.answered.push_back(at);
        drop(state);
        self.freed.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }
}

/// A moment past the window: some services count an instant at its very end in.
fn after(oldest: Timestamp, window: SignedDuration) -> Timestamp {
    let past = window.saturating_add(SignedDuration::from_millis(1));
    oldest.checked_add(past).unwrap_or(Timestamp::MAX)
}

/// Leave to send one request. Dropped when it is answered, has failed or was given up.
pub struct Permit {
    limit: Arc<Limit>,
    pace: Arc<dyn Pace>,
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Permit")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.limit.answered(self.pace.now());
    }
}

#[cfg(test)]
mod tests;
