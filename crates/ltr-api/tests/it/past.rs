//! The past, on both axes; what time alone changes; and what is not known yet.

use std::sync::Arc;

use jiff::Timestamp;
use ltr_api::{Config, reason};
use ltr_domain::ids::Feed;
use ltr_domain::time::RecordedAt;
use ltr_ports::clock::{Clock, ManualClock};
use ltr_ports::log::{ClockKind, Stream};
use ltr_proto::codec::encode_heartbeat;
use ltr_proto::record::{
    Certainty, GetTeacherRequest, ListTeacherHistoryRequest, ListTeacherHistoryResponse, Stage, Teacher,
};
use ltr_proto::subject::Subject;
use ltr_proto::view::stage_token;
use tokio::sync::mpsc;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::life::{choice, ordinary};
use crate::world::{World, after, ask, at, config, get, get_as_of, refused, violated};

fn told(teacher: &Teacher) -> (Stage, Certainty) {
    (teacher.stage(), teacher.headline.as_ref().unwrap().certainty())
}

#[tokio::test]
async fn the_same_day_has_one_answer_then_and_another_with_what_is_known_now() {
    let world = ordinary(ClockKind::Simulated).await;
    let client = world.client().await;
    let person = format!("teachers/{}", world.person_of(&choice()).await);
    let then = get_as_of(&client, &person, "2026-09-10", "2026-09-10T12:00:00Z")
        .await
        .unwrap();
    assert_eq!(told(&then).0, Stage::StartUnknown);
    assert_eq!(
        (then.trn.as_str(), then.name.as_str()),
        ("", &*person),
        "the TRN was not known then"
    );
    let now = get_as_of(&client, "teachers/3100001", "2026-09-10", "")
        .await
        .unwrap();
    assert_eq!(told(&now), (Stage::InTraining, Certainty::Provisional));
    let echo = now.as_of.clone().unwrap();
    assert_eq!(echo.effective_on, "2026-09-10");
    // What an answer says it rests on gives the same answer when it is asked for.
    let again = GetTeacherRequest {
        name: "teachers/3100001".to_owned(),
        as_of: Some(echo),
        ..GetTeacherRequest::default()
    };
    assert_eq!(
        ask(&client, again).await.unwrap().record_digest,
        now.record_digest
    );
    assert_ne!(then.record_digest, now.record_digest);
}

#[tokio::test]
async fn an_identifier_that_came_later_names_its_person_told_as_known_by_then() {
    let world = ordinary(ClockKind::Simulated).await;
    let client = world.client().await;
    let known = "2026-09-10T12:00:00Z";
    let by_choice = get_as_of(&client, "teachers/apply-choice:501", "2026-09-10", known)
        .await
        .unwrap();
    let by_trn = get_as_of(&client, "teachers/3100001", "2026-09-10", known)
        .await
        .unwrap();
    assert_eq!(by_trn.record_digest, by_choice.record_digest);
    assert_eq!((by_trn.stage(), by_trn.trn.as_str()), (Stage::StartUnknown, ""));
    assert_eq!(
        by_trn.name,
        format!("teachers/{}", world.person_of(&choice()).await)
    );
    assert_eq!(
        (
            by_trn.redirected_from.as_str(),
            by_choice.redirected_from.as_str()
        ),
        ("3100001", "")
    );
}

#[tokio::test]
async fn nobody_is_found_before_anything_was_known_of_the_person() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    for id in ["apply-choice:501", "3100001", "3100009"] {
        let too_early = get_as_of(&client, &format!("teachers/{id}"), "", "2025-11-02T12:00:00Z").await;
        let not_found = (Code::NotFound, reason::TEACHER_NOT_FOUND.to_owned());
        assert_eq!(refused(too_early), not_found, "{id}");
    }
}

#[tokio::test]
async fn a_moment_that_cannot_be_read_is_refused_by_field() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let refusal = violated(get_as_of(&client, "teachers/3100001", "2026-02-30", "").await);
    assert_eq!(refusal[0].0, "as_of.effective_on");
}

