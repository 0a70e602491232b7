//! `apply/candidates`: the Candidate API v1.4.

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{CandidateId, Feed};
use ltr_ports::log::Log;

use super::walk::{Course, Reached, Walk};
use super::{Settings, beginning};
use crate::book::Book;
use crate::caller::Caller;
use crate::gathered::Gathered;
use crate::http::Request;
use crate::secret::Secret;
use crate::shared::{HandOver, Shared};
use crate::worker::{ConnectError, Outcome, Setbacks, Worker};

const FEED: Feed = Feed::ApplyCandidates;

/// The names of this worker's three parts.
const CHANGES: &str = "changes";
const EVERYTHING: &str = "everything";
const UNSEEN: &str = "candidates unseen";

/// The unseen are looked for once a day.
const UNSEEN_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// Whom Apply does not show any more is asked for again after four times the usual.
const ABSENT_FACTOR: i32 = 4;

/// Reads `apply/candidates`.
#[derive(Debug)]
pub struct Candidates {
    caller: Caller,
    key: Secret,
    settings: Settings,
    setbacks: Setbacks,
    looked_at: Option<Timestamp>,
}

/// What Apply answered when it was asked for one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The candidate.
    Yes,
    /// There is no such candidate. An absence is no fact, and goes nowhere.
    No,
}

impl Candidates {
    /// A worker with the key of a consumer of the API.
    #[must_use]
    pub fn new(caller: Caller, key: Secret, settings: Settings) -> Self {
        Self {
            caller,
            key,
            settings,
            setbacks: Setbacks::default(),
            looked_at: None,
        }
    }

    fn everything_due(&self, book: &Book) -> Timestamp {
        let read_at = book.past(FEED, &everything()).read_at;
        let due = read_at.map_or(Timestamp::MIN, |at| at + self.settings.everything_every);
        self.setbacks.delay(EVERYTHING, due)
    }

    /// When changes were read last, once everything was.
    fn read_at(book: &Book) -> Option<Timestamp> {
        let everything = book.past(FEED, &everything()).read_at?;
        Some(everything.max(book.past(FEED, &Scope::new()).read_at.unwrap_or(everything)))
    }

    fn changes_due(&self, book: &Book) -> Option<Timestamp> {
        let due = Self::read_at(book)? + self.settings.changes_every;
        Some(self.setbacks.delay(CHANGES, due))
    }

    /// When the first candidate will have been unseen for long enough, and a day after we looked last.
    fn unseen_due(&self, book: &Book) -> Option<Timestamp> {
        let first = book.applicants.longest_silent_since()? + self.settings.unseen_after;
        let looked = self.looked_at.map_or(Timestamp::MIN, |at| at + UNSEEN_EVERY);
        Some(self.setbacks.delay(UNSEEN, first.max(looked)))
    }

    fn unseen(&self, now: Timestamp, book: &Book) -> Vec<CandidateId> {
        let unseen = book.applicants.unseen_since(now - self.settings.unseen_after);
        unseen.take(self.settings.unseen_max).collect()
    }

    /// From when on the silence of somebody counts who was asked for in vain: whom Apply does not show is asked for after
    /// [`ABSENT_FACTOR`] times the usual, and after a day those about whom no answer came that could be used, so that they
    /// hold up nobody else.
    fn put_off_to(&self, asked_at: Timestamp, asked: &Result<Shown, ConnectError>) -> Option<Timestamp> {
        let unseen_after = self.settings.unseen_after;
        match asked {
            Ok(Shown::Yes) => None,
            Ok(Shown::No) => Some(asked_at + unseen_after * (ABSENT_FACTOR - 1)),
            Err(_) => Some(asked_at + UNSEEN_EVERY - unseen_after),
        }
    }

    async fn read_list<L: Log>(
        &self,
        shared: &Shared<L>,
        whole: &Scope,
        since: Timestamp,
        outcome: &mut Outcome,
    ) -> Result<(), ConnectError> {
        let taken_at = shared.pace.now();
        let walk = Walk {
            caller: &self.caller,
            key: &self.key,
            feed: FEED,
            address: format!(
                "/candidate-api/v1.4/candidates?updated_since={since:.0}&per_page={}",
                self.settings.per_page
            ),
        };
        let mut course = Course::default();
        for part in 1.. {
            let mut gathered = Gathered::default();
            let reached = walk
                .gather(&mut course, self.settings.rows_per_delivery, &mut gathered)
                .await?;
            // Only the last part speaks for the whole run: what was read before it is read again if it never comes.
            let mut scope = whole.clone();
            if reached == Reached::Enough {
                scope.insert("piece".to_owned(), part.to_string());
            }
            let report = shared.deliver(partial(scope, taken_at, gathered)).await?;
            outcome.add(&report);
            if reached == Reached::End {
                break;
            }
        }
        Ok(())
    }

