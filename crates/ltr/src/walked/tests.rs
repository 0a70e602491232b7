use expect_test::expect;

use super::*;

fn line(of: &str, parts: [u64; 5]) -> Line {
    let [right, uncertain, wrong, delivered, confirmed] = parts;
    Line {
        of: of.to_owned(),
        person_days: right + uncertain + wrong,
        right,
        uncertain,
        wrong,
        delivered,
        confirmed,
    }
}

fn walked() -> Walked {
    let learnt = Learnt {
        after_days: [(0, 3), (2, 5), (61, 2)].into(),
        overtaken: 1,
        not_yet: 4,
    };
    let asked = |source, requests, busiest, limit| Asked {
        source,
        requests,
        busiest,
        limit,
        refused: 0,
        deliveries: 365,
        rows: 12_345,
        observations: 678,
    };
    Walked {
        seed: 7,
        trainees: 7_000,
        people: 7_584,
        faults: String::new(),
        days: (jiff::civil::date(2026, 8, 1), jiff::civil::date(2027, 7, 31)),
        months: vec![
            line("2026-08", [225_000, 1_000, 0, 200_000, 199_000]),
            line("2026-09", [150_000, 70_000, 1_000, 140_000, 139_000]),
            line("2026-10", [0, 0, 0, 0, 0]),
        ],
        year: line("year", [375_000, 71_000, 1_000, 340_000, 338_000]),
        learnt: vec![("in_training", learnt), ("left_training", Learnt::default())],
        asked: vec![
            asked(Source::Apply, 4_000, 20, None),
            asked(Source::Register, 9_000, 100, Some(100)),
            asked(Source::Trs, 9_000, 1_001, Some(1_000)),
        ],
        held: (2, 1),
        failures: 3,
        breaches: vec!["nothing is right".to_owned()],
        took: Duration::from_secs(125),
    }
}

#[test]
fn a_year_is_told_in_tables_and_a_chart() {
    expect![[r#"
        7,000 trainees and 584 others of seed 7 from 2026-08-01 to 2027-07-31
        faults: none; walked in 2 min 05 s

        Each evening's answers beside where people really stood, in person-days. Delivered: the source that
        settles it had told the truth by then; confirmed: the share of those that we said to be sure of.

        month    person-days    right  uncertain    wrong    delivered  confirmed
        2026-08      226,000   99.56%      0.44%    0.00%      200,000     99.50%
        2026-09      221,000   67.87%     31.67%    0.45%      140,000     99.29%
        2026-10            0        -          -        -            0          -
        year         447,000   83.89%     15.88%    0.22%      340,000     99.41%

        month    right, to 100%                      uncertain, to 50%     wrong, to 0.50%
        2026-08  █████████████████████████████████▊  ▏
        2026-09  ███████████████████████             ████████████▋         ██████████████████
        2026-10

        How many days it took to learn what people came to be:

        became          learnt  median  90 of 100  overtaken  not yet
        in_training         10       2         61          1        4
        left_training        0       -          -          0        0

        What was asked of the services, and what came:

        source     requests  busiest  429  deliveries        rows  observations  limit
        apply         4,000       20    0         365      12,345           678  none is counted
        register      9,000      100    0         365      12,345           678  kept: 100 a minute
        trs           9,000    1,001    0         365      12,345           678  EXCEEDED: 1000 a minute

        Deliveries held back: 2, of which 1 wait for an operator (ltr delivery list).
        Parts of feeds that could not be read, and were read again later: 3.
        Not reached: nothing is right."#]]
    .assert_eq(&text(&walked()));
}

#[test]
fn nothing_is_wider_than_a_terminal() {
    let text = text(&walked());
    let widest = text.lines().skip(1).map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 100), "{widest:?}");
}

#[test]
fn what_is_there_at_all_is_seen_and_nothing_is_not() {
    let shown = chart(&[line("2026-08", [99_999, 0, 1, 0, 0])]);
    expect![[r#"
        month    right, to 100%                      uncertain, to 0.01%   wrong, to 0.01%
        2026-08  █████████████████████████████████▉                        ██"#]]
    .assert_eq(&shown);
}

#[test]
fn programs_are_told_counts() {
    let told = json(&walked());
    assert_eq!(told["months"][1]["uncertain"], 70_000);
    assert_eq!(told["learnt"][0]["median_days"], 2);
    assert_eq!(told["learnt"][0]["percentile_90_days"], 61);
    assert_eq!(told["learnt"][1]["median_days"], Value::Null);
    assert_eq!(told["sources"][1]["is_limit_kept"], true);
    assert_eq!(told["sources"][2]["is_limit_kept"], false);
    assert_eq!(told["year"]["person_days"], 447_000);
}
