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
use crate::worker::{ConnectError, Outcome, Setbacks, Worker};

const FEED: Feed = Feed::ApplyRecruits;

/// Reads `apply/recruits`.
#[derive(Debug)]
pub struct Recruits {
    caller: Caller,
    key: Secret,
    settings: Settings,
    setbacks: Setbacks,
}

/// A cycle, and what is due about it.
struct Part {
    due: Timestamp,
    cycle: i16,
    scope: Scope,
    since: Timestamp,
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
    fn parts(&self, now: Timestamp, book: &Book) -> Vec<Part> {
        let part = |cycle: i16| {
            let whole_at = book.past(FEED, &everything(cycle)).read_at;
            let read_at = whole_at.max(book.past(FEED, &scope(cycle)).read_at);
            let whole_due = whole_at.map_or(Timestamp::MIN, |at| at + self.settings.everything_every);
            let due = read_at.map_or(Timestamp::MIN, |at| at + self.settings.changes_every);
            let (scope, since) = match read_at {
                Some(read_at) if whole_due > now => (scope(cycle), read_at - self.settings.overlap),
                Some(_) | None => (everything(cycle), beginning()),
            };
            Part {
                due: self.setbacks.delay(&name(cycle), due.min(whole_due)),
                cycle,
                scope,
                since,
            }
        };
        cycles(now).map(part).collect()
    }

    async fn read<L: Log>(
        &self,
        shared: &Shared<L>,
        part: &Part,
        outcome: &mut Outcome,
    ) -> Result<(), ConnectError> {
        let Part {
            cycle, since, scope, ..
        } = part;
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
            scope: scope.clone(),
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

/// The scope of a reading of everything in a cycle.
fn everything(cycle: i16) -> Scope {
    let mut scope = scope(cycle);
    scope.insert("part".to_owned(), "everything".to_owned());
    scope
}

fn name(cycle: i16) -> String {
    format!("cycle {cycle}")
}

impl<L: Log> Worker<L> for Recruits {
    fn feed(&self) -> Feed {
        FEED
    }

    fn due(&self, now: Timestamp, book: &Book) -> Option<Timestamp> {
        self.parts(now, book).into_iter().map(|part| part.due).min()
    }

    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>> {
        async move {
            let now = shared.pace.now();
            let mut outcome = Outcome::new(FEED, now);
            let asked = self.caller.requests();
            let parts = self.parts(now, &shared.book().await?.book);
            for part in parts.into_iter().filter(|part| part.due <= now) {
                let name = name(part.cycle);
                let read = self.read(shared, &part, &mut outcome).await;
                self.setbacks.settle(&name, shared.pace.now(), read, &mut outcome);
            }
            outcome.requests = self.caller.requests() - asked;
            Ok(outcome)
        }
        .boxed()
    }
}
