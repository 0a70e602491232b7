//! Doubles of the four upstream services: a world of what they hold over time, and HTTP services that answer from it as
//! the real ones would. For development and tests only; everybody in a world is made up.
//!
//! What the doubles do and leave undone, and every fault, is in `docs/upstream-doubles.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Ukprn;
use ltr_ports::clock::Clock;
use tokio::net::TcpListener;

pub mod faults;
pub mod requests;
pub mod service;
pub mod world;

mod apply;
mod list;
mod params;
mod register;
mod render;
mod trs;
mod vacancies;
pub mod webhooks;

pub use faults::{Fault, Faults, FaultsError};
pub use requests::Requested;
pub use service::Service;
pub use vacancies::extract::{Extract, ExtractError, ExtractFeed};
pub use webhooks::{Webhook, Webhooks};
pub use world::World;

/// How far a stale replica is behind.
const STALE_BY: SignedDuration = SignedDuration::from_hours(12);

static NO_FAULTS: LazyLock<Faults> = LazyLock::new(Faults::none);

/// The doubles of one world. Clones share their counts and keys.
#[derive(Clone)]
pub struct Upstreams(Arc<Inner>);

impl std::fmt::Debug for Upstreams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstreams")
            .field("faults", &self.0.faults)
            .finish_non_exhaustive()
    }
}

struct Inner {
    world: Arc<World>,
    clock: Arc<dyn Clock>,
    faults: Faults,
    calm: AtomicBool,
    counts: requests::Counts,
    keys: webhooks::Keys,
    /// The places that Apply's list of recruits ever tells of.
    places: apply::recruits::Places,
    /// The trainees that each provider ever had.
    owned: BTreeMap<Ukprn, BTreeSet<world::Text>>,
}

impl Upstreams {
    /// Doubles that serve `world` as it is by `clock`.
    #[must_use]
    pub fn new(world: Arc<World>, clock: Arc<dyn Clock>, faults: Faults) -> Self {
        let mut owned: BTreeMap<Ukprn, BTreeSet<world::Text>> = BTreeMap::new();
        for (slug, timeline) in world.register.iter() {
            for trainee in timeline
                .versions()
                .iter()
                .filter_map(|version| version.value.as_ref())
            {
                owned.entry(trainee.ukprn).or_default().insert(slug.clone());
            }
        }
        let places = apply::recruits::Places::of(&world);
        Self(Arc::new(Inner {
            world,
            places,
            clock,
            faults,
            calm: AtomicBool::new(false),
            counts: requests::Counts::default(),
            keys: webhooks::Keys::default(),
            owned,
        }))
    }

    /// Apply: the Candidate API v1.4 and the Register API of recruits.
    pub fn apply(&self) -> Router {
        service::around(apply::candidates::router(self), Service::Candidates, self.clone()).merge(
            service::around(apply::recruits::router(self), Service::Recruits, self.clone()),
        )
    }

    /// Register v2026.1.
    pub fn register(&self) -> Router {
        service::around(register::router(self), Service::Register, self.clone())
    }

    /// The Teaching Record System v3, with the keys of its webhooks.
    pub fn trs(&self) -> Router {
        service::around(trs::router(self), Service::Trs, self.clone())
    }

    /// The public list of Teaching Vacancies.
    pub fn vacancies(&self) -> Router {
        service::around(vacancies::router(self), Service::Vacancies, self.clone())
    }

    /// All of them side by side; no path belongs to two.
    pub fn all(&self) -> Router {
        self.apply()
            .merge(self.register())
            .merge(self.trs())
            .merge(self.vacancies())
    }

    /// Serves all of them until `stop` ends.
    ///
    /// # Errors
    ///
    /// The listener breaks down.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let service = self.all().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop).await
    }

    /// The bearer token of `who` at a service: of a provider, by UKPRN, at Register; of any client, by a name of letters
    /// and digits, elsewhere. Teaching Vacancies asks for none.
    #[must_use]
    pub fn token(&self, service: Service, who: &str) -> String {
        let proof = faults::draw(self.0.faults.seed(), &["token", service.name(), who], 0);
        format!("{}.{who}.{proof:016x}", service.name())
    }

    /// Who made how many requests of which service in which minute, so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Requested> {
        self.0.counts.all()
    }

    /// The providers that ever have a trainee.
    pub fn providers(&self) -> impl Iterator<Item = Ukprn> {
        self.0.owned.keys().copied()
    }

    /// Sends the webhooks of this world's TRS to `endpoint`.
    #[must_use]
    pub fn webhooks(&self, endpoint: webhooks::Endpoint) -> Webhooks {
        Webhooks::new(self.clone(), endpoint)
    }

    /// The keys that webhooks are signed with.
    #[must_use]
    pub fn webhook_keys(&self) -> &webhooks::Keys {
        &self.0.keys
    }

    /// The faults that are on.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        if self.0.calm.load(Ordering::Relaxed) {
            &NO_FAULTS
        } else {
            &self.0.faults
        }
    }

    /// From now on nothing goes wrong any more.
    pub fn calm(&self) {
        self.0.calm.store(true, Ordering::Relaxed);
    }

    /// As of when a service answers what it is asked at `now`: earlier on a stale replica.
    #[must_use]
    pub fn as_of(&self, service: Service, now: Timestamp) -> Timestamp {
        match self.faults().spell(Fault::StaleReplica, service, now) {
            Some(_) => now - STALE_BY,
            None => now,
        }
    }

    /// The world that is served.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.0.world
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    fn counts(&self) -> &requests::Counts {
        &self.0.counts
    }

    fn places(&self) -> &apply::recruits::Places {
        &self.0.places
    }

    fn owned_by(&self, provider: Ukprn) -> impl Iterator<Item = &world::Text> {
        self.0.owned.get(&provider).into_iter().flatten()
    }

    /// Whose token a request carries; none if it carries none that is good.
    fn bearer(&self, service: Service, headers: &HeaderMap) -> Option<String> {
        let token = service::bearer_text(headers)?;
        let who = token.strip_prefix(service.name())?.strip_prefix('.')?;
        let (who, _) = who.rsplit_once('.')?;
        (token == self.token(service, who)).then(|| who.to_owned())
    }
}
