//! Many people in TRS and Register, made by dice: every status and induction there is, alerts, merges, and answers
//! that there is nobody.

use serde_json::{Value, json};

use crate::dice::Dice;
use crate::rows::{merged, person, trainee};

const INDUCTIONS: [&str; 7] = [
    "None",
    "RequiredToComplete",
    "Exempt",
    "InProgress",
    "Passed",
    "Failed",
    "FailedInWales",
];
const ROUTES: [&str; 4] = [
    "Scitt",
    "HEI - Historic",
    "Teach First",
    "Overseas Trained Teacher",
];
const ROUTE_STATUSES: [&str; 6] = [
    "InTraining",
    "Holds",
    "Deferred",
    "Failed",
    "Withdrawn",
    "UnderAssessment",
];
const STATES: [&str; 6] = [
    "submitted_for_trn",
    "trn_received",
    "recommended_for_award",
    "awarded",
    "deferred",
    "withdrawn",
];

/// The TRN of the n-th person: unique, and with leading zeros for the first ones.
pub(crate) fn trn(number: u64) -> String {
    format!("{:07}", 97 + number * 31)
}

/// TRS answers about `count` people: most with a status, some merged into one another, a few gone or unknown.
pub(crate) fn people(dice: &mut Dice, count: u64) -> Vec<Value> {
    (0..count).map(|number| any_answer(dice, number, count)).collect()
}

/// Register trainees; each names one of `people` by TRN.
pub(crate) fn trainees(dice: &mut Dice, count: u64, people: u64) -> Vec<Value> {
    let one = |number| {
        let started = dice.day(2022, 2026);
        let more = json!({
            "state": dice.pick(&STATES),
            "trn": trn(dice.below(people)),
            "itt_start_date": started,
            "trainee_start_date": dice.percent(80).then_some(started),
        });
        trainee(&format!("load{number:020}"), more)
    };
    (0..count).map(one).collect()
}

fn any_answer(dice: &mut Dice, number: u64, count: u64) -> Value {
    let own = trn(number);
    match dice.below(100) {
        0..2 => {
            let into = trn((number + 1 + dice.below(count - 1)) % count);
            merged(&own, &into)
        }
        2 => json!({ "_http": { "status": 410 }, "requested_trn": own }),
        3 => json!({ "_http": { "status": 404 }, "requested_trn": own }),
        4..20 => person(
            &own,
            json!({ "routesToProfessionalStatuses": routes(dice), "alerts": alerts(dice) }),
        ),
        20..25 => person(&own, json!({ "eyts": held(dice) })),
        _ => with_qts(dice, &own),
    }
}

/// A TRS person who holds qualified teacher status, whatever else is said of them.
pub(crate) fn with_qts(dice: &mut Dice, trn: &str) -> Value {
    let eyts = if dice.percent(5) { held(dice) } else { Value::Null };
    let more = json!({
        "lastName": format!("Lovelace-{}", dice.below(5_000)),
        "dateOfBirth": dice.day(1950, 2002),
        "qts": held(dice),
        "eyts": eyts,
        "qtlsStatus": dice.pick(&["None", "None", "None", "Active", "Expired"]),
        "induction": induction(dice),
        "routesToProfessionalStatuses": routes(dice),
        "alerts": alerts(dice),
        "mandatoryQualifications": if dice.percent(3) {
            json!([{ "mandatoryQualificationId": "m1", "specialism": "Hearing", "endDate": dice.day(1990, 2026) }])
        } else {
            json!([])
        },
    });
    person(trn, more)
}

fn held(dice: &mut Dice) -> Value {
    json!({ "holdsFrom": dice.day(1975, 2026), "routes": [{ "routeToProfessionalStatusType": {
        "routeToProfessionalStatusTypeId": "type-1", "name": dice.pick(&ROUTES),
        "professionalStatusType": "QualifiedTeacherStatus",
    }}]})
}

fn induction(dice: &mut Dice) -> Value {
    let status = *dice.pick(&INDUCTIONS);
    let started = dice.percent(70).then(|| dice.day(1999, 2026));
    let completed = (status == "Passed" || dice.percent(5)).then(|| dice.day(2000, 2026));
    let reasons = if status == "Exempt" {
        json!([{ "name": "Gained QTS before 1999" }])
    } else {
        json!([])
    };
    json!({ "status": status, "startDate": started, "completedDate": completed, "exemptionReasons": reasons })
}

fn routes(dice: &mut Dice) -> Value {
    let count = if dice.percent(30) { 1 + dice.below(2) } else { 0 };
    let route = |number| {
        let status = *dice.pick(&ROUTE_STATUSES);
        json!({
            "routeToProfessionalStatusId": format!("route-{number}"),
            "routeToProfessionalStatusType": {
                "routeToProfessionalStatusTypeId": "type-1", "name": dice.pick(&ROUTES),
                "professionalStatusType": "QualifiedTeacherStatus",
            },
            "status": status,
            "holdsFrom": (status == "Holds").then(|| dice.day(1975, 2026)),
            "trainingStartDate": dice.day(1974, 2026),
            "trainingEndDate": dice.percent(60).then(|| dice.day(1975, 2027)),
        })
    };
    (0..count).map(route).collect()
}

fn alerts(dice: &mut Dice) -> Value {
    if !dice.percent(4) {
        return json!([]);
    }
    let ended = dice.percent(30).then(|| dice.day(2020, 2026));
    json!([{
        "alertId": "alert-1", "startDate": dice.day(2005, 2020), "endDate": ended,
        "alertType": {
            "alertTypeId": "ed0cd700-3fb2-4db0-9403-ba57126090ed",
            "alertCategory": { "alertCategoryId": "b2b19019-b165-47a3-8745-3297ff152581" },
        },
    }])
}
