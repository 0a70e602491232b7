//! The walk: whatever is due is done, evening falls, the log is projected, and everybody's answer is held against the
//! truth.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_connect::{ConnectError, Means, Outcome, Shared, Supervisor, Told};
use ltr_domain::breaker::{Bounds, Emptiness};
use ltr_domain::ids::Feed;
use ltr_domain::time::end_of_london_day;
use ltr_link::{Edge, LinkError};
use ltr_population::score::Score;
use ltr_ports::clock::{Clock, ManualClock, Pace};
use ltr_ports::log::{Log, LogError, Stream};
use ltr_ports::rereads::QueueError;
use ltr_ports::store::{Store, StoreError};
use ltr_project::{ProjectError, adoption, calendar};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_upstreams::{Extract, ExtractError, ExtractFeed};

use crate::answers::Answers;
use crate::served::LastServed;
use crate::setting::Sources;

/// At most so many runs of workers in a day: more means that somebody is due for ever.
const RUNS_MAX: u32 = 20_000;

/// Extracts are written in the night before this day of the week.
const EXTRACT_ON: jiff::civil::Weekday = jiff::civil::Weekday::Monday;

/// A year that is being walked.
pub struct Year<L: Log, S: Store> {
    /// The services and everybody they tell of.
    pub sources: Sources,
    /// What was answered on the days so far, held against the truth.
    pub score: Score,
    log: L,
    store: S,
    kek: KeyEncryptionKey,
    supervisor: Supervisor<L>,
    means: Means,
    answers: Answers,
    served: LastServed,
    next: Date,
}

/// What a day came to.
#[derive(Debug, Clone)]
pub struct Day {
    /// Which.
    pub on: Date,
    /// What the connectors did, in order.
    pub outcomes: Vec<Outcome>,
    /// How many people had an answer.
    pub answered: usize,
    /// Runs of a worker that stopped it, with their causes. It is run again later the same day.
    pub stopped: Vec<String>,
}

impl Day {
    fn new(on: Date) -> Self {
        Self {
            on,
            outcomes: Vec::new(),
            answered: 0,
            stopped: Vec::new(),
        }
    }
}

