//! `ltr up --with-upstreams`: doubles of the upstream services with made-up people, and connectors that read them over
//! HTTP as they would read the real ones.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use ltr_connect::http::{Http, HttpClient};
use ltr_connect::register::ProviderToken;
use ltr_connect::secret::Secret;
use ltr_connect::vacancies::{Extracts, Postings};
use ltr_connect::webhook::{Keys, Receiver};
use ltr_connect::{Means, Shared, Supervisor, Worker, apply, register, trs, vacancies};
use ltr_domain::ids::{Feed, Trn};
use ltr_log_nats::{NatsLog, NatsNextRuns, NatsRereads};
use ltr_population::Population;
use ltr_ports::clock::{Clock, SystemClock};
use ltr_ports::rereads::{LEASE, Reread, Urgency};
use ltr_upstreams::webhooks::Endpoint;
use ltr_upstreams::{Extract, ExtractFeed, Faults, Service, Upstreams};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::House;
use crate::cli::Upstreams as Asked;
use crate::failure::Failure;
use crate::{kek, output};

/// Who asks the doubles.
const CLIENT: &str = "ltr";

/// The doubles and what reads them. They end when this is dropped.
pub(super) struct Doubles {
    pub(super) address: SocketAddr,
    tasks: JoinSet<anyhow::Result<()>>,
    /// Where extract files arrive.
    _extracts: TempDir,
}

impl Doubles {
    /// Makes people, serves them, and reads them onto the house's log.
    pub(super) async fn start(house: &House, asked: &Asked) -> anyhow::Result<Self> {
        let faults =
            Faults::parse(asked.seed, &asked.faults).map_err(|error| Failure::Usage(error.to_string()))?;
        let population = Population::of(asked.seed, asked.people);
        output::note(&format!(
            "{} made-up people of seed {}, with {} providers",
            asked.people,
            asked.seed,
            population.providers.len()
        ));
        let upstreams = Upstreams::new(Arc::new(population.world), Arc::new(SystemClock), faults);
        let extracts = tempfile::tempdir().context("making a folder for extract files")?;
        for feed in [ExtractFeed::Vacancies, ExtractFeed::JobApplications] {
            upstreams.write_extract(extracts.path(), feed, Extract::Complete)?;
        }
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("binding the doubles")?;
        let address = listener.local_addr()?;
        let mut tasks = JoinSet::new();
        let served = upstreams.clone();
        tasks.spawn(async move { Ok(served.serve(listener, std::future::pending()).await?) });

        let means = means(house).await?;
        let read = Read {
            upstreams: &upstreams,
            means: &means,
            address,
        };
        let mut workers = read.workers(
            population
                .providers
                .iter()
                .filter(|provider| matches!(provider.token, ltr_population::provider::Token::Given))
                .map(|provider| provider.ukprn),
        )?;
        for feed in [Feed::TvVacancies, Feed::TvJobApplications] {
            workers.push(Box::new(Extracts::new(feed, extracts.path())));
        }
        read.receive(&mut tasks).await?;
        means.rereads.add(hints(&population.known_trns)).await?;
        let kek = kek::load(&house.config)?;
        let mut shared = Shared::new(
            house.log.clone(),
            Arc::clone(&means.pace),
            Arc::clone(&means.random),
            kek,
        );
        shared.next_runs = Arc::new(NatsNextRuns::beside(&house.log));
        let supervisor = Supervisor::new(Arc::new(shared), workers);
        tasks.spawn(async move {
            let told = |outcome: Result<&_, &ltr_connect::ConnectError>| match outcome {
                Ok(outcome) => crate::cmd::connect::report(outcome, crate::cmd::connect::Form::Text),
                Err(error) => output::note(&format!("ltr: {}", error.chain())),
            };
            supervisor.run(std::future::pending(), told).await;
            Ok(())
        });
        Ok(Self {
            address,
            tasks,
            _extracts: extracts,
        })
    }

