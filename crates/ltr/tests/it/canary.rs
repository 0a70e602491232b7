//! No personal value stands in clear anywhere: canaries in every feed, then a search of the log's and the store's files,
//! of every message, and of all that any command printed. Once their keys are gone, what was said of the people stays.

use std::path::Path;

use ltr_api::client::connect;
use ltr_devservers::PostgresServer;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::time::KnownAt;
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_ports::store::Store;
use ltr_proto::record::{DateOfBirthCheck, LookupTeacherRequest};
use ltr_proto::subject::Subject;
use serde_json::{Value, json};

use crate::house::{House, Ran, ingest_arguments, messages, own_servers};
use crate::rows::*;

mod search;

use search::Needles;

const TAKEN_AT: &str = "2026-10-01T06:00:00Z";
const TRN: &str = "3100001";
const JOB: &str = "9f3c6e1a-0000-4000-8000-000000000001";

/// What nobody may find, by what it is.
const CANARIES: [(&str, &str); 21] = [
    ("first name", "Qwzfirstname"),
    ("middle name", "Qwzmiddlename"),
    ("last name", "Qwzlastname"),
    ("previous name", "Qwzpreviousname"),
    ("date of birth", "1903-02-07"),
    ("unreadable date of birth", "7th Qwzmay 1903"),
    ("e-mail", "qwzmail@canary.example"),
    ("National Insurance number", "QW123456Z"),
    ("telephone", "+44 7700 900987"),
    ("address", "17 Qwzstreet Lane"),
    ("postcode", "QW1 9ZZ"),
    ("free text", "Qwzstatement about my life"),
    ("disability", "Qwzdisability"),
    ("ethnicity", "Qwzethnicity"),
    ("One Login subject", "urn:fdc:gov.uk:2022:Qwzlogin"),
    ("alert details", "Qwzalertdetails"),
    ("declared TRN as typed", "RP76/54321"),
    ("declared TRN", "7654321"),
    ("value of an unknown field", "Qwzunknownvalue"),
    ("name in a quarantined row", "Qwzquarantined"),
    ("bad TRN of a quarantined row", "98Q7654"),
];

fn canary(what: &str) -> &'static str {
    let found = CANARIES.iter().find(|(name, _)| *name == what);
    found.unwrap_or_else(|| panic!("no canary {what}")).1
}

