//! Why: explanations, changes of the source of truth and differences, as a client is told.

use ltr_api::client::Client;
use ltr_api::{Config, RestrictedFacts, reason};
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_ports::log::ClockKind;
use ltr_proto::explanation::cause_token;
use ltr_proto::record::{
    AsOf, CauseKind, DiffTeacherRequest, DiffTeacherResponse, ExplainTeacherRequest, ExplainTeacherResponse,
    ListSourceOfTruthChangesRequest, ListSourceOfTruthChangesResponse, SourceOfTruthChange, TimeAxis,
    Verdict,
};
use ltr_proto::view::{certainty_token, timestamp};
use prost_types::FieldMask;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::life::{known_to_trs, merge, ordinary, two_trns};
use crate::world::{World, as_of, at, config, get_as_of, refused, violated};

async fn explain(client: &Client, name: &str, as_of: AsOf) -> Result<ExplainTeacherResponse, Status> {
    let request = ExplainTeacherRequest {
        name: name.to_owned(),
        as_of: Some(as_of),
        ..ExplainTeacherRequest::default()
    };
    let answer = client.clone().explain_teacher(request).await;
    answer.map(tonic::Response::into_inner)
}

async fn diff(client: &Client, name: &str, before: AsOf, after: AsOf) -> Result<DiffTeacherResponse, Status> {
    let request = DiffTeacherRequest {
        name: name.to_owned(),
        before: Some(before),
        after: Some(after),
    };
    let answer = client.clone().diff_teacher(request).await;
    answer.map(tonic::Response::into_inner)
}

async fn sources(
    client: &Client,
    request: ListSourceOfTruthChangesRequest,
) -> Result<ListSourceOfTruthChangesResponse, Status> {
    let answer = client.clone().list_source_of_truth_changes(request).await;
    answer.map(tonic::Response::into_inner)
}

fn of(parent: &str) -> ListSourceOfTruthChangesRequest {
    ListSourceOfTruthChangesRequest {
        parent: parent.to_owned(),
        ..ListSourceOfTruthChangesRequest::default()
    }
}

/// Day, source, value, certainty and causes of each change.
fn lines(changes: &[SourceOfTruthChange]) -> Vec<String> {
    let line = |change: &SourceOfTruthChange| {
        let since = match &change.since_known_at {
            Some(at) => at.to_string()[..10].to_owned(),
            None => change.since_on.clone(),
        };
        let after = change.after.clone().unwrap();
        let source = after
            .claim
            .as_ref()
            .map(|claim| claim.source.clone())
            .unwrap_or_default();
        let causes: Vec<_> = change
            .causes
            .iter()
            .map(|cause| cause_token(cause.kind()))
            .collect();
        format!(
            "{since} {source} {} {} {}",
            after.value,
            certainty_token(after.certainty()),
            causes.join("+")
        )
    };
    changes.iter().map(line).collect()
}

/// Everything of a list, page after page.
async fn all(client: &Client, request: ListSourceOfTruthChangesRequest) -> Vec<SourceOfTruthChange> {
    let mut changes = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = sources(
            client,
            ListSourceOfTruthChangesRequest {
                page_token,
                ..request.clone()
            },
        )
        .await
        .unwrap();
        changes.extend(page.changes);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return changes;
        }
    }
}

#[tokio::test]
async fn an_explanation_is_of_the_very_answer_that_get_gives() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    for (effective, known) in [
        ("", ""),
        ("2026-09-10", ""),
        ("2026-09-10", "2026-09-10T12:00:00Z"),
        ("2026-11-05", "2026-09-22T10:30:00Z"),
    ] {
        let name = "teachers/apply-choice:501";
        let got = get_as_of(&client, name, effective, known).await.unwrap();
        let explained = explain(&client, name, as_of(effective, known)).await.unwrap();
        assert_eq!(explained.teacher, Some(got.clone()), "{effective} {known}");
        let facts: Vec<_> = explained.facts.iter().map(|fact| fact.fact.as_str()).collect();
        assert_eq!(
            facts,
            [
                "headline",
                "qualified_status",
                "training",
                "place",
                "induction",
                "employment"
            ],
            "restriction is withheld"
        );
        let headline = &explained.facts[0];
        assert_eq!(headline.resolution, got.headline);
        let taken: Vec<_> = headline
            .claims
            .iter()
            .filter(|one| one.verdict() == Verdict::Taken)
            .map(|one| one.claim.clone())
            .collect();
        assert_eq!(taken, [got.headline.unwrap().claim], "{effective} {known}");
    }
}

