//! The present: names, redirection, what is laid over an answer, and many at once.

use ltr_api::{Config, RestrictedFacts, reason};
use ltr_domain::ids::Feed;
use ltr_ports::log::ClockKind;
use ltr_proto::record::batch_result::Outcome;
use ltr_proto::record::{
    BatchGetTeachersRequest, Caveat, GetTeacherRequest, LookupTeacherRequest, Resolution, Stage, Teacher,
};
use prost_types::FieldMask;
use tonic::Code;

use crate::life::{choice, known_to_trs, merge, ordinary, person, two_trns};
use crate::world::{World, ask, config, get, refused, violated};

fn headline(teacher: &Teacher) -> &Resolution {
    teacher.headline.as_ref().unwrap()
}

#[tokio::test]
async fn a_teacher_is_found_by_every_form_of_every_identifier() {
    let world = ordinary(ClockKind::Simulated).await;
    let client = world.client().await;
    let person_id = world.person_of(&choice()).await.to_string();
    for id in [
        "3100001",
        "RP31/00001",
        "31-00001",
        "trn:3100001",
        &person_id,
        "apply-choice:501",
        "register-trainee:slug1",
    ] {
        let teacher = get(&client, &format!("teachers/{id}")).await.unwrap();
        assert_eq!(
            (teacher.name.as_str(), teacher.stage()),
            ("teachers/3100001", Stage::InTraining),
            "{id}"
        );
        assert_eq!(teacher.person_id, person_id);
    }
}

#[tokio::test]
async fn leading_zeros_are_kept() {
    let world = World::new(ClockKind::Simulated, "2026-01-01T00:00:00Z");
    known_to_trs(&world, "2026-01-02T12:00:00Z", "0000123").await;
    world.project().await;
    let client = world.client().await;
    let teacher = get(&client, "teachers/0000123").await.unwrap();
    assert_eq!(
        (teacher.name.as_str(), teacher.trn.as_str()),
        ("teachers/0000123", "0000123")
    );
    assert_eq!(
        refused(get(&client, "teachers/123").await),
        (Code::InvalidArgument, reason::INVALID_ID.to_owned())
    );
}

#[tokio::test]
async fn who_was_never_heard_of_is_not_found() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    for id in [
        "3100009",
        "apply-choice:9",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
    ] {
        let refusal = refused(get(&client, &format!("teachers/{id}")).await);
        assert_eq!(
            refusal,
            (Code::NotFound, reason::TEACHER_NOT_FOUND.to_owned()),
            "{id}"
        );
    }
    let empty = World::new(ClockKind::Simulated, "2026-01-01T00:00:00Z")
        .client()
        .await;
    let refusal = refused(get(&empty, "teachers/3100001").await);
    assert_eq!(refusal, (Code::NotFound, reason::TEACHER_NOT_FOUND.to_owned()));
}

