//! Runs the workers: all at once as time goes by, or one after the other as far as a driver moves the time.

use std::sync::Arc;

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Feed;
use ltr_ports::log::Log;
use tokio::sync::Semaphore;

use crate::book::Book;
use crate::shared::Shared;
use crate::worker::{ConnectError, Outcome, Worker};

/// At most so many workers read at the same time.
const RUNNING_MAX: usize = 4;

/// How long a worker that nothing is due for waits before it looks for hints again.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(15);

/// How long a worker waits whose feed cannot be read at all.
const AFTER_ERROR: SignedDuration = SignedDuration::from_secs(30);

/// The workers and what they share.
pub struct Supervisor<L: Log> {
    shared: Arc<Shared<L>>,
    workers: Vec<Box<dyn Worker<L>>>,
}

impl<L: Log> std::fmt::Debug for Supervisor<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Supervisor")
            .field("shared", &self.shared)
            .finish_non_exhaustive()
    }
}

impl<L: Log> Supervisor<L> {
    /// A supervisor of those workers.
    #[must_use]
    pub fn new(shared: Arc<Shared<L>>, workers: Vec<Box<dyn Worker<L>>>) -> Self {
        Self { shared, workers }
    }

    /// When the next worker is due. An instant that has passed means now.
    ///
    /// # Errors
    ///
    /// A log or queue that cannot be read.
    pub async fn next_due(&mut self) -> Result<Option<Timestamp>, ConnectError> {
        let mut next = None;
        let reading = self.shared.book().await?;
        for worker in &self.workers {
            let due = due_by(&reading.book, &**worker, self.shared.pace.now()).await?;
            next = match (next, due) {
                (Some(next), Some(due)) => Some(due.min(next)),
                (one, other) => one.or(other),
            };
        }
        Ok(next)
    }

    /// Runs every worker that is due, one after the other and each once, in the order in which they were handed over.
    ///
    /// # Errors
    ///
    /// The first that a worker stops with; those after it have not run.
    pub async fn run_due(&mut self) -> Result<Vec<Outcome>, ConnectError> {
        let mut outcomes = Vec::new();
        for worker in &mut self.workers {
            outcomes.extend(run_if_due(&self.shared, &mut **worker).await?);
        }
        Ok(outcomes)
    }

    /// Runs every worker until none is due any more. `on_outcome` is told of every run; a worker that stops with an error
    /// is not run again.
    pub async fn run_until_idle(&mut self, mut on_outcome: impl FnMut(Result<&Outcome, &ConnectError>)) {
        let mut stopped = vec![false; self.workers.len()];
        let mut is_idle = false;
        while !is_idle {
            is_idle = true;
            for (worker, stopped) in self.workers.iter_mut().zip(&mut stopped) {
                if *stopped {
                    continue;
                }
                let outcome = run_if_due(&self.shared, &mut **worker).await;
                match outcome {
                    Ok(None) => {}
                    Ok(Some(outcome)) => {
                        is_idle = false;
                        on_outcome(Ok(&outcome));
                    }
                    Err(error) => {
                        *stopped = true;
                        on_outcome(Err(&error));
                    }
                }
            }
        }
    }

    /// Runs until `stop` ends: each worker when it is due, several at a time. `on_outcome` is told of every run.
    ///
    /// What is under way then is dropped where it is; a restart goes on from the log.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send,
        on_outcome: impl Fn(Result<&Outcome, &ConnectError>) + Send + Sync,
    ) {
        let running = Semaphore::new(RUNNING_MAX);
        let is_any = !self.workers.is_empty();
        let all = self
            .workers
            .into_iter()
            .map(|worker| keep_running(&self.shared, worker, &running, &on_outcome));
        let all = join_all(all);
        tokio::select! {
            // Workers do not end by themselves; without any, there is nothing to wait for but the end.
            _ = all, if is_any => {}
            () = stop => {}
        }
    }
}

/// When a worker is due: now if it is asked to.
/// `now` is the caller's: by a clock that runs, one that is asked again tells later, and what is due now would not be.
async fn due<L: Log>(
    shared: &Shared<L>,
    worker: &dyn Worker<L>,
    now: Timestamp,
) -> Result<Option<Timestamp>, ConnectError> {
    let reading = shared.book().await?;
    due_by(&reading.book, worker, now).await
}

/// The same by a book that is read already.
async fn due_by<L: Log>(
    book: &Book,
    worker: &dyn Worker<L>,
    now: Timestamp,
) -> Result<Option<Timestamp>, ConnectError> {
    let scheduled = worker.due(now, book);
    if scheduled.is_some_and(|due| due <= now) {
        return Ok(scheduled);
    }
    let is_asked = worker.is_asked(now, book).await?;
    Ok(if is_asked { Some(now) } else { scheduled })
}

/// Runs a worker once if it is due.
async fn run_if_due<L: Log>(
    shared: &Shared<L>,
    worker: &mut dyn Worker<L>,
) -> Result<Option<Outcome>, ConnectError> {
    let now = shared.pace.now();
    if due(shared, worker, now).await?.is_none_or(|due| due > now) {
        return Ok(None);
    }
    worker.run_once(shared).await.map(Some)
}

async fn keep_running<L: Log>(
    shared: &Shared<L>,
    mut worker: Box<dyn Worker<L>>,
    running: &Semaphore,
    on_outcome: &(impl Fn(Result<&Outcome, &ConnectError>) + Send + Sync),
) {
    let mut told = None;
    loop {
        let now = shared.pace.now();
        let wait = match due(shared, &*worker, now).await {
            Ok(Some(due)) if due <= now => {
                let Ok(_permit) = running.acquire().await else {
                    return;
                };
                match worker.run_once(shared).await {
                    Ok(outcome) => {
                        on_outcome(Ok(&outcome));
                        SignedDuration::ZERO
                    }
                    Err(error) => {
                        on_outcome(Err(&error));
                        AFTER_ERROR
                    }
                }
            }
            Ok(Some(due)) => {
                if told != Some(due) && tell(shared, worker.feed(), due).await {
                    told = Some(due);
                }
                due.duration_since(now).min(LOOK_EVERY)
            }
            Ok(None) => LOOK_EVERY,
            Err(error) => {
                on_outcome(Err(&error));
                AFTER_ERROR
            }
        };
        let until = shared.pace.now() + wait.max(SignedDuration::from_millis(1));
        shared.pace.until(until).await;
    }
}

/// Tells when a feed is read next; gives whether that was heard. Nothing but the sight of it depends on it.
async fn tell<L: Log>(shared: &Shared<L>, feed: Feed, due: Timestamp) -> bool {
    let told = shared.next_runs.tell(feed, due).await;
    if let Err(error) = &told {
        tracing::debug!(%feed, error = %error.source, "{error}");
    }
    told.is_ok()
}