/// Rows of every feed, full of canaries.
fn rows() -> Vec<(&'static str, Vec<Value>)> {
    let full = with(
        qualified(TRN, "2024-07-01"),
        json!({
            "firstName": canary("first name"),
            "middleName": canary("middle name"),
            "lastName": canary("last name"),
            "dateOfBirth": canary("date of birth"),
            "emailAddress": canary("e-mail"),
            "nationalInsuranceNumber": canary("National Insurance number"),
            "previousNames": [
                { "firstName": canary("first name"), "middleName": "", "lastName": canary("previous name") },
            ],
            "alerts": [{ "alertId": "a1", "startDate": "2020-01-01", "details": canary("alert details"),
                "alertType": { "alertTypeId": "t1", "alertCategory": { "alertCategoryId": "c1" } } }],
            "somethingNew": { "inside": [canary("value of an unknown field")] },
        }),
    );
    let odd = with(
        qualified("3100002", "2024-07-01"),
        json!({ "dateOfBirth": canary("unreadable date of birth") }),
    );
    let bad = with(
        qualified(canary("bad TRN of a quarantined row"), "2024-07-01"),
        json!({ "lastName": canary("name in a quarantined row") }),
    );
    let wrong_type = with(
        qualified("3100003", "2024-07-01"),
        json!({ "qts": canary("name in a quarantined row"), "lastName": canary("name in a quarantined row") }),
    );
    let moved = json!({
        "_http": { "status": 308, "headers": { "location": format!("/{}", canary("name in a quarantined row")) } },
        "requested_trn": "3100004", "body": canary("free text"),
    });
    let trainee = trainee(
        "canary",
        json!({
            "trn": TRN, "application_id": 501, "state": "trn_received",
            "first_names": canary("first name"), "middle_names": canary("middle name"),
            "last_name": canary("last name"), "previous_last_name": canary("previous name"),
            "date_of_birth": canary("date of birth"), "email": canary("e-mail"),
            "ni_number": canary("National Insurance number"), "disability1": canary("disability"),
            "disabilities": [canary("disability")], "ethnic_background": canary("ethnicity"),
            "defer_reason": canary("free text"), "withdrawal_another_reason": canary("free text"),
            "degrees": [{ "institution": canary("free text") }],
            "something_new": canary("value of an unknown field"),
            "placements": [{ "placement_id": "p1", "urn": "123456", "name": "Example Hill School",
                "address": canary("address"), "postcode": canary("postcode") }],
        }),
    );
    let bad_trainee = json!({ "last_name": canary("name in a quarantined row"), "state": "trn_received" });
    let mut applicant = candidate("C9001", 501);
    let attributes = &mut applicant["attributes"];
    attributes["email_address"] = json!(canary("e-mail"));
    let form = &mut attributes["application_forms"][0];
    form["first_name"] = json!(canary("first name"));
    form["last_name"] = json!(canary("last name"));
    form["personal_statement"] = json!(canary("free text"));
    form["something_new"] = json!(canary("value of an unknown field"));
    let mut recruited = recruit(
        501,
        "C9001",
        json!({
            "first_name": canary("first name"), "last_name": canary("last name"),
            "date_of_birth": canary("date of birth"), "disabilities": [canary("disability")],
            "disability_disclosure": canary("disability"), "ethnic_background": canary("ethnicity"),
            "other_languages": canary("free text"), "something_new": canary("value of an unknown field"),
        }),
    );
    recruited["attributes"]["contact_details"] = json!({
        "email": canary("e-mail"), "phone_number": canary("telephone"),
        "address_line1": canary("address"), "postcode": canary("postcode"),
    });
    let application = job_application(
        JOB,
        "7b1c7c06-0000-4000-8000-000000000001",
        json!({
            "personal_statement": canary("free text"), "disability": canary("disability"),
            "ethnicity_description": canary("ethnicity"), "something_new": canary("value of an unknown field"),
            "jobseeker": {
                "first_name": canary("first name"), "last_name": canary("last name"), "email": canary("e-mail"),
                "teacher_reference_number": canary("declared TRN as typed"),
                "national_insurance_number": canary("National Insurance number"),
                "govuk_one_login_id": canary("One Login subject"), "phone_number": canary("telephone"),
                "street_address": canary("address"), "postcode": canary("postcode"),
            },
        }),
    );
    vec![
        ("trs/persons", vec![full, odd, bad, wrong_type, moved]),
        ("register/trainees", vec![trainee, bad_trainee]),
        ("apply/candidates", vec![applicant]),
        ("apply/recruits", vec![recruited]),
        (
            "teaching-vacancies/vacancies",
            vec![vacancy("7b1c7c06-0000-4000-8000-000000000001")],
        ),
        ("teaching-vacancies/job-applications", vec![application]),
    ]
}

/// Runs a command with everything logged, and searches what it prints.
async fn traced(house: &House, needles: &Needles, arguments: &[&str]) -> Ran {
    let mut command = house.command(arguments);
    command.env("LTR_LOG", "trace");
    let ran = crate::house::finish(command).await;
    needles.absent(
        &format!("standard error of ltr {arguments:?}"),
        ran.stderr.as_bytes(),
    );
    // Whoever asks for personal values gets them; nobody else does.
    if !arguments.contains(&"--personal") {
        needles.absent(
            &format!("standard output of ltr {arguments:?}"),
            ran.stdout.as_bytes(),
        );
    }
    assert!(ran.status.success(), "ltr {arguments:?}: {ran:?}");
    ran
}

async fn ingest_all(house: &House, needles: &Needles, taken_at: &str) -> Vec<Value> {
    let mut reports = Vec::new();
    for (feed, rows) in rows() {
        let path = house.file(&format!("{}.ndjson", feed.replace('/', "-")), &rows);
        if feed == "trs/persons" {
            let mut text = std::fs::read_to_string(&path).unwrap();
            text.push_str(&format!(
                "{{\"lastName\": \"{}\n",
                canary("name in a quarantined row")
            ));
            std::fs::write(&path, text).unwrap();
        }
        let bytes = std::fs::read(&path).unwrap();
        let names_nobody = feed == "teaching-vacancies/vacancies";
        assert_eq!(
            needles.found_in(&bytes).is_none(),
            names_nobody,
            "the search finds what is there"
        );
        let arguments = ingest_arguments(feed, taken_at, &path);
        let dry: Vec<&str> = arguments.iter().copied().chain(["--dry-run"]).collect();
        traced(house, needles, &dry).await;
        reports.push(traced(house, needles, &arguments).await.json());
    }
    reports
}