#[tokio::test]
async fn today_asked_for_by_date_is_the_present() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let present = get(&client, "teachers/3100001").await.unwrap();
    assert_eq!(
        get_as_of(&client, "teachers/3100001", "2026-09-22", "")
            .await
            .unwrap(),
        present
    );
}

#[tokio::test]
async fn a_stored_view_is_what_history_gives_on_every_day_before_its_review() {
    let world = ordinary(ClockKind::Real).await;
    let client = world.client().await;
    for day in ["2026-09-22", "2026-09-23", "2026-10-31"] {
        let now = at(&format!("{day}T12:00:00Z"));
        world.clock.advance_to(now);
        // Nothing happens, and the log is known to have come to this day.
        let heartbeat = encode_heartbeat(now, RecordedAt(now));
        world
            .publish(Stream::Events, Subject::heartbeat(2026), heartbeat)
            .await;
        world.project().await;
        let view = get(&client, "teachers/3100001").await.unwrap();
        let echo = view.as_of.clone().unwrap();
        assert_eq!(echo.effective_on, day);
        let name = view.name.clone();
        let again = GetTeacherRequest {
            name,
            as_of: Some(echo),
            ..GetTeacherRequest::default()
        };
        let resolved = ask(&client, again).await.unwrap();
        assert_eq!(
            (resolved.record_digest, resolved.review_on),
            (view.record_digest, view.review_on),
            "{day}"
        );
    }
}

#[tokio::test]
async fn from_the_day_of_review_on_the_answer_is_resolved_anew() {
    let world = ordinary(ClockKind::Real).await;
    let client = world.client().await;
    world.clock.advance_to(at("2026-10-31T12:00:00Z"));
    let before = get(&client, "teachers/3100001").await.unwrap();
    assert_eq!(
        (told(&before), before.review_on.as_str()),
        ((Stage::InTraining, Certainty::Provisional), "2026-11-01")
    );
    // Midnight in London, when the ambiguous weeks end.
    world.clock.advance_to(at("2026-11-01T00:00:00Z"));
    let after = get(&client, "teachers/3100001").await.unwrap();
    assert_eq!(told(&after), (Stage::InTraining, Certainty::Confirmed));
    assert_eq!(after.as_of.as_ref().unwrap().effective_on, "2026-11-01");
    assert_eq!(after.freshness.len(), 3, "it is the present all the same");
    assert_ne!(before.record_digest, after.record_digest);
}

/// A clock that tells when it is asked: how a test knows that a request is waiting.
struct Noticed {
    clock: Arc<ManualClock>,
    asked: mpsc::UnboundedSender<()>,
}

impl Clock for Noticed {
    fn now(&self) -> Timestamp {
        // Nobody may listen any more.
        let _ = self.asked.send(());
        self.clock.now()
    }
}

/// A clock of the world that tells when it is asked.
pub(crate) fn noticed(world: &World) -> (Arc<dyn Clock>, mpsc::UnboundedReceiver<()>) {
    let (asked, heard) = mpsc::unbounded_channel();
    (
        Arc::new(Noticed {
            clock: Arc::clone(&world.clock),
            asked,
        }),
        heard,
    )
}

/// Publishes one more page, not projected yet, and moves the clock an hour beyond it. What is known half an hour after
/// the watermark is now neither projected nor settled.
pub(crate) async fn fall_behind(world: &World) -> String {
    let watermark = world.checkpoint().await.known_at;
    world
        .hear(Feed::RegisterTrainees, &after(watermark, 1_200).to_string())
        .await;
    world.clock.advance_to(after(watermark, 3_600));
    after(watermark, 1_800).to_string()
}

