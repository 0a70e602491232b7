//! Killed anywhere, nothing is lost and nothing counts twice: a hundred thousand rows, `ltr ingest` and `ltr project`
//! each killed ten times with SIGKILL, against an undisturbed run of the same rows.

use std::path::Path;

use ltr_ports::log::{Log, LogReader, Stream};

use crate::dice::Dice;
use crate::house::{House, Running, ingest_arguments, place_of, projected, until};
use crate::load;

mod adoption;
mod outcome;
mod proxy;
mod split;

use outcome::Outcome;
use proxy::{Cut, Proxy, Rule};

/// Rows of the load that is disturbed.
const PEOPLE: u64 = 100_000;
/// Rows before it, linked to it by TRN, so that people are joined while the projector is killed.
const TRAINEES: u64 = 10_000;
const KILLS: u64 = 10;
const TAKEN_AT: &str = "2026-10-01T06:00:00Z";

/// What passes from `ltr ingest` to NATS.
const OBSERVATION: &[u8] = b"HPUB ltr.record.";
const PAGE: &[u8] = b"HPUB ltr.delivery.";
const EVIDENCE: &[u8] = b"HPUB ltr.evidence.";
/// What passes from `ltr project` to PostgreSQL: the simple query `commit`.
const COMMIT: &[u8] = b"Q\0\0\0\x0bcommit\0";

/// Where in its work a process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Wherever it is.
    Any,
    /// Some of a batch has been sent, its end has not.
    InsideBatch,
    /// Evidence is being written, the events that name it are not.
    BeforeEvents,
    /// The end of the batch is in, its acknowledgement has not come back.
    Unacknowledged,
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_of_ingest_and_of_project_change_nothing() {
    let mut dice = Dice::thrown("ten kills");
    let trainees = load::trainees(&mut dice, TRAINEES, PEOPLE);
    let people = load::people(&mut dice, PEOPLE);

    let calm = House::simulated().await;
    calm.ingest("register/trainees", TAKEN_AT, &trainees).await;
    let report = calm
        .ingest_file("trs/persons", TAKEN_AT, &calm.file("people.ndjson", &people))
        .await;
    assert_eq!(report["observations"], PEOPLE, "{report}");
    calm.project().await;
    let expected = Outcome::of(&calm.log().await, &calm.store().await).await;
    assert_eq!(expected.records(), PEOPLE + TRAINEES);

    let house = House::simulated().await;
    house.ingest("register/trainees", TAKEN_AT, &trainees).await;
    let file = house.file("people.ndjson", &people);
    drop((trainees, people));
    let moments = [
        (Moment::InsideBatch, 4),
        (Moment::Unacknowledged, 3),
        (Moment::BeforeEvents, 2),
        (Moment::Any, 1),
    ];
    for (goal, moment) in kills(&mut dice, PEOPLE, &moments) {
        kill_ingest(&house, &file, goal, moment).await;
    }
    let report = house.ingest_file("trs/persons", TAKEN_AT, &file).await;
    assert_eq!(report["rows"], PEOPLE, "{report}");

    let last = house
        .log()
        .await
        .facts(Stream::Events)
        .await
        .unwrap()
        .last_sequence;
    let moments = [
        (Moment::InsideBatch, 4),
        (Moment::Unacknowledged, 4),
        (Moment::Any, 2),
    ];
    for (goal, moment) in kills(&mut dice, last, &moments) {
        kill_project(&house, last, goal, moment).await;
    }
    house.project().await;

    let found = Outcome::of(&house.log().await, &house.store().await).await;
    assert_eq!(expected.differences(&found), Vec::<String>::new());
    house.verify().await;
    calm.verify().await;
}

/// Ten places between 5 % and 95 % of a load, one in each ninth of it or so, with their moments.
fn kills(dice: &mut Dice, load: u64, moments: &[(Moment, usize)]) -> Vec<(u64, Moment)> {
    let mut moments: Vec<Moment> = moments
        .iter()
        .flat_map(|(moment, times)| std::iter::repeat_n(*moment, *times))
        .collect();
    assert_eq!(moments.len() as u64, KILLS);
    dice.shuffle(&mut moments);
    let stretch = load * 85 / 100 / KILLS;
    let goal = |number| load * 6 / 100 + number * stretch + dice.below(stretch);
    let goals: Vec<u64> = (0..KILLS).map(goal).collect();
    goals.into_iter().zip(moments).collect()
}

