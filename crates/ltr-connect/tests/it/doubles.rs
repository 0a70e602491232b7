//! The connectors against the doubles of the services, over weeks of simulated time: limits, faults, and what is on the
//! log in the end.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use futures::future::BoxFuture;
use jiff::SignedDuration;
use ltr_connect::http::{Http, HttpError, InProcess, Request, Response};
use ltr_connect::register::ProviderToken;
use ltr_connect::secret::Secret;
use ltr_connect::webhook::{Keys, Receiver};
use ltr_connect::{Supervisor, Worker, apply, register, trs};
use ltr_domain::ids::{RecordId, Ukprn};
use ltr_ports::log::mem::MemLog;
use ltr_ports::rereads::mem::MemRereads;
use ltr_upstreams::webhooks::{Endpoint, Form};
use ltr_upstreams::{Fault, Faults, Service, Upstreams, World};

use crate::house::{House, at, response};
use crate::people::{PROVIDERS, world};

/// Lets others run before each request, so that whoever asks can be stopped between two.
struct Yielding(InProcess);

impl Http for Yielding {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.0.get(request).await
        })
    }
}

struct Town {
    house: House,
    upstreams: Upstreams,
    limits: [Arc<ltr_connect::limit::Limit>; 2],
}

impl Town {
    fn new(world: World, faults: Faults) -> Self {
        let house = House::at("2026-09-21T08:00:00Z");
        let upstreams = Upstreams::new(Arc::new(world), house.clock.clone(), faults);
        Self {
            house,
            upstreams,
            limits: [register::limit(), trs::limit()],
        }
    }

    fn http(&self, base: &str) -> Arc<dyn Http> {
        Arc::new(Yielding(InProcess::new(self.upstreams.all(), base)))
    }

    fn secret(&self, service: Service, who: &str) -> Secret {
        Secret::new(self.upstreams.token(service, who))
    }

    fn workers(&self) -> Vec<Box<dyn Worker<MemLog>>> {
        let means = &self.house.means;
        let settings = apply::Settings {
            per_page: 20,
            rows_per_delivery: 45,
            ..apply::Settings::default()
        };
        let caller = means.caller(self.http(""), apply::limit());
        let candidates = apply::Candidates::new(
            caller.clone(),
            self.secret(Service::Candidates, "ltr"),
            settings.clone(),
        );
        let recruits = apply::Recruits::new(caller, self.secret(Service::Recruits, "ltr"), settings);
        let tokens = PROVIDERS.map(|provider| ProviderToken {
            provider: Ukprn::parse(provider).unwrap(),
            token: self.secret(Service::Register, provider),
        });
        let caller = means.caller(self.http("/api/v2026.1"), Arc::clone(&self.limits[0]));
        let settings = register::Settings {
            per_page: 10,
            years_back: 0,
            ..register::Settings::default()
        };
        let trainees = register::Trainees::new(caller, tokens.to_vec(), settings);
        let caller = means.caller(self.http(""), Arc::clone(&self.limits[1]));
        let key = self.secret(Service::Trs, "ltr");
        let rereads = Arc::clone(&means.rereads);
        let persons = trs::Persons::new(caller, key, rereads, trs::Settings::default());
        vec![
            Box::new(candidates),
            Box::new(recruits),
            Box::new(trainees),
            Box::new(persons),
        ]
    }

    fn supervisor(&self) -> Supervisor<MemLog> {
        self.house.supervisor(self.workers())
    }

    /// Runs what is due, as time moves on to what is due next, until `to`. What fails is tried again by itself.
    async fn walk(&self, supervisor: &mut Supervisor<MemLog>, to: &str) {
        let to = at(to);
        loop {
            let due = supervisor.next_due().await.unwrap().unwrap();
            if due > to {
                self.house.clock.advance_to(to);
                return;
            }
            self.house.clock.advance_to(due);
            supervisor.run_due().await.unwrap();
        }
    }

    async fn states(&self) -> BTreeMap<RecordId, String> {
        self.house.states().await
    }

    /// No service was asked more often than it allows.
    fn assert_limits(&self) {
        for minute in self.upstreams.requests() {
            assert_eq!(minute.refused, 0, "{minute:?}");
        }
    }
}

