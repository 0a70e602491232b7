//! TRS: one question about one TRN, over and over, because there is neither a list nor a feed of changes (U§4). What to
//! ask next is a queue, filled from the log and by hints; the longest unread come first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{Feed, Trn};
use ltr_ports::log::Log;
use ltr_ports::rereads::{LEASE, Reread, RereadQueue, Taken, Urgency};

use crate::book::Book;
use crate::book::teachers::{Rhythm, Teachers};
use crate::caller::Caller;
use crate::gathered::Gathered;
use crate::limit::Limit;
use crate::secret::Secret;
use crate::shared::{HandOver, Shared};
use crate::worker::{ConnectError, Outcome, Setbacks, Worker};

mod answer;

use answer::Answered;

/// The service's own bound: 1,000 requests a minute for one key.
#[must_use]
pub fn limit() -> Arc<Limit> {
    Arc::new(Limit::new(1_000, Duration::from_secs(60)))
}

/// How TRS is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// In which time everybody is read of whom a change is expected: in training, in induction, with an open alert.
    pub often_every: SignedDuration,
    /// In which time everybody else is read.
    pub rarely_every: SignedDuration,
    /// How often it is looked whose turn it is. Hints do not wait for it.
    pub turns_every: SignedDuration,
    /// At most so many answers in a delivery.
    pub answers_per_delivery: usize,
    /// So many questions at a time.
    pub questions_at_a_time: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            often_every: SignedDuration::from_hours(24),
            rarely_every: SignedDuration::from_hours(7 * 24),
            turns_every: SignedDuration::from_hours(1),
            answers_per_delivery: 400,
            questions_at_a_time: 8,
        }
    }
}

const FEED: Feed = Feed::TrsPersons;

/// The one part of this feed that can fail.
const PART: &str = "persons";

/// A merged record is followed so far; TRS itself has no guard against a circle (U§4.3).
const CHAIN_MAX: usize = 8;

/// So many persons at least have to be answered with 404 at once before that is taken for a mistake of the service.
const LOST_MIN: usize = 5;

/// When what is taken now is surely in the queue again.
fn back_at(now: Timestamp) -> Timestamp {
    now + LEASE + SignedDuration::from_secs(1)
}

/// Reads `trs/persons`.
pub struct Persons {
    caller: Caller,
    key: Secret,
    queue: Arc<dyn RereadQueue>,
    settings: Settings,
    setbacks: Setbacks,
    /// When turns were looked for last. In memory only: after a restart it is looked at once.
    turned_at: Option<Timestamp>,
    /// When what was taken and not read is in the queue again, which does not count it among those that wait.
    back_at: Option<Timestamp>,
}