/// Why a year cannot be walked to its end.
#[derive(Debug, thiserror::Error)]
pub enum YearError {
    /// Somebody is due again and again on one day.
    #[error("on {0} the connectors do not come to rest")]
    Restless(Date),
    /// A connector.
    #[error("reading the services")]
    Connect(#[from] ConnectError),
    /// The log.
    #[error("the log")]
    Log(#[from] LogError),
    /// The projector.
    #[error("projecting")]
    Project(#[from] ProjectError),
    /// The store.
    #[error("the store")]
    Store(#[from] StoreError),
    /// The link role.
    #[error("linking")]
    Link(#[from] LinkError),
    /// The queue of TRNs.
    #[error("the queue of TRNs")]
    Queue(#[from] QueueError),
    /// The extracts.
    #[error("writing an extract")]
    Extract(#[from] ExtractError),
}

impl<L: Log, S: Store> Year<L, S> {
    /// A year about to begin, on an empty log with simulated time and an empty store. `told` hears of every page and
    /// delivery.
    ///
    /// # Errors
    ///
    /// A queue that cannot be written.
    pub async fn begin(
        sources: Sources,
        log: L,
        store: S,
        means: Means,
        kek: &dyn Fn() -> KeyEncryptionKey,
        told: Arc<dyn Fn(&Told) + Send + Sync>,
    ) -> Result<Self, YearError> {
        sources.tell_known(&means).await?;
        let (pace, random) = (Arc::clone(&means.pace), Arc::clone(&means.random));
        let mut shared = Shared::new(log.clone(), pace, random, kek());
        shared.told = told;
        // So few people leave extracts without a row in them, and that is right.
        for feed in [Feed::TvVacancies, Feed::TvJobApplications] {
            let bounds = Bounds {
                empty: Emptiness::Passes,
                ..Bounds::of(feed)
            };
            shared.ingest.bounds.insert(feed, bounds);
        }
        let supervisor = Supervisor::new(Arc::new(shared), sources.workers(&means));
        let next = sources.population.plan.window.from;
        let served = LastServed::of(sources.upstreams.clone());
        Ok(Self {
            sources,
            score: Score::default(),
            log,
            store,
            kek: kek(),
            supervisor,
            means,
            answers: Answers::default(),
            served,
            next,
        })
    }

    /// The means that the connectors have.
    #[must_use]
    pub fn means(&self) -> &Means {
        &self.means
    }

    /// Walks the next day; `None` after the last. `project` brings the store up to the head of the log.
    ///
    /// # Errors
    ///
    /// A port that fails, or connectors that do not come to rest. What the services do wrong is no error: it is in the
    /// day's outcomes.
    pub async fn walk_a_day(
        &mut self,
        mut project: impl AsyncFnMut() -> Result<(), YearError>,
    ) -> Result<Option<Day>, YearError> {
        let on = self.next;
        if on >= self.sources.population.plan.window.to {
            return Ok(None);
        }
        let evening = end_of_london_day(on);
        if on.weekday() == EXTRACT_ON {
            self.write_extracts()?;
        }
        let mut day = Day::new(on);
        let clock = Arc::clone(&self.sources.clock);
        self.until(&clock, evening, &mut day).await?;
        self.pass_to(evening).await?;
        if on.weekday() == EXTRACT_ON {
            self.link().await?;
        }
        project().await?;
        self.served.catch_up(&self.log).await?;
        let answers = self
            .answers
            .on(&self.store, &self.sources.population.truth, on)
            .await?;
        day.answered = answers.len();
        for answer in &answers {
            self.score
                .take(&self.sources.population.truth, &self.served, answer);
        }
        self.next = on.tomorrow().unwrap_or(self.sources.population.plan.window.to);
        Ok(Some(day))
    }

    /// Walks some days more in which nothing goes wrong and nobody is asked about, so that every service is swept once
    /// more.
    ///
    /// # Errors
    ///
    /// As [`Year::walk_a_day`].
    pub async fn calm_down(&mut self, days: u8) -> Result<(), YearError> {
        self.sources.upstreams.calm();
        let clock = Arc::clone(&self.sources.clock);
        for _ in 0..days {
            let mut day = Day::new(self.next);
            if self.next.weekday() == EXTRACT_ON {
                self.write_extracts()?;
            }
            let evening = end_of_london_day(self.next);
            self.until(&clock, evening, &mut day).await?;
            self.pass_to(evening).await?;
            self.next = self.next.tomorrow().unwrap_or(self.next);
        }
        self.served.catch_up(&self.log).await?;
        Ok(())
    }

    /// As of when each record was served last.
    #[must_use]
    pub fn served(&self) -> &LastServed {
        &self.served
    }

    /// Runs whatever is due until an evening.
    async fn until(
        &mut self,
        clock: &ManualClock,
        evening: Timestamp,
        day: &mut Day,
    ) -> Result<(), YearError> {
        for _ in 0..RUNS_MAX {
            let due = self.supervisor.next_due().await?;
            let Some(due) = due.filter(|due| *due <= evening && clock.now() <= evening) else {
                return Ok(());
            };
            clock.until(due).await;
            match self.supervisor.run_due().await {
                Ok(outcomes) => day.outcomes.extend(outcomes),
                Err(error) => {
                    day.stopped.push(error.chain());
                    clock
                        .until(clock.now() + jiff::SignedDuration::from_mins(10))
                        .await;
                }
            }
        }
        Err(YearError::Restless(day.on))
    }

    /// Lets the log's time pass up to then, through the milestones on the way.
    async fn pass_to(&self, evening: Timestamp) -> Result<(), YearError> {
        let facts = self.log.facts(Stream::Events).await?;
        let clock = &self.sources.clock;
        clock.advance_to(evening);
        let policies = adoption::on_log(&self.log).await?.policies;
        let last = self.log.get(Stream::Events, facts.last_sequence).await?;
        let from = last.and_then(|last| ltr_proto::codec::decode(&last.payload).ok());
        let from = from.map(|entry| entry.recorded_at().0);
        calendar::advance(&self.log, &policies.in_force().calendar, from, clock.now()).await?;
        Ok(())
    }

    /// Publishes the matches that rules find.
    async fn link(&self) -> Result<(), YearError> {
        let edge = Edge {
            clock: &*self.sources.clock,
            kek: &self.kek,
        };
        ltr_link::run(
            &ltr_link::Config::default(),
            &self.log,
            &edge,
            ltr_link::Until::Head,
            ltr_link::Writing::Publish,
            std::future::pending(),
            |_| {},
        )
        .await?;
        Ok(())
    }

    fn write_extracts(&self) -> Result<(), ExtractError> {
        for feed in [ExtractFeed::Vacancies, ExtractFeed::JobApplications] {
            self.sources
                .upstreams
                .write_extract(self.sources.extracts(), feed, Extract::Complete)?;
        }
        Ok(())
    }
}
