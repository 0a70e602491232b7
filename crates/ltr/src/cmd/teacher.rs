//! `ltr teacher`: asks the service, over a connection of its own, so that the command line and every other client are
//! told the same.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_api::RestrictedFacts;
use ltr_api::client::{Client, connect, reason_of};
use ltr_domain::time::{end_of_london_day, london_date};
use ltr_log_nats::{NatsLog, NatsNextRuns};
use ltr_ports::log::{Log, Stream};
use ltr_ports::store::Store;
use ltr_proto::record::{AsOf, GetTeacherRequest, ListTeacherHistoryRequest, Teacher};
use ltr_proto::view;
use ltr_store_pg::PgStore;
use prost::Message;
use serde_json::json;
use tokio::sync::oneshot;

use crate::cli::{TeacherHistory, TeacherShow};
use crate::config::Config;
use crate::failure::Failure;
use crate::{kek, output, render, wiring};

/// How long to wait for what is on the log already to be in the answers.
const FRESH_WITHIN: Duration = Duration::from_secs(10);

/// Shows where a teacher stands.
pub(crate) async fn show(args: &TeacherShow, config: &Config) -> anyhow::Result<()> {
    let restricted = super::serve::restricted(args.asked.allow_restricted);
    with_service(config, restricted, async |client, _, now| {
        let as_of = as_of(args.asked.on, args.asked.known.as_deref(), now)?;
        let teacher = get(client, &args.asked.id, as_of, args.personal).await?;
        if args.json {
            output::json(&render::teacher_json(&teacher));
        } else {
            output::data(&render::teacher_text(&teacher));
        }
        Ok(())
    })
    .await
}

/// Shows the headline over time.
pub(crate) async fn history(args: &TeacherHistory, config: &Config) -> anyhow::Result<()> {
    let restricted = super::serve::restricted(args.asked.allow_restricted);
    with_service(config, restricted, async |client, _, now| {
        let as_of = as_of(args.asked.on, args.asked.known.as_deref(), now)?;
        let request = ListTeacherHistoryRequest {
            parent: format!("teachers/{}", args.asked.id),
            as_of,
            page_size: 1_000,
            page_token: String::new(),
        };
        let history = client
            .list_teacher_history(request)
            .await
            .map_err(|status| failure(&args.asked.id, &status))?;
        let intervals = history.into_inner().intervals;
        if args.json {
            output::json(&json!(
                intervals.iter().map(render::history_json).collect::<Vec<_>>()
            ));
        } else {
            output::data(&render::history_text(&intervals));
        }
        Ok(())
    })
    .await
}

/// Asks a service for one teacher.
pub(crate) async fn get(
    client: &mut Client,
    id: &str,
    as_of: Option<AsOf>,
    personal: bool,
) -> anyhow::Result<Teacher> {
    let read_mask = personal.then(|| prost_types::FieldMask { paths: every_field() });
    let request = GetTeacherRequest {
        name: format!("teachers/{id}"),
        as_of,
        read_mask,
        at_least_as_fresh: String::new(),
    };
    let response = client
        .get_teacher(request)
        .await
        .map_err(|status| failure(id, &status))?;
    response
        .into_inner()
        .teacher
        .context("the service answered without a teacher")
}

/// Every field of the schema, `personal` among them, which is sent only to those who name it.
fn every_field() -> Vec<String> {
    let schema =
        prost_types::FileDescriptorSet::decode(ltr_proto::FILE_DESCRIPTOR_SET).expect("our own schema");
    let messages = schema
        .file
        .into_iter()
        .filter(|file| file.package() == "ltr.record.v1");
    let teacher = messages
        .flat_map(|file| file.message_type)
        .find(|message| message.name() == "Teacher");
    let fields = teacher.expect("the schema has teachers").field;
    fields.into_iter().map(|field| field.name().to_owned()).collect()
}

/// What an answer is made of, for those who look behind it.
pub(crate) struct Behind {
    pub(crate) log: NatsLog,
    pub(crate) store: PgStore,
}

