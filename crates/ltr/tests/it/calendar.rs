//! `ltr calendar`: the year as the policy in force sees it, and as this log has passed through it.

use serde_json::{Value, json};

use crate::house::House;

fn named<'a>(year: &'a Value, milestone: &str) -> &'a Value {
    let all = year["milestones"].as_array().expect("a list");
    let found = all.iter().find(|one| one["milestone"] == milestone);
    found.unwrap_or_else(|| panic!("there is no {milestone}: {year}"))
}

/// The windows in force, as `wave window`.
fn in_force(year: &Value) -> Vec<String> {
    let all = year["windows"].as_array().expect("a list");
    let holding = all.iter().filter(|one| one["in_force"] == true);
    let name = |one: &Value| {
        format!(
            "{} {}",
            one["wave"].as_str().unwrap(),
            one["window"].as_str().unwrap()
        )
    };
    holding.map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_year_is_the_policys_and_how_far_it_has_come_the_logs() {
    let house = House::simulated().await;
    // The log begins after the year did: the first day has passed, and this log never passed it.
    for to in ["2026-09-20T08:00:00Z", "2026-10-20T08:00:00Z"] {
        house.done(&["clock", "advance", "--to", to]).await;
    }
    let year = house.done(&["calendar", "--json"]).await.json();
    assert_eq!(
        (&year["year"], &year["on"], &year["policy_version"]),
        (&json!(2026), &json!("2026-10-20"), &json!(1))
    );
    for (milestone, on, state) in [
        ("planned_start", "2026-09-01", "not told"),
        ("rejected_by_default", "2026-09-25", "told"),
        ("autumn_census", "2026-10-14", "told"),
        ("autumn_sign_off", "2026-11-01", "ahead"),
        ("no_show", "2026-12-15", "ahead"),
    ] {
        let one = named(&year, milestone);
        assert_eq!(
            (&one["on"], &one["state"]),
            (&json!(on), &json!(state)),
            "{milestone}"
        );
        assert_eq!(one["sequence"].is_u64(), state == "told", "{milestone}");
    }
    assert_eq!(
        named(&year, "autumn_sign_off")["changes"],
        json!(["training: settled by Register"])
    );
    let windows = [
        "autumn before_start",
        "autumn census_to_sign_off",
        "winter before_start",
    ];
    assert_eq!(in_force(&year), windows);
    let in_march = house
        .done(&["calendar", "--on", "2027-03-01", "--json"])
        .await
        .json();
    assert_eq!(
        in_force(&in_march),
        ["autumn after_sign_off", "winter after_sign_off"]
    );

    let shown = house.done(&["calendar"]).await;
    let rows: Vec<&str> = shown.stdout.lines().collect();
    assert!(rows.iter().all(|row| row.chars().count() <= 100), "{shown:?}");
    let census = named(&year, "autumn_census")["sequence"].as_u64().unwrap();
    let row = rows.iter().find(|row| row.contains("autumn_census")).unwrap();
    assert!(
        row.starts_with("2026-10-14") && row.contains(&format!("told #{census}")),
        "{row}"
    );
    let row = rows
        .iter()
        .find(|row| row.contains("census_to_sign_off"))
        .unwrap();
    assert!(
        row.starts_with("*  autumn") && row.contains("2026-11-01"),
        "{row}"
    );

    // A policy that moves a day leaves what was told of it.
    house
        .done(&["clock", "advance", "--to", "2026-11-03T08:00:00Z"])
        .await;
    let text = ltr_policy::FIRST
        .replacen("version = 1", "version = 2", 1)
        .replacen("signed_off_from = \"11-01\"", "signed_off_from = \"11-08\"", 1);
    let path = house.folder.path().join("second.toml");
    std::fs::write(&path, text).unwrap();
    house.done(&["policy", "adopt", path.to_str().unwrap()]).await;
    let year = house.done(&["calendar", "--json"]).await.json();
    assert_eq!(year["policy_version"], 2);
    let sign_off = named(&year, "autumn_sign_off");
    assert_eq!(
        (&sign_off["on"], &sign_off["told_on"], &sign_off["state"]),
        (&json!("2026-11-08"), &json!("2026-11-01"), &json!("told"))
    );
    assert!(in_force(&year).contains(&"autumn census_to_sign_off".to_owned()));
    let shown = house.done(&["calendar"]).await.stdout;
    assert!(shown.contains(" as 2026-11-01"), "{shown}");
    let next = house.done(&["calendar", "--year", "2027", "--json"]).await.json();
    let all = next["milestones"].as_array().unwrap();
    assert!(all.iter().all(|one| one["state"] == "ahead"), "{next}");
    assert_eq!(house.run(&["calendar", "--year", "26"]).await.code(), Some(2));
    let help = house.done(&["calendar", "--help"]).await.stdout;
    let help: Vec<&str> = help.split_whitespace().collect();
    let help = help.join(" ");
    assert!(
        help.contains("ltr calendar --on 2026-10-20") && help.contains("recruitment cycle"),
        "{help}"
    );
}