#[tokio::test]
async fn a_known_time_beyond_the_watermark_is_exact_once_all_that_was_published_is_projected() {
    let world = ordinary(ClockKind::Real).await;
    let client = world.client().await;
    let known = fall_behind(&world).await;
    let behind = get_as_of(&client, "teachers/3100001", "", &known).await;
    let status = behind.clone().unwrap_err();
    let metadata = status.get_details_error_info().unwrap().metadata;
    assert_eq!(
        (metadata["watermark"].as_str(), metadata["lag"].as_str()),
        ("2026-09-22T12:00:00Z", "1800")
    );
    assert_eq!(
        refused(behind),
        (
            Code::FailedPrecondition,
            reason::KNOWN_AT_BEYOND_WATERMARK.to_owned()
        )
    );
    world.project().await;
    let answer = get_as_of(&client, "teachers/3100001", "", &known).await.unwrap();
    assert_eq!(
        answer.as_of.unwrap().known_at,
        Some(ltr_proto::view::timestamp(at(&known)))
    );
    // What may still become known by tomorrow is anyone's guess.
    let tomorrow = get_as_of(&client, "teachers/3100001", "", "2026-09-23T12:00:00Z").await;
    assert_eq!(refused(tomorrow).1, reason::KNOWN_AT_BEYOND_WATERMARK);
}

#[tokio::test]
async fn a_simulated_log_settles_nothing_beyond_its_watermark() {
    let world = ordinary(ClockKind::Simulated).await;
    world.clock.advance_to(at("2027-01-01T00:00:00Z"));
    let client = world.client().await;
    get_as_of(&client, "teachers/3100001", "", "2026-09-22T12:00:00Z")
        .await
        .unwrap();
    let beyond = get_as_of(&client, "teachers/3100001", "", "2026-09-22T12:00:01Z").await;
    assert_eq!(
        refused(beyond),
        (
            Code::FailedPrecondition,
            reason::KNOWN_AT_BEYOND_WATERMARK.to_owned()
        )
    );
}

#[tokio::test]
async fn a_read_waits_for_the_projector() {
    let world = ordinary(ClockKind::Real).await;
    let known = fall_behind(&world).await;
    let (clock, mut asked) = noticed(&world);
    let served = world
        .serve_with(
            Config {
                wait_ms_max: 8_000,
                ..config()
            },
            clock,
            None,
        )
        .await;
    let reading = async { get_as_of(&served.client, "teachers/3100001", "", &known).await };
    let projecting = async {
        asked.recv().await.unwrap();
        world.project().await;
    };
    let (answer, ()) = tokio::join!(reading, projecting);
    assert_eq!(answer.unwrap().stage(), Stage::InTraining);
}

#[tokio::test]
async fn a_request_has_a_deadline_of_its_own() {
    let world = ordinary(ClockKind::Real).await;
    let known = fall_behind(&world).await;
    let served = world
        .serve(Config {
            wait_ms_max: 60_000,
            request_ms_max: 20,
            ..config()
        })
        .await;
    let late = get_as_of(&served.client, "teachers/3100001", "", &known).await;
    assert_eq!(
        refused(late),
        (Code::DeadlineExceeded, reason::REQUEST_TIMED_OUT.to_owned())
    );
}

#[tokio::test]
async fn a_token_reads_at_least_as_fresh_and_belongs_to_one_log() {
    let world = ordinary(ClockKind::Simulated).await;
    let client = world.client().await;
    let fresh = async |name: &str, token: &str| {
        let request = GetTeacherRequest {
            name: name.to_owned(),
            at_least_as_fresh: token.to_owned(),
            ..GetTeacherRequest::default()
        };
        ask(&client, request).await
    };
    let token = get(&client, "teachers/3100001").await.unwrap().consistency_token;
    fresh("teachers/3100001", &token).await.unwrap();

    // A place further on the same log: the same token from a store that is ahead.
    let ahead = World {
        store: world.store.restored(),
        ..world.clone()
    };
    ahead.hear(Feed::RegisterTrainees, "2026-09-22T13:00:00Z").await;
    ahead.project().await;
    let later = get(&ahead.client().await, "teachers/3100001")
        .await
        .unwrap()
        .consistency_token;
    let behind = fresh("teachers/3100001", &later).await;
    let metadata = behind
        .clone()
        .unwrap_err()
        .get_details_error_info()
        .unwrap()
        .metadata;
    assert_eq!(metadata["lag"], "2");
    assert_eq!(
        refused(behind),
        (
            Code::FailedPrecondition,
            reason::TOKEN_BEYOND_WATERMARK.to_owned()
        )
    );
    world.project().await;
    fresh("teachers/3100001", &later).await.unwrap();

    let other = World::new(ClockKind::Simulated, "2024-01-01T00:00:00Z");
    crate::life::known_to_trs(&other, "2026-09-22T12:00:00Z", "3100001").await;
    other.project().await;
    let foreign = get(&other.client().await, "teachers/3100001")
        .await
        .unwrap()
        .consistency_token;
    let refusal = refused(fresh("teachers/3100001", &foreign).await);
    assert_eq!(refusal, (Code::FailedPrecondition, reason::DIVERGED.to_owned()));
    assert_eq!(
        violated(fresh("teachers/3100001", "x").await)[0].0,
        "at_least_as_fresh"
    );
}

