//! Register's trainees: one token a provider, one academic year a question (U§3.1). Changes are asked for by `since`,
//! which is blind to placements, withdrawals and their corrections; full sweeps find those, and who has left.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{Feed, Ukprn};
use ltr_ports::log::Log;

use crate::book::Book;
use crate::caller::Caller;
use crate::gathered::Gathered;
use crate::limit::Limit;
use crate::schedule::{academic_years, sweep_after};
use crate::secret::Secret;
use crate::shared::{HandOver, Shared};
use crate::worker::{ConnectError, Outcome, Setbacks, Worker};

mod walk;

/// The feed's own bound: 100 requests a minute for one address, whatever the tokens.
#[must_use]
pub fn limit() -> Arc<Limit> {
    Arc::new(Limit::new(100, Duration::from_secs(60)))
}

/// How Register is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Trainees on a page.
    pub per_page: u32,
    /// How often changes are asked for.
    pub changes_every: SignedDuration,
    /// How many academic years before the running one are read.
    pub years_back: u8,
    /// How far behind the start of the last run changes are asked for (U§13.2: at least ten minutes).
    pub overlap: SignedDuration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            per_page: 100,
            changes_every: SignedDuration::from_hours(1),
            years_back: 3,
            overlap: SignedDuration::from_mins(15),
        }
    }
}

/// A provider's leave to read its trainees.
#[derive(Debug, Clone)]
pub struct ProviderToken {
    /// Whose.
    pub provider: Ukprn,
    /// The token.
    pub token: Secret,
}

/// Reads `register/trainees`.
#[derive(Debug)]
pub struct Trainees {
    caller: Caller,
    tokens: Vec<ProviderToken>,
    settings: Settings,
    setbacks: Setbacks,
}

/// A provider's trainees of one academic year, and what is due about them.
#[derive(Debug, Clone)]
struct Part {
    token: usize,
    year: i16,
    scope: Scope,
    name: String,
    due: Timestamp,
    task: Task,
    had_rows: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Changes { since: Timestamp },
    Sweep,
}

const FEED: Feed = Feed::RegisterTrainees;

impl Trainees {
    /// A worker with a token for each provider.
    #[must_use]
    pub fn new(caller: Caller, tokens: Vec<ProviderToken>, settings: Settings) -> Self {
        Self {
            caller,
            tokens,
            settings,
            setbacks: Setbacks::default(),
        }
    }

    /// Every provider and year with what is due next about it, the most urgent first.
    fn parts(&self, now: Timestamp, book: &Book) -> Vec<Part> {
        let years = academic_years(now, self.settings.years_back);
        let each = |token| years.clone().map(move |year| (token, year));
        let all = (0..self.tokens.len()).flat_map(each);
        let mut parts: Vec<Part> = all
            .map(|(token, year)| self.part(now, book, token, year))
            .collect();
        parts.sort_by_key(|part| part.due);
        parts
    }

    fn part(&self, now: Timestamp, book: &Book, token: usize, year: i16) -> Part {
        let provider = self.tokens[token].provider;
        let scope = Scope::from([
            ("provider".to_owned(), provider.to_string()),
            ("cycle".to_owned(), year.to_string()),
        ]);
        let past = book.past(FEED, &scope);
        // Where there has never been anybody, an empty reading stands in for a sweep.
        let swept_at = past.swept_at.or(past.read_at.filter(|_| !past.had_rows));
        let sweep = swept_at.map_or(Timestamp::MIN, sweep_after);
        let changes = past.read_at.filter(|_| swept_at.is_some()).map(|read_at| {
            let since = read_at - self.settings.overlap;
            (read_at + self.settings.changes_every, Task::Changes { since })
        });
        let (due, task) = match changes {
            // A sweep tells the changes too.
            Some((due, task)) if due < sweep && sweep > now => (due, task),
            Some(_) | None => (sweep, Task::Sweep),
        };
        let name = format!("provider {provider}, cycle {year}");
        let due = self.setbacks.delay(&name, due);
        Part {
            token,
            year,
            scope,
            name,
            due,
            task,
            had_rows: past.had_rows,
        }
    }

    async fn read<L: Log>(
        &self,
        shared: &Shared<L>,
        part: &Part,
        outcome: &mut Outcome,
    ) -> Result<(), ConnectError> {
        let token = &self.tokens[part.token].token;
        let taken_at = shared.pace.now();
        let walk = walk::Walk {
            caller: &self.caller,
            token,
            year: part.year,
            per_page: self.settings.per_page,
        };
        let mut gathered = Gathered::default();
        let completeness = match part.task {
            Task::Changes { since } => {
                walk.changes(since, &mut gathered).await?;
                Completeness::Partial
            }
            Task::Sweep => {
                let since = taken_at - self.settings.overlap;
                walk.sweep(since, &mut gathered).await?
            }
        };
        let is_unsettled = part.task == Task::Sweep && completeness == Completeness::Partial;
        // A 404 alone does not prove that a provider has nobody: such a year is not yet covered.
        let is_proven = part.had_rows || gathered.count() > 0;
        let completeness = if is_proven {
            completeness
        } else {
            Completeness::Partial
        };
        let handed = HandOver {
            feed: FEED,
            scope: part.scope.clone(),
            completeness,
            taken_at,
            gathered,
        };
        outcome.add(&shared.deliver(handed).await?);
        if is_unsettled {
            return Err(ConnectError::Shape {
                address: format!("the sweep of {}", part.name),
                what: "the same trainees in the end as it began with",
            });
        }
        Ok(())
    }
}

impl<L: Log> Worker<L> for Trainees {
    fn feed(&self) -> Feed {
        FEED
    }

    fn due(&self, now: Timestamp, book: &Book) -> Option<Timestamp> {
        self.parts(now, book).first().map(|part| part.due)
    }

    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>> {
        async move {
            let now = shared.pace.now();
            let mut outcome = Outcome::new(FEED, now);
            let asked = self.caller.requests();
            let mut parts = self.parts(now, &shared.book().await?.book);
            parts.retain(|part| part.due <= now);
            for part in parts {
                let read = self.read(shared, &part, &mut outcome).await;
                self.setbacks
                    .settle(&part.name, shared.pace.now(), read, &mut outcome);
            }
            outcome.requests = self.caller.requests() - asked;
            Ok(outcome)
        }
        .boxed()
    }
}