#[tokio::test]
async fn every_claim_has_its_rule_and_its_reason() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let explained = explain(&client, "teachers/3100001", as_of("2026-09-22", ""))
        .await
        .unwrap();
    let told: Vec<String> = explained
        .facts
        .iter()
        .flat_map(|fact| &fact.claims)
        .map(|one| {
            let claim = one.claim.clone().unwrap();
            format!("{} {} {} {}", claim.source, claim.value, one.why, one.rule)
        })
        .collect();
    for expected in [
        "register in_training decides_stage headline.first_row",
        "register in_training entitled_not_settling training.start_to_census",
        "apply recruited followed place.followed",
        "trs none settles qualified_status.always",
    ] {
        assert!(told.iter().any(|line| line == expected), "{expected}: {told:#?}");
    }
    let rules: Vec<_> = explained
        .policy_rules
        .iter()
        .map(|rule| rule.name.as_str())
        .collect();
    assert!(rules.contains(&"training.after_sign_off"), "{rules:?}");
}

#[tokio::test]
async fn restriction_is_explained_to_those_who_may_see_it_only() {
    let world = ordinary(ClockKind::Simulated).await;
    let open = Config {
        restricted: RestrictedFacts::Allowed,
        ..config()
    };
    let allowed = world.serve(open).await.client;
    let held_back = world.client().await;
    let before = as_of("", "2026-09-21T12:00:00Z");
    let has = async |client: &Client| {
        let explained = explain(client, "teachers/3100001", AsOf::default())
            .await
            .unwrap();
        let differs = diff(client, "teachers/3100001", before.clone(), AsOf::default())
            .await
            .unwrap();
        let listed = sources(
            client,
            ListSourceOfTruthChangesRequest {
                fact: "restriction".to_owned(),
                ..of("teachers/3100001")
            },
        )
        .await
        .unwrap();
        (
            explained.facts.iter().any(|fact| fact.fact == "restriction"),
            differs
                .fields
                .iter()
                .any(|field| field.field.contains("restriction")),
            listed.changes.len(),
            listed.withheld,
        )
    };
    assert_eq!(has(&allowed).await, (true, true, 1, Vec::new()));
    assert_eq!(
        has(&held_back).await,
        (false, false, 0, vec!["restriction".to_owned()])
    );
}

#[tokio::test]
async fn masks_and_facts_choose_what_is_told() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let request = ExplainTeacherRequest {
        name: "teachers/3100001".to_owned(),
        facts: vec!["training".to_owned()],
        read_mask: Some(FieldMask {
            paths: vec!["trn".to_owned()],
        }),
        ..ExplainTeacherRequest::default()
    };
    let told = client
        .clone()
        .explain_teacher(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(told.facts.len(), 1);
    let teacher = told.teacher.unwrap();
    assert_eq!((teacher.trn.as_str(), teacher.headline), ("3100001", None));
    let wrong = ExplainTeacherRequest {
        facts: vec!["shoe_size".to_owned()],
        ..request
    };
    let refusal = violated(
        client
            .clone()
            .explain_teacher(wrong)
            .await
            .map(tonic::Response::into_inner),
    );
    assert_eq!(refusal[0].0, "facts");
}

#[tokio::test]
async fn the_source_of_truth_passes_from_apply_to_register() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let changes = all(&client, of("teachers/3100001")).await;
    assert_eq!(
        lines(&changes),
        [
            "2025-11-03 apply recruited confirmed new_evidence",
            "2026-08-31 apply start_unknown presumed time",
            "2026-09-21 register in_training provisional new_evidence",
        ]
    );
    assert!(changes.iter().all(|change| change.teacher == "teachers/3100001"));
    assert_eq!(changes[2].causes[0].record, "register/trainee/slug1");
    // About one day: learnt on 21 September.
    let about = ListSourceOfTruthChangesRequest {
        as_of: Some(as_of("2026-09-10", "")),
        ..of("teachers/apply-choice:501")
    };
    assert_eq!(
        lines(&all(&client, about.clone()).await),
        [
            "2025-11-03 apply start_unknown presumed new_evidence",
            "2026-09-21 register in_training provisional new_evidence",
        ]
    );
    // Over the days, as it is believed now.
    let over = ListSourceOfTruthChangesRequest {
        axis: TimeAxis::Effective.into(),
        as_of: Some(as_of("2026-12-01", "")),
        ..about.clone()
    };
    assert_eq!(
        lines(&all(&client, over).await),
        [
            "2025-11-03 apply recruited confirmed ",
            "2026-09-01 apply recruited provisional time",
            "2026-09-03 register in_training provisional time",
            "2026-11-01 register in_training presumed time",
        ]
    );
    let from = ListSourceOfTruthChangesRequest {
        known_from: Some(timestamp(at("2026-09-01T00:00:00Z"))),
        ..about
    };
    assert_eq!(all(&client, from).await.len(), 1);
}