/// Runs `ltr ingest` until so many people are known, and kills it there.
async fn kill_ingest(house: &House, file: &Path, goal: u64, moment: Moment) {
    let log = house.log().await;
    let before = observed(&log).await - TRAINEES;
    let (at, cut) = match moment {
        Moment::Any => (OBSERVATION, Cut::Nothing),
        Moment::InsideBatch => (OBSERVATION, Cut::Before),
        Moment::BeforeEvents => (EVIDENCE, Cut::Before),
        Moment::Unacknowledged => (PAGE, Cut::After),
    };
    let rule = Rule {
        progress: OBSERVATION,
        goal: goal.saturating_sub(before),
        at,
        // Inside a batch: another of its messages has gone before.
        follows: (moment == Moment::InsideBatch).then_some((OBSERVATION, PAGE)),
        cut,
    };
    let proxy = Proxy::before(&place_of(&house.nats_url), rule).await;
    let mut command = house.command(&ingest_arguments("trs/persons", TAKEN_AT, file));
    command.env("LTR_NATS_URL", format!("nats://{}", proxy.place()));
    let mut running = Running::start(command);
    proxy.tripped(&mut running).await;
    if moment == Moment::Unacknowledged {
        let last = log.facts(Stream::Events).await.unwrap().last_sequence;
        proxy.release();
        until("the batch to be in", async || {
            (log.facts(Stream::Events).await.unwrap().last_sequence > last).then_some(())
        })
        .await;
    }
    running.kill().await;
    let after = observed(&log).await - TRAINEES;
    println!("ingest killed at {after} of {PEOPLE} people, {moment:?}");
    assert!(
        (PEOPLE / 20..=PEOPLE * 19 / 20).contains(&after),
        "outside of the load: {after}"
    );
}

/// Runs `ltr project` until it is so far, and kills it there.
async fn kill_project(house: &House, last: u64, goal: u64, moment: Moment) {
    let store = house.store().await;
    let is_so_far = async || projected(&store).await >= goal;
    kill_at_commit(house, moment, is_so_far, async || projected(&store).await).await;
    let after = projected(&store).await;
    println!("project killed at {after} of {last} messages, {moment:?}");
    assert!(
        (last / 20..=last * 19 / 20).contains(&after),
        "outside of the load: {after}"
    );
}

/// Runs `ltr project` until it is time, and kills it at the next commit; `place` is what a commit moves.
async fn kill_at_commit<P: PartialEq>(
    house: &House,
    moment: Moment,
    is_time: impl AsyncFn() -> bool,
    place: impl AsyncFn() -> P,
) {
    let cut = match moment {
        Moment::Any => Cut::Nothing,
        Moment::InsideBatch | Moment::BeforeEvents => Cut::Before,
        Moment::Unacknowledged => Cut::After,
    };
    let rule = Rule {
        progress: COMMIT,
        goal: u64::MAX,
        at: COMMIT,
        follows: None,
        cut,
    };
    let server = place_of(&house.database_url);
    let proxy = Proxy::before(&server, rule).await;
    let mut command = house.command(&["project"]);
    command.env(
        "LTR_DATABASE_URL",
        house.database_url.replacen(&server, &proxy.place(), 1),
    );
    let mut running = Running::start(command);
    until("the projector to get on", async || is_time().await.then_some(())).await;
    proxy.arm();
    proxy.tripped(&mut running).await;
    if moment == Moment::Unacknowledged {
        let before = place().await;
        proxy.release();
        until("the commit to be in", async || {
            (place().await != before).then_some(())
        })
        .await;
    }
    running.kill().await;
}

/// How many observations are on the log: all messages but those of deliveries.
async fn observed(log: &ltr_log_nats::NatsLog) -> u64 {
    let all = log.facts(Stream::Events).await.unwrap();
    let filter = Some("ltr.delivery.>".to_owned());
    let mut reader = log.reader(Stream::Events, 1, filter).await.unwrap();
    let mut steps = 0;
    loop {
        let messages = reader.next(5_000, 200).await.unwrap();
        if messages.is_empty() {
            return all.messages - steps;
        }
        steps += messages.len() as u64;
        if messages
            .iter()
            .any(|message| message.sequence >= all.last_sequence)
        {
            return all.messages - steps;
        }
    }
}
