//! Runs the scripts under `tests/scenarios`, each on the in-memory twins and on the real servers. What a line means is
//! in the README there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use expect_test::expect_file;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_api::client::{Client, connect, connect_identity};
use ltr_devservers::{Options as ServerOptions, Servers};
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{DeliveryId, Feed, PersonId, RecordId};
use ltr_domain::policy::Policy;
use ltr_domain::time::{KnownAt, RecordedAt, TakenAt, end_of_london_day};
use ltr_ingest::{Backfill, Config as IngestConfig, DeliveryPlan, Edge};
use ltr_log_nats::{NatsLog, Options};
use ltr_ports::clock::{ManualClock, SystemClock};
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, NewMessage, Published, Stream};
use ltr_ports::store::mem::{Contents, MemStore};
use ltr_ports::store::{Membership, Store};
use ltr_project::Until;
use ltr_proto::codec::PolicyAdopted;
use ltr_proto::digest::content_digest;
use ltr_proto::record::{AsOf, GetTeacherRequest, Resolution, Teacher};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_proto::subject::Subject;
use ltr_proto::{codec, view};
use ltr_sources::Row;
use ltr_store_pg::PgStore;

mod grid;
mod judge;

use judge::Judge;

#[tokio::test(flavor = "multi_thread")]
async fn every_script_holds_on_the_twins() {
    for script in scripts() {
        let log = MemLog::new(ClockKind::Simulated, Timestamp::UNIX_EPOCH);
        let store = MemStore::new();
        play(&script, log.clone(), store.clone()).await;
        for batch in [1, 3, 2_000] {
            assert_same_people(&script, &log, &store, batch).await;
        }
    }
}