#[tokio::test(flavor = "multi_thread")]
async fn no_personal_value_stands_in_clear_and_erased_ones_are_gone() {
    let needles = Needles::of(&CANARIES);
    let mut postgres = PostgresServer::start(&own_servers())
        .await
        .expect("PostgreSQL starts");
    let database_url = postgres
        .fresh_database("canary")
        .await
        .expect("a database can be made");
    let house = House::on(ClockKind::Simulated, database_url).await;

    let reports = ingest_all(&house, &needles, TAKEN_AT).await;
    let sum = |name: &str| {
        reports
            .iter()
            .filter_map(|report| report[name].as_u64())
            .sum::<u64>()
    };
    assert_eq!((sum("observations"), sum("quarantined")), (8, 5), "{reports:?}");
    for arguments in [
        &["migrate"][..],
        &["project", "--until-head"],
        &["log", "show"],
        &["log", "stat"],
        &["log", "verify"],
        &["quarantine", "list"],
        &["quarantine", "list", "--json"],
        &["quarantine", "redrive", "--dry-run"],
        &["quarantine", "redrive", "--json"],
        &["doctor"],
        &["config", "check"],
        &["teacher", "show", TRN],
        &["teacher", "show", TRN, "--json", "--allow-restricted"],
        &["teacher", "history", TRN, "--json"],
        &[
            "teacher",
            "show",
            "apply-candidate:C9001",
            "--on",
            "2026-09-30",
            "--known",
            "2026-12-31",
            "--json",
        ],
    ] {
        // What will be known by Christmas is not known yet: asked for all the same, for what it prints.
        if arguments.contains(&"--known") {
            house
                .done(&["clock", "advance", "--to", "2027-01-01T00:00:00Z"])
                .await;
            traced(&house, &needles, &["project", "--until-head"]).await;
        }
        traced(&house, &needles, arguments).await;
    }
    let personal = traced(
        &house,
        &needles,
        &["teacher", "show", TRN, "--personal", "--json"],
    )
    .await
    .json();
    assert_eq!(personal["personal"]["state"], "available");
    assert_eq!(
        personal["personal"]["names"],
        json!([canary("first name"), canary("middle name"), canary("last name")])
    );
    assert_eq!(personal["personal"]["date_of_birth"], canary("date of birth"));
    lookup(&house, &needles, DateOfBirthCheck::Matches).await;

    search_messages(&house, &needles).await;
    search_store(&house, &needles).await;
    search_files(house.nats.directory().unwrap(), &needles, b"LTR_EVENTS");
    // Ended in order, it has written everything to its files.
    postgres.restart().await.expect("PostgreSQL starts again");
    search_files(postgres.directory().unwrap(), &needles, b"trs/person/3100001");

    erase(&house, &needles, &personal).await;
    search_messages(&house, &needles).await;
}

/// A date of birth checked over gRPC, in a service that logs everything.
async fn lookup(house: &House, needles: &Needles, expected: DateOfBirthCheck) {
    let mut command = house.command(&["serve", "--grpc-address", "127.0.0.1:0"]);
    command.env("LTR_LOG", "trace");
    let mut serving = crate::house::Running::start(command);
    let line = serving.says("serving gRPC on ").await;
    let address = line.rsplit(' ').next().unwrap();
    let mut client = connect(address).await.expect("it listens");
    let request = LookupTeacherRequest {
        id: TRN.to_owned(),
        date_of_birth: canary("date of birth").to_owned(),
    };
    let answer = client.lookup_teacher(request).await.unwrap().into_inner();
    assert_eq!(answer.date_of_birth_check(), expected);
    drop(client);
    let ran = serving.stop().await;
    assert!(ran.status.success(), "{ran:?}");
    needles.absent("standard error of ltr serve", ran.stderr.as_bytes());
    needles.absent("standard output of ltr serve", ran.stdout.as_bytes());
}

async fn search_messages(house: &House, needles: &Needles) {
    let log = house.log().await;
    let mut searched = 0;
    for stream in Stream::ALL {
        for message in messages(&log, stream).await {
            let place = format!("{stream} {}", message.sequence);
            needles.absent(&place, &message.payload);
            needles.absent(&place, message.subject.as_bytes());
            searched += 1;
        }
    }
    assert!(searched >= 30, "{searched} messages");
}

