//! `docs/linking.md` says what the code does: its tables and numbers are held against the code's.

use ltr_link::blocked::BLOCKED;
use ltr_link::rules::{
    ASSERT_AT, ASSERT_TAKES, Effect, PROPOSE_AT, PROPOSE_DESPITE_AT, PROVIDER_SEEN_MIN, RULES, VERSION,
};

const PAGE: &str = include_str!("../../../../docs/linking.md");

#[test]
fn every_rule_and_every_blocked_value_is_on_the_page() {
    let rules: String = RULES
        .iter()
        .map(|row| match row.effect {
            Effect::For(weight) => format!("| `{}` | {weight} | {} |\n", row.name, row.fires),
            Effect::Against => format!("| `{}` | against | {} |\n", row.name, row.fires),
        })
        .collect();
    assert!(PAGE.contains(&rules), "the table of rules is:\n{rules}");
    let blocked: String = BLOCKED
        .iter()
        .map(|blocked| {
            format!(
                "| {} | `{}` | {} |\n",
                blocked.field.token(),
                blocked.value,
                blocked.reason
            )
        })
        .collect();
    assert!(
        PAGE.contains(&blocked),
        "the table of blocked values is:\n{blocked}"
    );
}

#[test]
fn every_number_is_on_the_page() {
    let takes: Vec<_> = ASSERT_TAKES
        .iter()
        .map(|rule| format!("`{}`", rule.row().name))
        .collect();
    for sentence in [
        format!("This is version {VERSION} of the rules."),
        format!("| **proposed** | {PROPOSE_AT}, or {PROPOSE_DESPITE_AT} if a rule speaks against it |"),
        format!("| **asserted** | {ASSERT_AT} |"),
        format!("{}, {} and {} fire", takes[0], takes[1], takes[2]),
        format!("at least {PROVIDER_SEEN_MIN} of them"),
    ] {
        assert!(PAGE.contains(&sentence), "the page does not say: {sentence}");
    }
}