/// Projected anew in batches of that many messages, with nothing kept in memory between them, who belonged to whom when
/// and what waits for an operator is the same.
async fn assert_same_people(script: &Script, log: &MemLog, store: &MemStore, batch: usize) {
    let again = MemStore::new();
    let config = ltr_project::Config {
        batch_messages_max: batch,
        records_kept_max: 0,
        ..ltr_project::Config::default()
    };
    let done = ltr_project::run(&config, log, &again, Until::Head, std::future::pending(), |_| {}).await;
    done.expect("projecting goes through");
    let (one, other) = (store.contents(), again.contents());
    let name = &script.name;
    assert_eq!(belonged(&other), belonged(&one), "{name} in batches of {batch}");
    assert!(
        other.reviews.keys().eq(one.reviews.keys()),
        "{name} in batches of {batch}"
    );
    assert_eq!(other.history, one.history, "{name} in batches of {batch}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_script_holds_on_the_real_servers() {
    for script in scripts() {
        let servers = Servers::start(ServerOptions::in_workspace())
            .await
            .expect("private servers start");
        let log = NatsLog::open(Options::new(servers.nats_url()).creating(ClockKind::Simulated)).await;
        let log = log.expect("the log opens");
        ltr_store_pg::migrate(servers.database_url())
            .await
            .expect("the schema is made");
        let store = PgStore::connect(ltr_store_pg::Config::new(servers.database_url())).await;
        play(&script, log, store.expect("the store opens")).await;
        servers.stop().await;
    }
}

/// To whom a record belonged, from when and until when.
type Stretches = Vec<(PersonId, KnownAt, Option<KnownAt>)>;

/// To whom each record belonged: a batch that ends between messages of one instant leaves stretches of no length.
fn belonged(contents: &Contents) -> BTreeMap<&RecordId, Stretches> {
    let line = |(record, memberships)| {
        let mut line = Stretches::new();
        let memberships: &Vec<Membership> = memberships;
        for one in memberships
            .iter()
            .filter(|one| one.known_to != Some(one.known_from))
        {
            match line.last_mut() {
                Some((person, _, to)) if *person == one.person && *to == Some(one.known_from) => {
                    *to = one.known_to
                }
                Some(_) | None => line.push((one.person, one.known_from, one.known_to)),
            }
        }
        (record, line)
    };
    contents.memberships.iter().map(line).collect()
}

/// Plays one script and checks every expectation; all that fail are told at once.
async fn play<L: Log, S: Store>(script: &Script, log: L, store: S) {
    let bound = ltr_api::bind(ltr_api::Config {
        address: ([127, 0, 0, 1], 0).into(),
        restricted: ltr_api::RestrictedFacts::Allowed,
        ..ltr_api::Config::default()
    });
    let bound = bound.await.expect("a free port");
    let address = bound.address().to_string();
    let kek = || KeyEncryptionKey::new([7; 32]);
    let serving = tokio::spawn(bound.serve(
        store.clone(),
        log.clone(),
        Arc::new(SystemClock),
        Some(kek()),
        std::future::pending(),
    ));
    let mut client = connect(&address).await.expect("the service listens");
    let mut operators = connect_identity(&address).await.expect("the service listens");
    let mut requests = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut now = Timestamp::MIN;
    for (number, line) in &script.lines {
        match line {
            Line::Arrive(arrival) => {
                now = arrival.at;
                deliver(&log, &kek(), arrival).await;
                project(&log, &store).await;
            }
            Line::Clock(at) => {
                let from = (now != Timestamp::MIN).then_some(now);
                now = *at;
                let calendar = Policy::first().calendar;
                let passed = ltr_project::calendar::advance(&log, &calendar, from, now).await;
                passed.expect("time passes");
                project(&log, &store).await;
            }
            Line::Adopt(adoption) => {
                now = adoption.at;
                adopt(&log, adoption).await;
                project(&log, &store).await;
            }
            Line::Judge(judge) => {
                if let Err(difference) = judge.say(&log, &mut operators, &mut requests).await {
                    wrong.push(format!("{}:{number}: {difference}", script.name));
                }
                project(&log, &store).await;
                now = now.max(
                    store
                        .checkpoint()
                        .await
                        .expect("it can be read")
                        .map_or(now, |at| at.known_at.0),
                );
            }
            Line::Review(expected) => {
                let waiting = judge::waiting(&mut operators).await;
                if waiting != *expected {
                    wrong.push(format!(
                        "{}:{number}: {waiting:?} waits, not {expected:?}",
                        script.name
                    ));
                }
            }
            Line::Expect(expected) => {
                if let Err(difference) = check(&mut client, expected, now).await {
                    wrong.push(format!("{}:{number}: {difference}", script.name));
                }
            }
        }
    }
    let table = grid::of(script, &mut client, now).await;
    serving.abort();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    expect_file![folder().join("grids").join(&script.name)].assert_eq(&table);
}

async fn deliver<L: Log>(log: &L, kek: &KeyEncryptionKey, arrival: &Arrival) {
    let clock = ManualClock::at(arrival.at);
    let random = |bytes: &mut [u8]| getrandom::fill(bytes).expect("random bytes");
    let plan = DeliveryPlan {
        delivery: DeliveryId(uuid::Uuid::new_v5(
            &uuid::Uuid::NAMESPACE_OID,
            arrival.at.to_string().as_bytes(),
        )),
        feed: arrival.feed,
        scope: arrival.scope.clone(),
        completeness: arrival.completeness,
        taken_at: TakenAt(arrival.at),
        manifest: vec!["scenario".into()],
        api_version: ltr_sources::api_version(arrival.feed).into(),
        late: Backfill::No,
    };
    let file: Arc<str> = "scenario".into();
    let rows = arrival.rows.iter().enumerate().map(|(index, row)| {
        Ok((
            Arc::clone(&file),
            Row {
                value: Ok(row.clone()),
                place: format!("item {}", index + 1),
            },
        ))
    });
    let edge = Edge {
        clock: &clock,
        random: &random,
        kek,
    };
    let report = ltr_ingest::deliver(
        log,
        &edge,
        &IngestConfig::default(),
        &plan,
        || rows.clone(),
        |_| {},
    )
    .await;
    let report = report.expect("the delivery goes through");
    assert_eq!(report.held, None, "every delivery of a script keeps its bounds");
    assert_eq!(report.counts.quarantined, 0, "every row of a script is good");
}

async fn adopt<L: Log>(log: &L, adoption: &Adoption) {
    let adopted = PolicyAdopted {
        version: adoption.version.clone(),
        text: adoption.text.clone(),
        digest: content_digest(adoption.text.as_bytes()),
        previous: None,
        recorded_at: RecordedAt(adoption.at),
    };
    let message = NewMessage {
        subject: Subject::Policy.to_string(),
        payload: codec::encode_policy_adopted(&adopted),
        expected_last: None,
    };
    let published = log.publish(Stream::Events, vec![message]).await;
    assert!(matches!(published, Ok(Published::Stored { .. })), "{published:?}");
}

async fn project<L: Log, S: Store>(log: &L, store: &S) {
    let config = ltr_project::Config::default();
    let done = ltr_project::run(&config, log, store, Until::Head, std::future::pending(), |_| {}).await;
    assert_eq!(done.expect("projecting goes through").undecodable, 0);
}

async fn check(client: &mut Client, expected: &Expected, now: Timestamp) -> Result<(), String> {
    let as_of = (expected.on.is_some() || expected.known.is_some()).then(|| AsOf {
        effective_on: expected.on.map(|on| on.to_string()).unwrap_or_default(),
        known_at: expected.known.map(|known| view::timestamp(known.min(now))),
    });
    let name = format!("teachers/{}", expected.id);
    let request = GetTeacherRequest {
        name,
        as_of,
        read_mask: None,
        at_least_as_fresh: String::new(),
    };
    let answer = client.get_teacher(request).await;
    if expected.what == What::Nobody {
        return match answer {
            Err(status) if status.code() == tonic::Code::NotFound => Ok(()),
            Err(status) => Err(format!("{}: {status}", expected.id)),
            Ok(_) => Err(format!("{}: somebody was found", expected.id)),
        };
    }
    let teacher = answer
        .map_err(|status| format!("{}: {status}", expected.id))?
        .into_inner()
        .teacher;
    let teacher = teacher.ok_or("no teacher in the answer")?;
    let told = told(&teacher, &expected.what)?;
    for (name, value) in &expected.values {
        let found = told.get(name.as_str()).cloned().unwrap_or_default();
        let holds = if name == "caveat" && !value.is_empty() {
            found.split(' ').any(|caveat| caveat == value)
        } else {
            found == *value
        };
        if !holds {
            return Err(format!(
                "{}: {name} is {found:?}, not {value:?}; all: {told:?}",
                expected.id
            ));
        }
    }
    Ok(())
}

fn told(teacher: &Teacher, what: &What) -> Result<BTreeMap<&'static str, String>, String> {
    let headline = teacher.headline.clone().unwrap_or_default();
    let facts = teacher.facts.clone().unwrap_or_default();
    let (value, resolution) = match what {
        What::Stage | What::Nobody => (view::stage_token(teacher.stage()), headline),
        What::Fact(name) => {
            let fact = match name.as_str() {
                "qualified_status" => facts.qualified_status,
                "training" => facts.training,
                "induction" => facts.induction,
                "employment" => facts.employment,
                "restriction" => facts.restriction,
                other => return Err(format!("there is no fact {other}")),
            };
            let fact: Resolution = fact.unwrap_or_default();
            (fact.value.clone(), fact)
        }
    };
    let caveats: Vec<_> = resolution.caveats().map(view::caveat_token).collect();
    Ok(BTreeMap::from([
        ("value", value),
        ("certainty", view::certainty_token(resolution.certainty())),
        (
            "source",
            resolution
                .claim
                .as_ref()
                .map(|claim| claim.source.clone())
                .unwrap_or_default(),
        ),
        ("since", resolution.since.clone()),
        ("reason", resolution.reason.clone()),
        ("caveat", caveats.join(" ")),
        ("review_on", teacher.review_on.clone()),
        ("standing", view::standing_token(teacher.standing())),
        ("redirected_from", teacher.redirected_from.clone()),
        ("trn", teacher.trn.clone()),
        ("policy", teacher.policy_version.to_string()),
    ]))
}