impl std::fmt::Debug for Persons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Persons")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Persons {
    /// A worker with a key of the role GetPerson, and the queue it takes from.
    #[must_use]
    pub fn new(caller: Caller, key: Secret, queue: Arc<dyn RereadQueue>, settings: Settings) -> Self {
        Self {
            caller,
            key,
            queue,
            settings,
            setbacks: Setbacks::default(),
            turned_at: None,
            back_at: None,
        }
    }

    fn turns_due(&self, teachers: &Teachers) -> Option<Timestamp> {
        let often = teachers.next(Rhythm::Often, self.settings.often_every);
        let rarely = teachers.next(Rhythm::Rarely, self.settings.rarely_every);
        let next = often.into_iter().chain(rarely).min()?;
        let turned = self
            .turned_at
            .map_or(Timestamp::MIN, |at| at + self.settings.turns_every);
        Some(next.max(turned))
    }

    /// Whose turn it is.
    fn turns(&self, now: Timestamp, teachers: &Teachers) -> Vec<Reread> {
        let of = |rhythm, urgency, every: SignedDuration| {
            let since = now.checked_sub(every).unwrap_or(Timestamp::MIN);
            let unread = teachers.unread_since(rhythm, since);
            unread.map(move |trn| Reread {
                trn,
                urgency,
                asked_at: now,
            })
        };
        let often = of(Rhythm::Often, Urgency::Often, self.settings.often_every);
        let rarely = of(Rhythm::Rarely, Urgency::Rarely, self.settings.rarely_every);
        often.chain(rarely).collect()
    }

    /// The first run looks once more for what a run before it may have taken and not read.
    fn begin(&mut self, now: Timestamp) {
        self.back_at = match self.back_at {
            None if self.turned_at.is_none() => Some(back_at(now)),
            Some(at) if at <= now => None,
            waiting => waiting,
        };
    }

    async fn turn<L: Log>(&mut self, shared: &Shared<L>, now: Timestamp) -> Result<(), ConnectError> {
        let turns = {
            let reading = shared.book().await?;
            let due = self.turns_due(&reading.book.teachers);
            if due.is_none_or(|due| due > now) {
                return Ok(());
            }
            self.turns(now, &reading.book.teachers)
        };
        self.queue.add(turns).await?;
        self.turned_at = Some(now);
        Ok(())
    }

    /// Takes what is next from the queue, without what has been read since it was asked for.
    async fn next<L: Log>(&self, shared: &Shared<L>) -> Result<Vec<Taken>, ConnectError> {
        loop {
            let taken = self.queue.take(self.settings.answers_per_delivery).await?;
            if taken.is_empty() {
                return Ok(taken);
            }
            let (settled, open) = {
                let reading = shared.book().await?;
                let is_settled = |taken: &Taken| {
                    let read_at = reading.book.teachers.read_at(taken.reread.trn);
                    read_at.is_some_and(|read_at| read_at > taken.reread.asked_at)
                };
                taken.into_iter().partition::<Vec<_>, _>(is_settled)
            };
            self.queue.done(settled).await?;
            if !open.is_empty() {
                return Ok(open);
            }
        }
    }

    /// Asks for each, and for whom it was merged into. Ends early with the first that gets no answer.
    async fn ask_all(&self, trns: BTreeSet<Trn>) -> (BTreeMap<Trn, Answered>, Option<ConnectError>) {
        let mut answers: BTreeMap<Trn, Answered> = BTreeMap::new();
        let mut next: Vec<Trn> = trns.into_iter().collect();
        for _ in 0..=CHAIN_MAX {
            let asked = next.drain(..).map(|trn| async move {
                let answered = answer::ask(&self.caller, &self.key, trn).await;
                (trn, answered)
            });
            // One at a time is what a list of none would need: a stream wants at least that.
            let mut asked = futures::stream::iter(asked.collect::<Vec<_>>())
                .buffered(self.settings.questions_at_a_time.max(1));
            let mut targets = BTreeSet::new();
            while let Some((trn, answered)) = asked.next().await {
                match answered {
                    Ok(answered) => {
                        targets.extend(answered.target);
                        answers.insert(trn, answered);
                    }
                    Err(error) => return (answers, Some(error)),
                }
            }
            drop(asked);
            next = targets
                .into_iter()
                .filter(|trn| !answers.contains_key(trn))
                .collect();
            if next.is_empty() {
                break;
            }
        }
        (answers, None)
    }

    async fn read<L: Log>(
        &self,
        shared: &Shared<L>,
        taken: Vec<Taken>,
        outcome: &mut Outcome,
    ) -> Result<(), ConnectError> {
        let taken_at = shared.pace.now();
        let trns: BTreeSet<Trn> = taken.iter().map(|taken| taken.reread.trn).collect();
        let (answers, broken) = self.ask_all(trns).await;
        self.look_for_loss(shared, &answers).await?;
        if !answers.is_empty() {
            let mut gathered = Gathered::default();
            gathered.note(&format!("/v3/persons/: {} answers", answers.len()));
            let done = taken
                .into_iter()
                .filter(|taken| answers.contains_key(&taken.reread.trn));
            let done: Vec<Taken> = done.collect();
            for (trn, answered) in answers {
                gathered.answer(&answer::path(trn), answered.row);
            }
            let handed = HandOver {
                feed: FEED,
                scope: Scope::new(),
                completeness: Completeness::Partial,
                taken_at,
                gathered,
            };
            outcome.add(&shared.deliver(handed).await?);
            self.queue.done(done).await?;
        }
        broken.map_or(Ok(()), Err)
    }

    /// A version of the API that is no more answers 404 to everything (U§4.1), and a person is deactivated rather than
    /// deleted. So when many who were found before are not found at once, the service is wrong, and nothing is said.
    async fn look_for_loss<L: Log>(
        &self,
        shared: &Shared<L>,
        answers: &BTreeMap<Trn, Answered>,
    ) -> Result<(), ConnectError> {
        let reading = shared.book().await?;
        let teachers = &reading.book.teachers;
        let known: Vec<_> = answers
            .iter()
            .filter(|(trn, _)| teachers.was_found(**trn))
            .collect();
        let lost = known
            .iter()
            .filter(|(_, answered)| answered.status == 404)
            .count();
        if lost < LOST_MIN || lost * 2 < known.len() {
            return Ok(());
        }
        Err(ConnectError::Answer {
            address: "/v3/persons/".to_owned(),
            status: 404,
            meaning: "persons who were there before are not found: is this version of the API still answered?",
        })
    }
}

impl<L: Log> Worker<L> for Persons {
    fn feed(&self) -> Feed {
        FEED
    }

    fn due(&self, _: Timestamp, book: &Book) -> Option<Timestamp> {
        let turns = self.turns_due(&book.teachers);
        let due = turns.into_iter().chain(self.back_at).min()?;
        Some(self.setbacks.delay(PART, due))
    }

    fn is_asked<'a>(&'a self, now: Timestamp, _: &'a Book) -> BoxFuture<'a, Result<bool, ConnectError>> {
        async move {
            let is_held_up = self.setbacks.delay(PART, Timestamp::MIN) > now;
            Ok(!is_held_up && self.queue.waiting().await? > 0)
        }
        .boxed()
    }

    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>> {
        async move {
            let now = shared.pace.now();
            let mut outcome = Outcome::new(FEED, now);
            let asked = self.caller.requests();
            self.begin(now);
            self.turn(shared, now).await?;
            let taken = self.next(shared).await?;
            if taken.is_empty() {
                return Ok(outcome);
            }
            let read = self.read(shared, taken, &mut outcome).await;
            if read.is_err() {
                self.back_at = Some(back_at(shared.pace.now()));
            }
            self.setbacks.settle(PART, shared.pace.now(), read, &mut outcome);
            outcome.requests = self.caller.requests() - asked;
            Ok(outcome)
        }
        .boxed()
    }
}
