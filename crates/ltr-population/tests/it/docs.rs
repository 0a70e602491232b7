use std::path::Path;

use ltr_population::lateness;
use ltr_population::rates;
use ltr_population::stage::AGREEMENT;

fn rates_table() -> String {
    let mut table = "| what happens | to whom | share | from |\n| --- | --- | --- | --- |\n".to_owned();
    for rate in rates::ALL {
        let (whole, rest) = (rate.per_100_000 / 1_000, rate.per_100_000 % 1_000);
        let share = if rest == 0 {
            format!("{whole} %")
        } else {
            format!("{whole}.{} %", format!("{rest:03}").trim_end_matches('0'))
        };
        table.push_str(&format!(
            "| {} | {} | {share} | {} |\n",
            rate.name, rate.of, rate.from
        ));
    }
    table
}

fn lateness_table() -> String {
    let mut table =
        "| entry | counted from | half within | nine tenths within | all within | from |\n| --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    for one in lateness::ALL {
        let units = one.unit;
        table.push_str(&format!(
            "| {} | {} | {} {units} | {} {units} | {} {units} | {} |\n",
            one.name,
            one.after,
            one.at(500),
            one.at(900),
            one.at(1_000),
            one.from
        ));
    }
    table
}

fn agreement_table() -> String {
    let mut table = "| truth | right | honest | because |\n| --- | --- | --- | --- |\n".to_owned();
    let words = |stages: &[ltr_domain::headline::Stage]| {
        let words: Vec<String> = stages
            .iter()
            .map(|stage| format!("`{}`", stage.token()))
            .collect();
        words.join(", ")
    };
    for row in AGREEMENT {
        table.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            row.truth.token(),
            words(row.right),
            words(row.honest),
            row.because
        ));
    }
    table
}

/// The tables of the page are those of the code. `UPDATE_EXPECT=1` writes them.
#[test]
fn the_page_has_the_tables_of_the_code() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/population.md");
    let mut text = std::fs::read_to_string(&page).expect("the page is part of the repository");
    for (name, table) in [
        ("rates", rates_table()),
        ("lateness", lateness_table()),
        ("agreement", agreement_table()),
    ] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let (Some(from), Some(to)) = (text.find(&begin), text.find(&end)) else {
            panic!("the page has no place for {name}");
        };
        text.replace_range(from + begin.len()..to, &format!("\n{table}\n"));
    }
    expect_test::expect_file![page].assert_eq(&text);
}