async fn list(
    world: &World,
    request: ListTeacherHistoryRequest,
) -> Result<ListTeacherHistoryResponse, Status> {
    world
        .client()
        .await
        .list_teacher_history(request)
        .await
        .map(|answer| answer.into_inner())
}

fn lines(answer: &ListTeacherHistoryResponse) -> Vec<(String, String, String)> {
    let line = |interval: &ltr_proto::record::StageInterval| {
        (
            stage_token(interval.stage()),
            interval.from_on.clone(),
            interval.to_on.clone(),
        )
    };
    answer.intervals.iter().map(line).collect()
}

#[tokio::test]
async fn history_is_listed_in_pages_of_one_answer() {
    let world = ordinary(ClockKind::Simulated).await;
    let request = ListTeacherHistoryRequest {
        parent: "teachers/3100001".to_owned(),
        ..ListTeacherHistoryRequest::default()
    };
    let all = list(&world, request.clone()).await.unwrap();
    assert_eq!(all.next_page_token, "");
    let stages: Vec<_> = lines(&all)
        .into_iter()
        .map(|(stage, from, _)| format!("{from} {stage}"))
        .collect();
    assert_eq!(stages.first().unwrap(), "2025-11-03 recruited");
    assert!(stages.last().unwrap().ends_with("in_training"), "{stages:?}");

    let mut paged = Vec::new();
    let mut page = ListTeacherHistoryRequest {
        page_size: 1,
        ..request.clone()
    };
    loop {
        let answer = list(&world, page.clone()).await.unwrap();
        assert_eq!(answer.intervals.len(), 1);
        paged.extend(lines(&answer));
        if answer.next_page_token.is_empty() {
            break;
        }
        page.page_token = answer.next_page_token;
        // What becomes known between two pages is not in them.
        world.hear(Feed::RegisterTrainees, "2026-10-01T12:00:00Z").await;
        world.project().await;
    }
    assert_eq!(paged, lines(&all));
    assert!(paged.len() > 1);

    let token = page.page_token;
    let other = ListTeacherHistoryRequest {
        parent: "teachers/apply-choice:501".to_owned(),
        page_token: token.clone(),
        ..ListTeacherHistoryRequest::default()
    };
    assert_eq!(violated(list(&world, other).await)[0].0, "page_token");
    let another_day = ListTeacherHistoryRequest {
        page_token: token,
        as_of: Some(crate::world::as_of("2026-01-01", "")),
        ..request.clone()
    };
    assert_eq!(violated(list(&world, another_day).await)[0].0, "as_of");
    let negative = ListTeacherHistoryRequest {
        page_size: -1,
        ..request
    };
    assert_eq!(violated(list(&world, negative).await)[0].0, "page_size");
}

#[tokio::test]
async fn history_is_listed_as_it_was_known() {
    let world = ordinary(ClockKind::Simulated).await;
    let request = ListTeacherHistoryRequest {
        parent: "teachers/apply-choice:501".to_owned(),
        as_of: Some(crate::world::as_of("2026-09-10", "2026-09-10T12:00:00Z")),
        ..ListTeacherHistoryRequest::default()
    };
    let listed = list(&world, request).await.unwrap();
    let expected = [
        ("recruited", "2025-11-03", "2026-09-01"),
        ("start_unknown", "2026-09-01", ""),
    ];
    let expected = expected.map(|(stage, from, to)| (stage.to_owned(), from.to_owned(), to.to_owned()));
    assert_eq!(lines(&listed), expected);
}
