//! `apply/recruits`: the API made for Register, with recruited, withdrawn and deferred applications of one cycle.

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::Feed;
use ltr_ports::log::Log;

use super::walk::{Course, Walk};
use super::{Settings, beginning, cycles};
use crate::book::Book;
use crate::caller::Caller;
use crate::gathered::Gathered;
use crate::secret::Secret;
use crate::shared::{HandOver, Shared};
use crate::worker::{ConnectError, Failed, Outcome, Setbacks, Worker};

const FEED: Feed = Feed::ApplyRecruits;

/// Reads `apply/recruits`.
#[derive(Debug)]
pub struct Recruits {
    caller: Caller,
    key: Secret,
    settings: Settings,
    setbacks: Setbacks,
}

impl Recruits {
    /// A worker with the key of a consumer of the API.
    #[must_use]
    pub fn new(caller: Caller, key: Secret, settings: Settings) -> Self {
        Self {
            caller,
            key,
            settings,
            setbacks: Setbacks::default(),
        }
    }

    /// The cycles, with when each is due and since when it is asked for.
    fn parts(&self, now: Timestamp, book: &Book) -> Vec<(Timestamp, i16, Timestamp)> {
        let part = |cycle: i16| {
            let read_at = book.past(FEED, &scope(cycle)).read_at;
            let due = read_at.map_or(Timestamp::MIN, |at| at + self.settings.changes_every);
            let since = read_at.map_or_else(beginning, |at| at - self.settings.overlap);
            (self.setbacks.delay(&name(cycle), due), cycle, since)
        };
        cycles(now).map(part).collect()
    }

    async fn read<L: Log>(
        &self,
        shared: &Shared<L>,
        cycle: i16,
        since: Timestamp,
        outcome: &mut Outcome,
    ) -> Result<(), ConnectError> {
        let taken_at = shared.pace.now();
        let walk = Walk {
            caller: &self.caller,
            key: &self.key,
            feed: FEED,
            address: format!(
                "/register-api/applications?recruitment_cycle_year={cycle}&changed_since={since:.0}"
            ),
        };
        let mut gathered = Gathered::default();
        walk.gather(&mut Course::default(), usize::MAX, &mut gathered)
            .await?;
        let handed = HandOver {
            feed: FEED,
            scope: scope(cycle),
            completeness: Completeness::Partial,
            taken_at,
            gathered,
        };
        outcome.add(&shared.deliver(handed).await?);
        Ok(())
    }
}

fn scope(cycle: i16) -> Scope {
    Scope::from([("cycle".to_owned(), cycle.to_string())])
}

fn name(cycle: i16) -> String {
    format!("cycle {cycle}")
}

impl<L: Log> Worker<L> for Recruits {
    fn feed(&self) -> Feed {
        FEED
    }

    fn due(&self, now: Timestamp, book: &Book) -> Option<Timestamp> {
        self.parts(now, book).into_iter().map(|(due, ..)| due).min()
    }

    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>> {
        async move {
            let now = shared.pace.now();
            let mut outcome = Outcome::new(FEED, now);
            let asked = self.caller.requests();
            let parts = self.parts(now, &shared.book().await?.book);
            for (_, cycle, since) in parts.into_iter().filter(|(due, ..)| *due <= now) {
                let part = name(cycle);
                match self.read(shared, cycle, since, &mut outcome).await {
                    Ok(()) => self.setbacks.succeeded(&part),
                    Err(error) => {
                        let again_at = self.setbacks.failed(&part, shared.pace.now());
                        outcome.failures.push(Failed {
                            part,
                            reason: error.chain(),
                            again_at,
                        });
                    }
                }
            }
            outcome.requests = self.caller.requests() - asked;
            Ok(outcome)
        }
        .boxed()
    }
}