#[tokio::test]
async fn what_is_no_id_is_refused_by_field_and_not_told_back() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    for (name, description) in [
        ("teachers/31x0001", "TRN holds a character it cannot hold"),
        ("teachers/310000", "TRN must have exactly 7 digits, found 6"),
        ("teachers/999999999", "TRN is a sentinel that names nobody"),
        ("3100001", "teacher name holds a character it cannot hold"),
    ] {
        let result = get(&client, name).await;
        assert_eq!(
            refused(result.clone()),
            (Code::InvalidArgument, reason::INVALID_ID.to_owned()),
            "{name}"
        );
        assert_eq!(
            violated(result),
            [("name".to_owned(), description.to_owned())],
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_merged_trn_and_the_id_of_a_person_who_ended_lead_to_the_retained_teacher() {
    let world = two_trns().await;
    let retained = world.person_of(&person("3013021")).await.to_string();
    let ended = world.person_of(&person("3012858")).await.to_string();
    merge(&world).await;
    let client = world.client().await;
    for (id, redirected_from) in [
        ("3012858", ""),
        ("3013021", "3013021"),
        (&retained, &*retained),
        (&ended, &*ended),
    ] {
        let teacher = get(&client, &format!("teachers/{id}")).await.unwrap();
        assert_eq!(
            (teacher.trn.as_str(), teacher.person_id.as_str()),
            ("3012858", &*retained),
            "{id}"
        );
        assert_eq!(teacher.redirected_from, redirected_from, "{id}");
        assert_eq!(teacher.merged_trns.len(), 1);
    }
}

#[tokio::test]
async fn every_answer_says_what_it_is_of_and_how_fresh() {
    let world = ordinary(ClockKind::Simulated).await;
    let teacher = get(&world.client().await, "teachers/3100001").await.unwrap();
    let as_of = teacher.as_of.unwrap();
    let watermark = ltr_proto::view::timestamp(world.checkpoint().await.known_at.0);
    assert_eq!(
        (as_of.effective_on.as_str(), as_of.known_at),
        ("2026-09-22", Some(watermark))
    );
    let feeds: Vec<_> = teacher
        .freshness
        .iter()
        .map(|heard| heard.feed.as_str())
        .collect();
    assert_eq!(feeds, ["apply/candidates", "register/trainees", "trs/persons"]);
    assert!(teacher.clock_simulated);
    assert!(teacher.personal.is_none());
}

#[tokio::test]
async fn an_answer_that_rests_on_a_silent_source_is_stale_and_its_digest_is_the_same() {
    let world = ordinary(ClockKind::Real).await;
    world.clock.advance_to(crate::world::at("2026-09-30T12:00:00Z"));
    let client = world.client().await;
    let fresh = get(&client, "teachers/3100001").await.unwrap();
    assert!(
        !headline(&fresh).caveats.contains(&Caveat::Stale.into()),
        "on the eighth day"
    );
    world.clock.advance_to(crate::world::at("2026-09-30T12:00:01Z"));
    let stale = get(&client, "teachers/3100001").await.unwrap();
    assert!(
        headline(&stale).caveats.contains(&Caveat::Stale.into()),
        "after it"
    );
    let facts = stale.facts.as_ref().unwrap();
    let is_stale = |fact: &Option<Resolution>| fact.as_ref().unwrap().caveats.contains(&Caveat::Stale.into());
    assert!(is_stale(&facts.training));
    assert!(!is_stale(&facts.employment), "it rests on nobody's word");
    assert_eq!(fresh.record_digest, stale.record_digest);
    assert!(!stale.clock_simulated);
    let past = async |known: &str| {
        let past = crate::world::get_as_of(&client, "teachers/3100001", "2026-09-10", known).await;
        headline(&past.unwrap()).caveats.contains(&Caveat::Stale.into())
    };
    assert!(
        past("").await,
        "of an earlier day too, as long as it is asked now"
    );
    assert!(
        !past("2026-09-30T12:00:00Z").await,
        "knowing what was known on the eighth day, for ever"
    );

    world.hear(Feed::RegisterTrainees, "2026-09-30T11:00:00Z").await;
    world.project().await;
    let again = get(&world.client().await, "teachers/3100001").await.unwrap();
    assert!(
        !headline(&again).caveats.contains(&Caveat::Stale.into()),
        "heard again"
    );
}

#[tokio::test]
async fn restricted_facts_are_withheld_unless_allowed() {
    let world = ordinary(ClockKind::Simulated).await;
    let withheld = get(&world.client().await, "teachers/3100001").await.unwrap();
    assert_eq!(withheld.withheld, ["restriction"]);
    assert_eq!(withheld.facts.as_ref().unwrap().restriction, None);
    let served = world
        .serve(Config {
            restricted: RestrictedFacts::Allowed,
            ..config()
        })
        .await;
    let allowed = get(&served.client, "teachers/3100001").await.unwrap();
    assert!(allowed.withheld.is_empty());
    assert_eq!(allowed.facts.unwrap().restriction.unwrap().value, "none");
    assert_eq!(withheld.record_digest, allowed.record_digest);
}

#[tokio::test]
async fn a_read_mask_picks_fields_and_refuses_what_it_does_not_know() {
    let client = ordinary(ClockKind::Simulated).await.client().await;
    let masked = |paths: &[&str]| GetTeacherRequest {
        name: "teachers/3100001".to_owned(),
        read_mask: Some(FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        ..GetTeacherRequest::default()
    };
    let teacher = ask(&client, masked(&["trn", "stage"])).await.unwrap();
    let expected = Teacher {
        trn: "3100001".to_owned(),
        stage: Stage::InTraining.into(),
        ..Teacher::default()
    };
    assert_eq!(teacher, expected);
    let unknown = violated(ask(&client, masked(&["trn", "salary"])).await);
    assert_eq!(unknown[0].0, "read_mask");
}

#[tokio::test]
async fn a_batch_answers_each_name_in_the_order_asked() {
    let world = two_trns().await;
    merge(&world).await;
    let mut client = world.client().await;
    let ended = ltr_domain::ids::PersonId::of(&person("3012858")).to_string();
    let ids = ["3012858", "3100009", "31x", "3013021", "3012858", &ended];
    let names: Vec<String> = ids.iter().map(|id| format!("teachers/{id}")).collect();
    let request = BatchGetTeachersRequest {
        names: names.clone(),
        ..BatchGetTeachersRequest::default()
    };
    let results = client
        .batch_get_teachers(request.clone())
        .await
        .unwrap()
        .into_inner()
        .results;
    assert_eq!(
        results.iter().map(|result| &result.name).collect::<Vec<_>>(),
        names.iter().collect::<Vec<_>>()
    );
    let told: Vec<String> = results
        .into_iter()
        .map(|result| match result.outcome.unwrap() {
            Outcome::Teacher(teacher) => format!("{} from {:?}", teacher.trn, teacher.redirected_from),
            Outcome::Missing(missing) => missing.reason,
        })
        .collect();
    assert_eq!(
        told,
        [
            "3012858 from \"\"",
            reason::TEACHER_NOT_FOUND,
            reason::INVALID_ID,
            "3012858 from \"3013021\"",
            "3012858 from \"\"",
            &format!("3012858 from {ended:?}"),
        ]
    );

    let before = BatchGetTeachersRequest {
        as_of: Some(crate::world::as_of("", "2026-01-15T00:00:00Z")),
        ..request
    };
    let results = client
        .batch_get_teachers(before)
        .await
        .unwrap()
        .into_inner()
        .results;
    let trns: Vec<_> = results
        .into_iter()
        .filter_map(|result| match result.outcome.unwrap() {
            Outcome::Teacher(teacher) => Some(teacher.trn),
            Outcome::Missing(_) => None,
        })
        .collect();
    assert_eq!(
        trns,
        ["3012858", "3013021", "3012858", "3012858"],
        "before the merge was known"
    );
}

#[tokio::test]
async fn a_batch_has_a_limit_and_may_be_empty() {
    let mut client = ordinary(ClockKind::Simulated).await.client().await;
    let mut batch = async |count| {
        let names = vec!["teachers/3100001".to_owned(); count];
        let answer = client
            .batch_get_teachers(BatchGetTeachersRequest {
                names,
                ..Default::default()
            })
            .await;
        answer.map(|answer| answer.into_inner().results.len())
    };
    assert_eq!(batch(0).await.unwrap(), 0);
    assert_eq!(batch(500).await.unwrap(), 500);
    assert_eq!(violated(batch(501).await)[0].0, "names");
}

#[tokio::test]
async fn a_lookup_tells_who_an_identifier_belongs_to() {
    let world = ordinary(ClockKind::Simulated).await;
    let mut client = world.client().await;
    let mut lookup = async |id: &str| {
        let request = LookupTeacherRequest {
            id: id.to_owned(),
            date_of_birth: String::new(),
        };
        client
            .lookup_teacher(request)
            .await
            .map(|answer| answer.into_inner())
    };
    let person_id = world.person_of(&choice()).await.to_string();
    for id in ["3100001", "teachers/3100001", "apply-choice:501"] {
        let found = lookup(id).await.unwrap();
        assert_eq!(
            (found.name.as_str(), found.trn.as_str()),
            ("teachers/3100001", "3100001"),
            "{id}"
        );
        assert_eq!(
            (found.person_id.as_str(), found.redirected_from.as_str()),
            (&*person_id, ""),
            "{id}"
        );
    }
    assert_eq!(
        lookup(&person_id).await.unwrap().redirected_from,
        person_id,
        "a provisional id"
    );
    assert_eq!(refused(lookup("3100009").await).0, Code::NotFound);
    assert_eq!(violated(lookup("999999999").await)[0].0, "id");
}