#[tokio::test]
async fn pages_are_of_one_list() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let whole = all(&client, of("teachers/3100001")).await;
    let small = ListSourceOfTruthChangesRequest {
        page_size: 1,
        ..of("teachers/3100001")
    };
    assert_eq!(all(&client, small.clone()).await, whole);
    let first = sources(&client, small).await.unwrap();
    let other = ListSourceOfTruthChangesRequest {
        fact: "training".to_owned(),
        page_token: first.next_page_token.clone(),
        ..of("teachers/3100001")
    };
    assert_eq!(violated(sources(&client, other).await)[0].0, "page_token");
    let moved = ListSourceOfTruthChangesRequest {
        as_of: Some(as_of("2026-09-10", "")),
        page_token: first.next_page_token,
        ..of("teachers/3100001")
    };
    assert_eq!(violated(sources(&client, moved).await)[0].0, "as_of");
}

/// Ten people of TRS, one after the other, beside the ordinary life.
async fn crowd() -> World {
    let world = ordinary(ClockKind::Simulated).await;
    for number in 0..10 {
        let known = format!("2026-10-{:02}T12:00:00Z", number + 1);
        known_to_trs(&world, &known, &format!("32000{number:02}")).await;
    }
    world.project().await;
    world
}

#[tokio::test]
async fn over_a_period_everybody_is_listed_once_whatever_the_pages() {
    let client = crowd().await.client().await;
    let period = ListSourceOfTruthChangesRequest {
        known_from: Some(timestamp(at("2026-09-15T00:00:00Z"))),
        as_of: Some(as_of("", "2026-10-05T23:00:00Z")),
        ..of("teachers/-")
    };
    let whole = all(&client, period.clone()).await;
    let told = lines(&whole);
    assert_eq!(
        told[0],
        "2026-09-21 register in_training provisional new_evidence"
    );
    assert_eq!(told.len(), 1 + 5, "{told:#?}");
    assert!(
        told[1..]
            .iter()
            .all(|line| line.contains("trs no_teaching_status")),
        "{told:#?}"
    );
    for page_size in [1, 2, 3] {
        let paged = ListSourceOfTruthChangesRequest {
            page_size,
            ..period.clone()
        };
        assert_eq!(all(&client, paged).await, whole, "pages of {page_size}");
    }
    let effective = ListSourceOfTruthChangesRequest {
        axis: TimeAxis::Effective.into(),
        ..period
    };
    assert_eq!(violated(sources(&client, effective).await)[0].0, "axis");
}

#[tokio::test]
async fn a_difference_names_what_made_it() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let told = diff(
        &client,
        "teachers/apply-choice:501",
        as_of("2026-09-10", "2026-09-10T12:00:00Z"),
        as_of("2026-09-22", ""),
    )
    .await
    .unwrap();
    let causes = |field: &str| -> Vec<(CauseKind, u64)> {
        let found = told.fields.iter().find(|one| one.field == field);
        let causes = found.map(|found| found.causes.clone()).unwrap_or_default();
        causes
            .iter()
            .map(|cause| (cause.kind(), cause.sequence))
            .collect()
    };
    assert_eq!(causes("stage"), [(CauseKind::LateArrival, 2)]);
    assert_eq!(causes("headline.certainty"), [(CauseKind::LateArrival, 2)]);
    let stage = told.fields.iter().find(|one| one.field == "stage").unwrap();
    assert_eq!(
        (stage.before.as_str(), stage.after.as_str()),
        ("start_unknown", "in_training")
    );
    let (before, after) = (told.before.unwrap(), told.after.unwrap());
    assert_ne!(before.record_digest, after.record_digest);
    // The other way round is refused, and nothing lies between an answer and itself.
    let turned = diff(
        &client,
        "teachers/3100001",
        as_of("", "2026-09-22T10:30:00Z"),
        as_of("", "2026-09-10T12:00:00Z"),
    )
    .await;
    assert_eq!(violated(turned)[0].0, "before.known_at");
    let same = diff(&client, "teachers/3100001", AsOf::default(), AsOf::default())
        .await
        .unwrap();
    assert_eq!(same.fields, []);
}