    /// Ends when one of them ends by itself, which it should not.
    pub(super) async fn ended(&mut self) -> anyhow::Result<()> {
        match self.tasks.join_next().await {
            Some(ended) => ended?.context("the doubles or their readers ended"),
            None => std::future::pending().await,
        }
    }
}

async fn means(house: &House) -> anyhow::Result<Means> {
    let rereads = NatsRereads::open(&house.log, LEASE)
        .await
        .context("opening the queue of TRNs to read again")?;
    Ok(Means {
        pace: Arc::new(SystemClock),
        random: Arc::new(kek::random),
        patience: ltr_connect::retry::Patience::default(),
        rereads: Arc::new(rereads),
    })
}

/// TRNs that no source leads to: somebody has a list of them.
fn hints(trns: &[Trn]) -> Vec<Reread> {
    let asked_at: Timestamp = SystemClock.now();
    let hint = |trn: &Trn| Reread {
        trn: *trn,
        urgency: Urgency::Hint,
        asked_at,
    };
    trns.iter().map(hint).collect()
}

/// What reading the doubles needs.
struct Read<'a> {
    upstreams: &'a Upstreams,
    means: &'a Means,
    address: SocketAddr,
}

impl Read<'_> {
    fn http(&self, base: &str) -> anyhow::Result<Arc<dyn Http>> {
        Ok(Arc::new(HttpClient::new(&format!(
            "http://{}{base}",
            self.address
        ))?))
    }

    fn secret(&self, service: Service, who: &str) -> Secret {
        Secret::new(self.upstreams.token(service, who))
    }

    fn workers(
        &self,
        providers: impl Iterator<Item = ltr_domain::ids::Ukprn>,
    ) -> anyhow::Result<Vec<Box<dyn Worker<NatsLog>>>> {
        let means = self.means;
        let caller = means.caller(self.http("")?, apply::limit());
        let (candidates, recruits) = (
            self.secret(Service::Candidates, CLIENT),
            self.secret(Service::Recruits, CLIENT),
        );
        let candidates = apply::Candidates::new(caller.clone(), candidates, apply::Settings::default());
        let recruits = apply::Recruits::new(caller, recruits, apply::Settings::default());
        let tokens = providers.map(|provider| ProviderToken {
            provider,
            token: self.secret(Service::Register, &provider.to_string()),
        });
        let caller = means.caller(self.http("/api/v2026.1")?, register::limit());
        let settings = register::Settings {
            years_back: 1,
            ..register::Settings::default()
        };
        let trainees = register::Trainees::new(caller, tokens.collect(), settings);
        let caller = means.caller(self.http("")?, trs::limit());
        let (key, rereads) = (self.secret(Service::Trs, CLIENT), Arc::clone(&means.rereads));
        let persons = trs::Persons::new(caller, key, rereads, trs::Settings::default());
        let caller = means.caller(self.http("")?, vacancies::limit());
        let postings = Postings::new(caller, Postings::EVERY);
        Ok(vec![
            Box::new(candidates),
            Box::new(recruits),
            Box::new(trainees),
            Box::new(persons),
            Box::new(postings),
        ])
    }

    /// Lets the double of TRS send its webhooks to a receiver.
    async fn receive(&self, tasks: &mut JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("listening for webhooks")?;
        let target = format!("http://{}/webhooks/trs", listener.local_addr()?);
        let keys = Keys::new(self.http("")?, "/webhook-jwks");
        let rereads = Arc::clone(&self.means.rereads);
        let receiver = Receiver::new(&target, keys, rereads, Arc::new(SystemClock));
        tasks.spawn(async move { Ok(Arc::new(receiver).serve(listener).await?) });
        let mut webhooks = self.upstreams.webhooks(Endpoint::Address(target.parse()?));
        tasks.spawn(async move {
            webhooks.run(&SystemClock).await;
            // Nothing will happen any more in this world.
            std::future::pending().await
        });
        Ok(())
    }
}