/// What is on the log after everything is read that the doubles have at the end of a time.
async fn settled(count: u32, days: u32, to: &str) -> BTreeMap<RecordId, String> {
    let town = Town::new(world(count, days), Faults::none());
    town.walk(&mut town.supervisor(), to).await;
    town.assert_limits();
    town.states().await
}

fn assert_same(found: &BTreeMap<RecordId, String>, wanted: &BTreeMap<RecordId, String>) {
    for (record, state) in wanted {
        assert_eq!(found.get(record), Some(state), "{record}");
    }
    assert_eq!(found.len(), wanted.len());
}

#[tokio::test]
async fn everything_the_services_tell_is_on_the_log_and_no_limit_is_overstepped() {
    let states = settled(60, 12, "2026-10-12T08:00:00Z").await;
    // A candidate, a choice, a recruit, a trainee and a person each; and whom one of them was merged into.
    assert_eq!(states.len(), 60 * 5 + 1);
    let count = |text: &str| states.values().filter(|state| state.contains(text)).count();
    assert_eq!(count("MergedInto"), 1);
    assert_eq!(count("state: Deferred"), 2);
    assert_eq!(count("OfferDeferred"), 4);
    assert_eq!(count("placement-1"), 2);
}

#[tokio::test]
async fn limits_are_kept_to_the_request() {
    let town = Town::new(world(2_600, 0), Faults::none());
    town.walk(&mut town.supervisor(), "2026-09-21T20:00:00Z").await;
    town.assert_limits();
    let most = |service| {
        let minutes = town.upstreams.requests();
        let asked = minutes
            .iter()
            .filter(|minute| minute.service == service)
            .map(|minute| minute.asked);
        asked.max().unwrap()
    };
    // They are used up, too: 2,600 trainees on pages of ten, and 2,600 persons.
    assert_eq!((most(Service::Register), most(Service::Trs)), (100, 1_000));
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_changes_nothing_in_the_end() {
    let to = "2026-11-09T08:00:00Z";
    let wanted = settled(60, 30, to).await;
    let faults = [
        Fault::SlowQuery,
        Fault::ServerErrors,
        Fault::TooManyRequests,
        Fault::Outage,
        Fault::TruncatedBody,
        Fault::EmptyBody,
        Fault::ByteOrderMark,
        Fault::DriftingPages,
        Fault::DuplicatedRows,
        Fault::ReorderedRows,
        Fault::MixedInstants,
        Fault::StaleReplica,
    ];
    for seed in [1, 2] {
        let town = Town::new(world(60, 30), Faults::new(seed, faults));
        town.walk(&mut town.supervisor(), to).await;
        assert_same(&town.states().await, &wanted);
    }
}

/// Polls a future so many times at most; whether it ended.
async fn polled(future: impl Future, times: u32) -> bool {
    let mut future = pin!(future);
    let mut left = times;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    })
    .await
}

#[tokio::test]
async fn killed_anywhere_and_started_again_it_ends_the_same() {
    let to = "2026-10-05T08:00:00Z";
    let wanted = settled(60, 6, to).await;
    let town = Town::new(world(60, 6), Faults::none());
    let mut kills = 0;
    for times in 1.. {
        let mut supervisor = town.supervisor();
        // Each life lasts a few requests longer than the one before.
        if polled(town.walk(&mut supervisor, to), times * 5).await {
            break;
        }
        kills += 1;
    }
    assert!(kills > 20, "{kills}");
    assert_same(&town.states().await, &wanted);
}

#[tokio::test]
async fn losing_the_queue_loses_nothing() {
    let to = "2026-10-05T08:00:00Z";
    let wanted = settled(60, 6, to).await;
    let mut town = Town::new(world(60, 6), Faults::none());
    for day in [
        "2026-09-21T09:30:00Z",
        "2026-09-22T10:00:00Z",
        "2026-09-25T12:00:00Z",
        to,
    ] {
        town.house.means.rereads = Arc::new(MemRereads::new(
            town.house.clock.clone(),
            SignedDuration::from_mins(5),
        ));
        town.walk(&mut town.supervisor(), day).await;
    }
    assert_same(&town.states().await, &wanted);
}