/// Everything the store gives, as it gives it: its files hold it compressed.
async fn search_store(house: &House, needles: &Needles) {
    let store = house.store().await;
    let records = everyones_records();
    for entry in store.history(records.clone()).await.unwrap() {
        needles.absent(&format!("history of {}", entry.record), &entry.payload);
    }
    let (_, rows) = store.people_of(records.clone()).await.unwrap();
    assert!(rows.len() >= 5, "{} rows", rows.len());
    for (record, row) in rows {
        needles.absent(&format!("view of {record}"), &row.view);
        needles.absent(&format!("sealed of {record}"), &row.sealed);
    }
    let past = store
        .history_of(
            records[0].clone(),
            KnownAt("2027-01-01T00:00:00Z".parse().unwrap()),
        )
        .await;
    assert!(past.unwrap().is_some());
    let quarantine = store.quarantine(100).await.unwrap();
    assert_eq!(quarantine.len(), 5);
    needles.absent("the quarantine", format!("{quarantine:?}").as_bytes());
    needles.absent(
        "the deliveries",
        format!("{:?}", store.deliveries(100).await.unwrap()).as_bytes(),
    );
}

/// Searches every file; `control` must be in one of them.
fn search_files(folder: &Path, needles: &Needles, control: &[u8]) {
    let mut folders = vec![folder.to_owned()];
    let (mut files, mut controlled) = (0, false);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // A file of a running server may go while we look.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            needles.absent(&path.display().to_string(), &bytes);
            controlled |= bytes.windows(control.len()).any(|window| window == control);
            files += 1;
        }
    }
    assert!(
        files >= 3 && controlled,
        "{files} files under {}",
        folder.display()
    );
}

/// Takes the keys away and asks again.
async fn erase(house: &House, needles: &Needles, before: &Value) {
    let log = house.log().await;
    let kept = messages(&log, Stream::Keys).await;
    let kept = kept
        .iter()
        .filter(|key| matches!(Subject::parse(&key.subject), Ok(Subject::RowKey(_))));
    let kept: Vec<String> = kept.map(|key| key.subject.clone()).collect();
    assert_eq!(
        kept.len(),
        4,
        "every row in quarantine that could be parsed is kept"
    );
    let subjects: Vec<String> = everyones_records()
        .into_iter()
        .map(|record| Subject::Key(record).to_string())
        .collect();
    let held = log.last_of(Stream::Keys, subjects.clone()).await.unwrap();
    assert!(held.len() >= 6, "{} records have keys", held.len());
    for subject in subjects.clone() {
        log.purge(Stream::Keys, subject).await.unwrap();
    }
    assert!(log.last_of(Stream::Keys, subjects).await.unwrap().is_empty());
    for subject in kept {
        log.purge(Stream::Keys, subject).await.unwrap();
    }
    let redrive = ["quarantine", "redrive", "--json"];
    let told = traced(house, needles, &redrive).await.json_lines().pop().unwrap();
    assert_eq!(
        (&told["erased"], &told["not_kept"]),
        (&json!(4), &json!(1)),
        "{told}"
    );
    let mut after = traced(house, needles, &["teacher", "show", TRN, "--personal", "--json"]).await;
    needles.absent("an erased teacher", after.stdout.as_bytes());
    let shown = after.json();
    assert_eq!(shown["personal"]["state"], "erased");
    assert_eq!(shown["personal"]["names"], json!([]));
    assert_eq!(shown["personal"]["date_of_birth"], Value::Null);
    let rest = |value: &Value| {
        let mut rest = value.as_object().unwrap().clone();
        rest.remove("personal");
        rest
    };
    assert_eq!(rest(&shown), rest(before), "nothing else changed");
    lookup(house, needles, DateOfBirthCheck::NotHeld).await;

    for arguments in [
        &["log", "verify"][..],
        &["doctor"],
        &["teacher", "history", TRN],
        &[
            "teacher",
            "show",
            "register-trainee:canary",
            "--on",
            "2026-09-30",
            "--json",
        ],
        &["log", "show"],
    ] {
        after = traced(house, needles, arguments).await;
        assert!(!after.stdout.is_empty(), "{arguments:?}");
    }
    house.verify().await;
    let new = house
        .ingest(
            "trs/persons",
            "2027-01-01T06:00:00Z",
            &[qualified("3100009", "2024-07-01")],
        )
        .await;
    assert_eq!(new["observations"], 1);
    house.project().await;
    assert_eq!(house.show("3100009").await["stage"], "qualified");
    assert_eq!(house.show(TRN).await["record_digest"], before["record_digest"]);
}

fn everyones_records() -> Vec<RecordId> {
    [
        (RecordKind::TrsPerson, TRN),
        (RecordKind::TrsPerson, "3100002"),
        (RecordKind::RegisterTrainee, "canary"),
        (RecordKind::ApplyCandidate, "C9001"),
        (RecordKind::ApplyChoice, "501"),
        (RecordKind::ApplyRecruit, "501"),
        (RecordKind::TvJobApplication, JOB),
    ]
    .map(|(kind, key)| RecordId::new(kind, key))
    .to_vec()
}
