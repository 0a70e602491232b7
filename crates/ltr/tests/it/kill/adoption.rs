//! Killed while everybody is resolved anew under a policy that was just adopted, and started again: as if nothing had
//! happened, each changed answer told once.

use ltr_domain::ids::PersonId;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{ChangedOver, Resolved, Store};
use ltr_store_pg::PgStore;
use serde_json::{Value, json};

use super::outcome::Outcome;
use super::{Moment, kill_at_commit};
use crate::house::House;
use crate::rows::trainee;

/// So many that resolving everybody takes several steps.
const PEOPLE: usize = 6_500;
const TAKEN_AT: &str = "2026-10-20T06:00:00Z";
const ADOPTED_AT: &str = "2026-10-21T06:00:00Z";

/// Trainees of whom two in three started before the census and are between census and sign-off now.
fn trainees() -> Vec<Value> {
    let one = |number: usize| {
        let started = if number.is_multiple_of(3) {
            Value::Null
        } else {
            json!("2026-09-03")
        };
        trainee(
            &format!("adopt{number:05}"),
            json!({ "trainee_start_date": started }),
        )
    };
    (0..PEOPLE).map(one).collect()
}

/// Ingests and projects everybody, and adopts a policy under which Register settles from the census on.
async fn adopted(house: &House) {
    house.ingest("register/trainees", TAKEN_AT, &trainees()).await;
    house.done(&["clock", "advance", "--to", ADOPTED_AT]).await;
    house.project().await;
    let counted = "windows = [\"census_to_sign_off\"]\nsources = [\"register\", \"trs\"]\n";
    let text = ltr_policy::FIRST
        .replacen("version = 1", "version = 2", 1)
        .replacen(counted, &format!("{counted}settles = \"register\"\n"), 1);
    let path = house.folder.path().join("second.toml");
    std::fs::write(&path, text).unwrap();
    house.done(&["policy", "adopt", path.to_str().unwrap()]).await;
}

/// Whose answers follow the policy adopted last.
async fn resolved(store: &PgStore) -> Resolved {
    let cursor = store.checkpoint().await.expect("the store answers");
    cursor.expect("it was projected").policy.resolved
}

/// Up to whom everybody is resolved, if it is under way.
fn under_way(resolved: Resolved) -> Option<PersonId> {
    match resolved {
        Resolved::UpTo { person, .. } => Some(person),
        Resolved::Nobody | Resolved::Everybody => None,
    }
}

/// Runs `ltr project` for one step of resolving everybody, and kills it at the next one's commit.
async fn kill_next_step(house: &House, moment: Moment) {
    let store = house.store().await;
    let before = under_way(resolved(&store).await);
    let has_stepped = async || under_way(resolved(&store).await).is_some_and(|now| Some(now) != before);
    kill_at_commit(house, moment, has_stepped, async || resolved(&store).await).await;
    let after = resolved(&store).await;
    println!("project killed while resolving everybody: {after:?}, {moment:?}");
    assert!(under_way(after).is_some(), "it is under way: {after:?}");
}

/// Whose answers the adoption was told to have changed, in order: number, person, digest of the answer.
async fn changes(store: &PgStore) -> Vec<(u32, PersonId, [u8; 32])> {
    let at = KnownAt(ADOPTED_AT.parse().expect("an instant"));
    let over = ChangedOver {
        from: at,
        to: at,
        beyond: 0,
        after: None,
        max: u32::try_from(2 * PEOPLE).expect("a few thousand"),
    };
    let rows = store.changed_people(over).await.expect("the store answers");
    rows.iter()
        .map(|row| (row.ordinal, row.person, row.digest))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_everybody_is_resolved_under_a_new_policy_it_goes_on_where_it_was() {
    let calm = House::simulated().await;
    adopted(&calm).await;
    calm.project().await;
    let expected = Outcome::of(&calm.log().await, &calm.store().await).await;
    let told = changes(&calm.store().await).await;
    assert_eq!(
        told.len(),
        PEOPLE - PEOPLE.div_ceil(3),
        "whose start is confirmed"
    );

    let house = House::simulated().await;
    adopted(&house).await;
    let store = house.store().await;
    for moment in [Moment::InsideBatch, Moment::Unacknowledged, Moment::Any] {
        kill_next_step(&house, moment).await;
    }
    house.project().await;
    assert_eq!(resolved(&store).await, Resolved::Everybody);
    let found = Outcome::of(&house.log().await, &store).await;
    assert_eq!(expected.differences(&found), Vec::<String>::new());
    assert_eq!(changes(&store).await, told, "each once, in the same order");
    house.verify().await;
}