#[tokio::test]
async fn a_webhook_of_the_service_brings_a_reading_forward() {
    for form in [Form::Current, Form::Documented] {
        let town = Town::new(world(60, 6), Faults::none());
        let mut supervisor = town.supervisor();
        town.walk(&mut supervisor, "2026-09-24T08:00:00Z").await;
        let target = "http://ltr.example/webhooks/trs";
        let receiver = Receiver::new(
            target,
            Keys::new(town.http(""), "/webhook-jwks"),
            Arc::clone(&town.house.means.rereads),
            town.house.clock.clone(),
        );
        let router = Arc::new(receiver).router();
        let endpoint = Endpoint::InProcess {
            router,
            target: target.parse().unwrap(),
        };
        let mut webhooks = town.upstreams.webhooks(endpoint).in_form(form);
        let told = webhooks.next_due().unwrap();
        let before = told - SignedDuration::from_secs(1);
        town.walk(&mut supervisor, &before.to_string()).await;
        town.house.clock.advance_to(told);
        assert_eq!(webhooks.send_due().await.taken, 1);
        // At once, and not when its turn comes.
        assert_eq!(supervisor.next_due().await.unwrap(), Some(town.house.now()));
        let has_alert =
            |states: &BTreeMap<RecordId, String>| states.values().any(|state| state.contains("00000063"));
        assert!(!has_alert(&town.states().await));
        supervisor.run_due().await.unwrap();
        assert!(has_alert(&town.states().await));
    }
}

#[tokio::test]
async fn a_service_that_answers_404_to_everything_loses_nobody() {
    let town = Town::new(world(60, 0), Faults::none());
    town.walk(&mut town.supervisor(), "2026-09-22T08:00:00Z").await;
    let before = town.states().await;
    let lost = Town {
        upstreams: Upstreams::new(
            Arc::new(World::default()),
            town.house.clock.clone(),
            Faults::none(),
        ),
        ..town
    };
    lost.walk(&mut lost.supervisor(), "2026-09-23T12:00:00Z").await;
    let persons = |states: BTreeMap<RecordId, String>| -> Vec<String> {
        let persons = states
            .into_iter()
            .filter(|(record, _)| record.key.starts_with("999"));
        persons.map(|(_, state)| state).collect()
    };
    assert_eq!(persons(lost.states().await), persons(before));
}

/// A service that never gets over one question.
struct Stumbling {
    through: InProcess,
    over: String,
}

impl Http for Stumbling {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        if request.path.ends_with(&self.over) {
            return Box::pin(std::future::ready(Ok(response(400, "what?"))));
        }
        self.through.get(request)
    }
}

#[tokio::test]
async fn a_candidate_about_whom_nothing_can_be_read_holds_up_nobody_else() {
    let town = Town::new(world(60, 0), Faults::none());
    let through = InProcess::new(town.upstreams.all(), "");
    let (first, _) = town.upstreams.world().apply.iter().next().unwrap();
    let over = format!("/candidates/{first}");
    let caller = town
        .house
        .means
        .caller(Arc::new(Stumbling { through, over }), apply::limit());
    let settings = apply::Settings {
        everything_every: SignedDuration::from_hours(1_000),
        unseen_after: SignedDuration::from_hours(48),
        ..apply::Settings::default()
    };
    let key = town.secret(Service::Candidates, "ltr");
    let mut candidates: Box<dyn Worker<MemLog>> = Box::new(apply::Candidates::new(caller, key, settings));
    let shared = town.house.shared();
    candidates.run_once(&shared).await.unwrap();
    town.house.clock.advance_to(at("2026-09-24T08:00:00Z"));
    let outcome = candidates.run_once(&shared).await.unwrap();
    let parts: Vec<_> = outcome
        .failures
        .iter()
        .map(|failed| failed.part.as_str())
        .collect();
    assert_eq!(parts, ["candidates unseen"]);
    assert_eq!(outcome.counts.rows, 59);
    town.house.clock.advance_to(at("2026-09-24T08:02:00Z"));
    let outcome = candidates.run_once(&shared).await.unwrap();
    assert_eq!(
        (outcome.requests, outcome.failures.len()),
        (0, 0),
        "not before tomorrow"
    );
}