struct Script {
    name: String,
    lines: Vec<(usize, Line)>,
}

enum Line {
    Arrive(Arrival),
    Adopt(Adoption),
    Clock(Timestamp),
    Judge(Judge),
    Review(Vec<String>),
    Expect(Expected),
}

struct Arrival {
    at: Timestamp,
    feed: Feed,
    completeness: Completeness,
    scope: Scope,
    rows: Vec<serde_json::Value>,
}

/// The first policy with some of its text replaced.
struct Adoption {
    at: Timestamp,
    version: String,
    text: String,
}

impl Adoption {
    /// The first version under another number.
    fn new(at: Timestamp, version: &str) -> Self {
        let text = ltr_policy::FIRST.replacen("version = 1", &format!("version = {version}"), 1);
        Self {
            at,
            version: version.to_owned(),
            text,
        }
    }

    /// Replaces each text of the object by its value.
    fn replace(&mut self, changes: &serde_json::Value) {
        for (old, new) in changes.as_object().expect("an object of texts") {
            assert!(self.text.contains(old), "the policy does not say {old}");
            self.text = self.text.replacen(old, new.as_str().expect("a text"), 1);
        }
    }
}

struct Expected {
    id: String,
    what: What,
    on: Option<Date>,
    known: Option<Timestamp>,
    values: Vec<(String, String)>,
}

