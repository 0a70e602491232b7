//! Extract files that arrive in a directory.

use ltr_connect::vacancies::Extracts;
use ltr_domain::ids::Feed;
use serde_json::json;

use crate::house::{House, at, run_well};

fn vacancy(number: u32, title: &str) -> String {
    let id = format!("9d8f5715-2e7c-4e64-8e34-{number:012}");
    format!(
        "{}\n",
        json!({ "id": id, "job_title": title, "publish_on": "2027-04-06" })
    )
}

#[tokio::test]
async fn every_file_is_taken_once_in_the_order_of_its_snapshots_and_a_cut_one_not_at_all() {
    let house = House::at("2027-05-03T08:00:00Z");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let worker = || Box::new(Extracts::new(Feed::TvVacancies, folder.path()));
    let mut supervisor = house.supervisor(vec![worker()]);
    assert_eq!(supervisor.run_due().await.unwrap(), []);

    write(
        "vacancies.partial.20270502T060000Z.ndjson",
        &vacancy(1, "Teacher of Physics"),
    );
    let both = vacancy(1, "Teacher") + &vacancy(2, "Teacher");
    write("vacancies.complete.20270501T060000Z.ndjson", &both);
    write("vacancies.complete.20270503T060000Z.ndjson", both.trim_end());
    write("vacancies.complete.20270503T060000Z.ndjson.part", &both);
    write("job-applications.complete.20270501T060000Z.ndjson", "{}\n");
    let outcomes = supervisor.run_due().await.unwrap();
    assert_eq!((outcomes[0].deliveries, outcomes[0].counts.observations), (2, 3));
    assert_eq!(outcomes[0].failures.len(), 1);
    assert!(
        outcomes[0].failures[0].reason.contains("cut short"),
        "{:?}",
        outcomes[0].failures
    );
    let states = house.states().await;
    assert!(states.values().any(|state| state.contains("Teacher of Physics")));

    // A restart takes nothing twice; the file that was cut short is taken once it is whole.
    let mut again = house.supervisor(vec![worker()]);
    assert_eq!(again.run_due().await.unwrap()[0].deliveries, 0);
    write("vacancies.complete.20270503T060000Z.ndjson", &both);
    house.clock.advance_to(at("2027-05-03T08:10:00Z"));
    assert_eq!(run_well(&mut again).await[0].deliveries, 1);
    assert_eq!(again.run_due().await.unwrap(), []);
}