/// Asks a service of its own, which ends with the question. The log's present instant is told with it.
pub(crate) async fn with_service(
    config: &Config,
    restricted: RestrictedFacts,
    ask: impl AsyncFnOnce(&mut Client, &Behind, Timestamp) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    serve_while(config, restricted, async |address, behind, now| {
        let mut client = connect(address).await?;
        ask(&mut client, behind, now).await
    })
    .await
}

/// Serves on an address of its own while something is asked there.
pub(crate) async fn serve_while(
    config: &Config,
    restricted: RestrictedFacts,
    ask: impl AsyncFnOnce(&str, &Behind, Timestamp) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let store = wiring::store(config).await?;
    let kek = kek::load(config).ok();
    wait_until_fresh(&log, &store).await?;
    let now = wiring::now(&log).await?;
    let api = ltr_api::Config {
        address: ([127, 0, 0, 1], 0).into(),
        restricted,
        ..ltr_api::Config::default()
    };
    let bound = ltr_api::bind(api).await?;
    let bound = bound.with_next_runs(Arc::new(NatsNextRuns::beside(&log)));
    let address = bound.address().to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let behind = Behind {
        log: log.clone(),
        store: store.clone(),
    };
    let serving = tokio::spawn(bound.serve(store, log, wiring::clock(), kek, async {
        let _ = stopped.await;
    }));
    let asked = ask(&address, &behind, now).await;
    let _ = stop.send(());
    serving.await.context("the service ended badly")??;
    asked
}

/// What was ingested before this command is in its answer, if a projector runs.
async fn wait_until_fresh<L: Log, S: Store>(log: &L, store: &S) -> anyhow::Result<()> {
    let last = log.facts(Stream::Events).await?.last_sequence;
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    let waited = tokio::time::timeout(FRESH_WITHIN, async {
        loop {
            tick.tick().await;
            let at = store.checkpoint().await?.map_or(0, |cursor| cursor.sequence);
            if at >= last {
                return anyhow::Ok(());
            }
        }
    })
    .await;
    match waited {
        Ok(fresh) => fresh,
        Err(_) => {
            let at = store.checkpoint().await?.map_or(0, |cursor| cursor.sequence);
            output::note(&format!(
                "the answers are {} messages behind the log; is `ltr project` running?",
                last - at
            ));
            Ok(())
        }
    }
}

/// The moment of a question; `None`: now.
pub(crate) fn as_of(on: Option<Date>, known: Option<&str>, now: Timestamp) -> anyhow::Result<Option<AsOf>> {
    if on.is_none() && known.is_none() {
        return Ok(None);
    }
    let known_at = match known {
        None => None,
        Some(text) => Some(known_at(text, now)?),
    };
    Ok(Some(AsOf {
        effective_on: on.map(|on| on.to_string()).unwrap_or_default(),
        known_at: known_at.map(view::timestamp),
    }))
}

/// An instant, or the end of a London day; of the present day, what is known of it so far.
pub(crate) fn known_at(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    if let Ok(date) = text.parse::<Date>()
        && text.len() == 10
    {
        return Ok(if date == london_date(now) {
            now
        } else {
            end_of_london_day(date)
        });
    }
    let wrong = || {
        Failure::Usage(format!(
            "--known takes a date (2026-11-01) or an instant (2026-11-01T09:00:00Z), not {text:?}"
        ))
    };
    Ok(text.parse().map_err(|_| wrong())?)
}

/// A refusal of the service, with its reason and an exit code of its own.
pub(crate) fn failure(id: &str, status: &tonic::Status) -> anyhow::Error {
    let text = match reason_of(status) {
        Some(reason) => format!("{id}: {} ({reason})", status.message()),
        None => format!("{id}: {}", status.message()),
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other code is a failure of the service"
    )]
    match status.code() {
        tonic::Code::NotFound => Failure::NotFound(text).into(),
        tonic::Code::InvalidArgument => Failure::Usage(text).into(),
        tonic::Code::FailedPrecondition => Failure::Refused(text).into(),
        _ => anyhow::anyhow!(text),
    }
}
