//! The queue in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Trn;

use super::{Answer, Reread, RereadQueue, Taken, Urgency};
use crate::clock::Clock;

/// The queue in memory. Clones share it; nothing survives the last one.
#[derive(Clone)]
pub struct MemRereads {
    clock: Arc<dyn Clock>,
    lease: SignedDuration,
    queue: Arc<Mutex<Queue>>,
}

impl std::fmt::Debug for MemRereads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemRereads")
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Queue {
    last: u64,
    /// By urgency and then by number, which is by time of arrival.
    messages: BTreeMap<(Urgency, u64), Message>,
    numbers: HashMap<(Urgency, Trn), u64>,
}

struct Message {
    reread: Reread,
    /// Until when it is somebody's.
    taken_until: Option<Timestamp>,
}

impl Message {
    fn waits_at(&self, now: Timestamp) -> bool {
        self.taken_until.is_none_or(|until| until <= now)
    }
}

impl MemRereads {
    /// An empty queue. What is taken and not done comes back after `lease`, by `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, lease: SignedDuration) -> Self {
        Self {
            clock,
            lease,
            queue: Arc::default(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().expect("no holder of this lock panics")
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> Answer<'a, T> {
    Box::pin(std::future::ready(Ok(value)))
}

impl RereadQueue for MemRereads {
    fn add(&self, rereads: Vec<Reread>) -> Answer<'_, ()> {
        let mut queue = self.queue();
        for reread in rereads {
            queue.last += 1;
            let (urgency, number) = (reread.urgency, queue.last);
            if let Some(earlier) = queue.numbers.insert((urgency, reread.trn), number) {
                queue.messages.remove(&(urgency, earlier));
            }
            let message = Message {
                reread,
                taken_until: None,
            };
            queue.messages.insert((urgency, number), message);
        }
        ready(())
    }

    fn take(&self, max: usize) -> Answer<'_, Vec<Taken>> {
        let now = self.clock.now();
        let until = now.checked_add(self.lease).unwrap_or(Timestamp::MAX);
        let mut queue = self.queue();
        let waiting = queue
            .messages
            .iter_mut()
            .filter(|(_, message)| message.waits_at(now));
        let taken = waiting.take(max).map(|((_, number), message)| {
            message.taken_until = Some(until);
            Taken {
                reread: message.reread,
                receipt: number.to_string(),
            }
        });
        ready(taken.collect())
    }

    fn done(&self, taken: Vec<Taken>) -> Answer<'_, ()> {
        let mut queue = self.queue();
        for Taken { reread, receipt } in taken {
            let Ok(number) = receipt.parse::<u64>() else {
                continue;
            };
            queue.messages.remove(&(reread.urgency, number));
            let name = (reread.urgency, reread.trn);
            if queue.numbers.get(&name) == Some(&number) {
                queue.numbers.remove(&name);
            }
        }
        ready(())
    }

    fn waiting(&self) -> Answer<'_, u64> {
        let now = self.clock.now();
        let queue = self.queue();
        let waiting = queue.messages.values().filter(|message| message.waits_at(now));
        ready(waiting.count() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    async fn fresh(lease: SignedDuration) -> (MemRereads, ()) {
        (MemRereads::new(Arc::new(SystemClock), lease), ())
    }

    crate::rereads_conformance!(fresh);
}
