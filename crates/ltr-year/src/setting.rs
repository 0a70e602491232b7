//! What a year is walked with: who lives in it, the doubles that tell of them, and the connectors that read the doubles.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ltr_connect::http::{Http, InProcess};
use ltr_connect::register::ProviderToken;
use ltr_connect::secret::Secret;
use ltr_connect::trs::Persons;
use ltr_connect::vacancies::{Extracts, Postings};
use ltr_connect::{Means, Worker, apply, register, trs, vacancies};
use ltr_domain::ids::Feed;
use ltr_domain::time::start_of_london_day;
use ltr_population::provider::Token;
use ltr_population::{Plan, Population};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::Log;
use ltr_ports::rereads::{QueueError, Reread, Urgency};
use ltr_upstreams::{Faults, Service, Upstreams, World};

/// Under which name the connectors ask services that know their clients by name.
const CLIENT: &str = "ltr";

/// Hourly reading tells nothing more of a day than one reading of it.
const DAILY: SignedDuration = SignedDuration::from_hours(24);

/// What a year is walked with.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Who lives in it, and which days are walked.
    pub plan: Plan,
    /// What goes wrong at the services.
    pub faults: Faults,
    /// Where Teaching Vacancies leaves its extracts.
    pub extracts: PathBuf,
}

/// The services, and everybody they tell of.
#[derive(Debug)]
pub struct Sources {
    /// Everybody and what is true of them; the world itself is with the doubles.
    pub population: Population,
    /// The doubles of the services.
    pub upstreams: Upstreams,
    /// The time, for everybody.
    pub clock: Arc<ManualClock>,
    extracts: PathBuf,
}

impl Setting {
    /// Makes the population and opens the services in the morning of the first day.
    #[must_use]
    pub fn open(&self) -> Sources {
        let mut population = Population::planned(self.plan);
        let world: Arc<World> = Arc::new(std::mem::take(&mut population.world));
        let clock = Arc::new(ManualClock::at(start_of_london_day(self.plan.window.from)));
        let upstreams = Upstreams::new(world, Arc::clone(&clock) as _, self.faults.clone());
        Sources {
            population,
            upstreams,
            clock,
            extracts: self.extracts.clone(),
        }
    }
}

impl Sources {
    /// The connectors of every service that gave us leave, on means of the same clock. Doubles are called within the
    /// process.
    #[must_use]
    pub fn workers<L: Log>(&self, means: &Means) -> Vec<Box<dyn Worker<L>>> {
        let apply_http: Arc<dyn Http> = Arc::new(InProcess::new(self.upstreams.apply(), ""));
        let candidates = means.caller(Arc::clone(&apply_http), apply::limit());
        let recruits = means.caller(apply_http, apply::limit());
        let key = |service| Secret::new(self.upstreams.token(service, CLIENT));
        let register_http = Arc::new(InProcess::new(self.upstreams.register(), "/api/v2026.1"));
        let tokens = self.population.providers.iter();
        let tokens = tokens.filter(|provider| provider.token == Token::Given);
        let tokens = tokens.map(|provider| ProviderToken {
            provider: provider.ukprn,
            token: Secret::new(
                self.upstreams
                    .token(Service::Register, &provider.ukprn.to_string()),
            ),
        });
        let trainees = means.caller(register_http, register::limit());
        let persons = means.caller(Arc::new(InProcess::new(self.upstreams.trs(), "")), trs::limit());
        let jobs = Arc::new(InProcess::new(self.upstreams.vacancies(), ""));
        let postings = means.caller(jobs, vacancies::limit());
        vec![
            Box::new(apply::Candidates::new(
                candidates,
                key(Service::Candidates),
                apply::Settings {
                    changes_every: DAILY,
                    ..apply::Settings::default()
                },
            )),
            Box::new(apply::Recruits::new(
                recruits,
                key(Service::Recruits),
                apply::Settings {
                    changes_every: DAILY,
                    ..apply::Settings::default()
                },
            )),
            Box::new(register::Trainees::new(
                trainees,
                tokens.collect(),
                register::Settings {
                    changes_every: DAILY,
                    years_back: 1,
                    ..register::Settings::default()
                },
            )),
            Box::new(Persons::new(
                persons,
                key(Service::Trs),
                Arc::clone(&means.rereads),
                trs::Settings::default(),
            )),
            Box::new(Extracts::new(Feed::TvVacancies, &self.extracts)),
            Box::new(Extracts::new(Feed::TvJobApplications, &self.extracts)),
            Box::new(Postings::new(postings, Postings::EVERY)),
        ]
    }

    /// Tells the queue of the TRNs that no other source leads to, as a list of known teachers would.
    ///
    /// # Errors
    ///
    /// A queue that cannot be written.
    pub async fn tell_known(&self, means: &Means) -> Result<(), QueueError> {
        let asked_at = means.pace.now();
        let rereads = self.population.known_trns.iter().map(|trn| Reread {
            trn: *trn,
            urgency: Urgency::Hint,
            asked_at,
        });
        means.rereads.add(rereads.collect()).await
    }

    /// The same people and clock with other doubles.
    pub(crate) fn with(&self, upstreams: Upstreams) -> Self {
        Self {
            population: self.population.clone(),
            upstreams,
            clock: Arc::clone(&self.clock),
            extracts: self.extracts.clone(),
        }
    }

    /// Where extracts are left.
    #[must_use]
    pub fn extracts(&self) -> &Path {
        &self.extracts
    }

    /// The first and the last day.
    #[must_use]
    pub fn days(&self) -> (Date, Date) {
        let window = self.population.plan.window;
        (window.from, window.to.yesterday().unwrap_or(window.to))
    }

    /// The instant at which the services open.
    #[must_use]
    pub fn opens_at(&self) -> Timestamp {
        start_of_london_day(self.population.plan.window.from)
    }
}
