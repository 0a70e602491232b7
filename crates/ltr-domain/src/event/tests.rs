use std::collections::BTreeSet;

use super::*;

#[test]
fn every_fact_has_a_name_of_its_own() {
    let names: BTreeSet<_> = Fact::NAMES.iter().collect();
    assert_eq!(names.len(), Fact::NAMES.len());
    assert_eq!(Fact::CandidateSeen.name(), "CandidateSeen");
}

#[test]
fn t36_what_somebody_typed_in_joins_nobody() {
    let joins: Vec<_> = LinkStrength::ALL
        .into_iter()
        .filter(|strength| strength.joins())
        .collect();
    assert_eq!(
        joins,
        [
            LinkStrength::Operator,
            LinkStrength::Issued,
            LinkStrength::Matched
        ]
    );
}