#[derive(PartialEq)]
enum What {
    Stage,
    Fact(String),
    Nobody,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

fn scripts() -> Vec<Script> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the scenarios are part of the project")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are scenarios");
    paths.iter().map(|path| parse(path)).collect()
}

fn parse(path: &Path) -> Script {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let text = std::fs::read_to_string(path).expect("a script can be read");
    let mut lines: Vec<(usize, Line)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with(' ') {
            let row = serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}:{number}: {error}"));
            match lines.last_mut() {
                Some((_, Line::Arrive(arrival))) => arrival.rows.push(row),
                Some((_, Line::Adopt(adoption))) => adoption.replace(&row),
                _ => panic!("{name}:{number}: a row without an arrival"),
            }
            continue;
        }
        lines.push((
            number,
            parse_line(line).unwrap_or_else(|what| panic!("{name}:{number}: {what}")),
        ));
    }
    Script { name, lines }
}

fn parse_line(line: &str) -> Result<Line, String> {
    let mut words = line.split_whitespace();
    match words.next().unwrap_or_default() {
        "arrive" => {
            let at = words
                .next()
                .and_then(|word| word.parse().ok())
                .ok_or("arrive INSTANT")?;
            let feed = words
                .next()
                .and_then(|word| word.split_once('/'))
                .ok_or("arrive INSTANT SOURCE/FEED")?;
            let feed = Feed::from_tokens(feed.0, feed.1).ok_or("no such feed")?;
            let (completeness, scope) = match words.next() {
                None => (Completeness::Partial, Scope::new()),
                Some("complete") => {
                    let pairs = words
                        .next()
                        .unwrap_or_default()
                        .split(',')
                        .filter_map(|pair| pair.split_once('='));
                    let scope = pairs.map(|(name, value)| (name.into(), value.into())).collect();
                    (Completeness::Complete, scope)
                }
                Some(other) => return Err(format!("arrive … {other}?")),
            };
            Ok(Line::Arrive(Arrival {
                at,
                feed,
                completeness,
                scope,
                rows: Vec::new(),
            }))
        }
        "adopt" => {
            let at = words
                .next()
                .and_then(|word| word.parse().ok())
                .ok_or("adopt INSTANT VERSION")?;
            let version = words.next().ok_or("adopt which VERSION?")?;
            Ok(Line::Adopt(Adoption::new(at, version)))
        }
        "clock" => Ok(Line::Clock(
            words
                .next()
                .and_then(|word| word.parse().ok())
                .ok_or("clock INSTANT")?,
        )),
        "judge" => Judge::parse(words).map(Line::Judge),
        "review:" => Ok(Line::Review(words.map(str::to_owned).collect())),
        "ask" => parse_expected(line.trim_start_matches("ask"), false).map(Line::Expect),
        "fact" => parse_expected(line.trim_start_matches("fact"), true).map(Line::Expect),
        "nobody" => {
            let mut expected = parse_expected(&format!("{}: - -", line.trim_start_matches("nobody")), false)?;
            expected.what = What::Nobody;
            Ok(Line::Expect(expected))
        }
        other => Err(format!("{other}?")),
    }
}

fn parse_expected(rest: &str, is_fact: bool) -> Result<Expected, String> {
    let (question, answer) = rest.split_once(": ").ok_or("a question ends with a colon")?;
    let mut words = question.split_whitespace();
    let id = words.next().ok_or("ask whom?")?.to_owned();
    let what = if is_fact {
        What::Fact(words.next().ok_or("which fact?")?.to_owned())
    } else {
        What::Stage
    };
    let (mut on, mut known) = (None, None);
    while let Some(word) = words.next() {
        let date: Date = words.next().and_then(|word| word.parse().ok()).ok_or("a date")?;
        match word {
            "on" => on = Some(date),
            "known" => known = Some(end_of_london_day(date)),
            other => return Err(format!("{other}?")),
        }
    }
    let mut words = answer.split_whitespace();
    let mut values = vec![
        ("value".to_owned(), words.next().ok_or("which value?")?.to_owned()),
        (
            "certainty".to_owned(),
            words.next().ok_or("which certainty?")?.to_owned(),
        ),
    ];
    for word in words {
        let (name, value) = word.split_once('=').ok_or("NAME=VALUE")?;
        values.push((name.to_owned(), value.to_owned()));
    }
    Ok(Expected {
        id,
        what,
        on,
        known,
        values,
    })
}