#[tokio::test]
async fn a_merge_is_a_cause_of_its_own() {
    let world = two_trns().await;
    merge(&world).await;
    let client = world.client().await;
    let told = diff(
        &client,
        "teachers/3013021",
        as_of("2026-02-01", "2026-01-10T12:00:00Z"),
        as_of("2026-02-01", ""),
    )
    .await
    .unwrap();
    let trn = told.fields.iter().find(|one| one.field == "trn").unwrap();
    assert_eq!((trn.before.as_str(), trn.after.as_str()), ("3013021", "3012858"));
    let identity: Vec<_> = told
        .fields
        .iter()
        .flat_map(|field| &field.causes)
        .filter(|cause| cause.kind() == CauseKind::Identity)
        .collect();
    assert!(!identity.is_empty());
    assert!(
        identity
            .iter()
            .all(|cause| cause.joined == ["trs/person/3012858"]),
        "{identity:#?}"
    );
    assert_eq!(told.after.unwrap().redirected_from, "3013021");
}

#[tokio::test]
async fn ids_that_are_none_or_nobodys_are_refused_alike() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let unheard = RecordId::new(RecordKind::TrsPerson, "3100009");
    assert!(unheard.to_string().ends_with("3100009"));
    for (name, code, why) in [
        ("teachers/31", Code::InvalidArgument, reason::INVALID_ID),
        ("3100001", Code::InvalidArgument, reason::INVALID_ID),
        ("teachers/3100009", Code::NotFound, reason::TEACHER_NOT_FOUND),
    ] {
        let expected = (code, why.to_owned());
        assert_eq!(
            refused(explain(&client, name, AsOf::default()).await),
            expected,
            "{name}"
        );
        assert_eq!(refused(sources(&client, of(name)).await), expected, "{name}");
        assert_eq!(
            refused(diff(&client, name, AsOf::default(), AsOf::default()).await),
            expected,
            "{name}"
        );
    }
    let early = as_of("", "2025-11-02T12:00:00Z");
    let not_yet = (Code::NotFound, reason::TEACHER_NOT_FOUND.to_owned());
    assert_eq!(
        refused(explain(&client, "teachers/3100001", early.clone()).await),
        not_yet
    );
    assert_eq!(
        refused(diff(&client, "teachers/3100001", early, AsOf::default()).await),
        not_yet
    );
}

#[tokio::test]
async fn what_lies_beyond_the_watermark_fails_with_the_lag_everywhere() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let late = || as_of("", "2026-09-22T13:00:00Z");
    let beyond = |status: Status| {
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!(info.reason, reason::KNOWN_AT_BEYOND_WATERMARK);
        info.metadata["lag"].clone()
    };
    let name = "teachers/3100001";
    let asked = ListSourceOfTruthChangesRequest {
        as_of: Some(late()),
        ..of(name)
    };
    let everybody = ListSourceOfTruthChangesRequest {
        as_of: Some(late()),
        ..of("teachers/-")
    };
    let lags = [
        beyond(
            get_as_of(&client, name, "", "2026-09-22T13:00:00Z")
                .await
                .unwrap_err(),
        ),
        beyond(explain(&client, name, late()).await.unwrap_err()),
        beyond(diff(&client, name, late(), AsOf::default()).await.unwrap_err()),
        beyond(diff(&client, name, AsOf::default(), late()).await.unwrap_err()),
        beyond(sources(&client, asked).await.unwrap_err()),
        beyond(sources(&client, everybody).await.unwrap_err()),
    ];
    assert_eq!(
        lags,
        ["3600", "3600", "3600", "3600", "3600", "3600"].map(str::to_owned)
    );
}