    async fn read_unseen<L: Log>(
        &self,
        shared: &Shared<L>,
        unseen: &[CandidateId],
        outcome: &mut Outcome,
    ) -> Result<(), ConnectError> {
        let taken_at = shared.pace.now();
        let mut gathered = Gathered::default();
        let mut broken = None;
        let mut put_off = Vec::new();
        for id in unseen {
            let asked = self.ask_for(*id, &mut gathered).await;
            let is_ours = matches!(
                asked,
                Err(ConnectError::Answer {
                    status: 401 | 403,
                    ..
                })
            );
            if !is_ours {
                put_off.extend(self.put_off_to(taken_at, &asked).map(|to| (*id, to)));
            }
            let Err(error) = asked else { continue };
            // Without an answer, or the leave to ask, the next would fare no better now.
            let is_over = is_ours || matches!(error, ConnectError::Call(_));
            broken = broken.or(Some(error));
            if is_over {
                break;
            }
        }
        {
            let mut reading = shared.book().await?;
            let applicants = &mut reading.book.applicants;
            put_off
                .into_iter()
                .for_each(|(id, to)| applicants.put_off(id, to));
        }
        if gathered.count() > 0 {
            let scope = Scope::from([("part".to_owned(), "unseen".to_owned())]);
            outcome.add(&shared.deliver(partial(scope, taken_at, gathered)).await?);
        }
        broken.map_or(Ok(()), Err)
    }

    async fn ask_for(&self, id: CandidateId, gathered: &mut Gathered) -> Result<Shown, ConnectError> {
        let address = format!("/candidate-api/v1.4/candidates/{id}");
        let request = Request::new(&address).bearing(&self.key);
        let answer = self.caller.ask(&request).await?;
        match answer.status {
            200 => {
                gathered
                    .page(FEED, &address, &answer.body, "id")
                    .map_err(|source| ConnectError::Body { address, source })?;
                Ok(Shown::Yes)
            }
            404 => Ok(Shown::No),
            status => Err(ConnectError::answer(&address, status)),
        }
    }
}

/// The scope of a reading of everything that Apply shows. It is no complete delivery: Apply shows but a part.
fn everything() -> Scope {
    Scope::from([("part".to_owned(), EVERYTHING.to_owned())])
}

fn partial(scope: Scope, taken_at: Timestamp, gathered: Gathered) -> HandOver {
    HandOver {
        feed: FEED,
        scope,
        completeness: Completeness::Partial,
        taken_at,
        gathered,
    }
}

impl<L: Log> Worker<L> for Candidates {
    fn feed(&self) -> Feed {
        FEED
    }

    fn due(&self, _: Timestamp, book: &Book) -> Option<Timestamp> {
        let others = self.changes_due(book).into_iter().chain(self.unseen_due(book));
        others.chain([self.everything_due(book)]).min()
    }

    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>> {
        async move {
            let now = shared.pace.now();
            let mut outcome = Outcome::new(FEED, now);
            let asked = self.caller.requests();
            let (everything_due, since, unseen) = {
                let reading = shared.book().await?;
                let changes = self.changes_due(&reading.book).filter(|due| *due <= now);
                let since = changes.and_then(|_| Self::read_at(&reading.book));
                let is_due = self.unseen_due(&reading.book).is_some_and(|due| due <= now);
                let unseen = is_due.then(|| self.unseen(now, &reading.book));
                (self.everything_due(&reading.book) <= now, since, unseen)
            };
            if everything_due {
                let read = self
                    .read_list(shared, &everything(), beginning(), &mut outcome)
                    .await;
                self.setbacks
                    .settle(EVERYTHING, shared.pace.now(), read, &mut outcome);
            } else if let Some(since) = since {
                let since = since - self.settings.overlap;
                let read = self.read_list(shared, &Scope::new(), since, &mut outcome).await;
                self.setbacks
                    .settle(CHANGES, shared.pace.now(), read, &mut outcome);
            }
            if let Some(unseen) = unseen {
                let read = self.read_unseen(shared, &unseen, &mut outcome).await;
                if read.is_ok() {
                    self.looked_at = Some(now);
                }
                self.setbacks
                    .settle(UNSEEN, shared.pace.now(), read, &mut outcome);
            }
            outcome.requests = self.caller.requests() - asked;
            Ok(outcome)
        }
        .boxed()
    }
}
