use std::collections::BTreeSet;

use super::*;

#[test]
fn every_fact_has_a_name_of_its_own() {
    let names: BTreeSet<_> = Fact::NAMES.iter().collect();
    assert_eq!(names.len(), Fact::NAMES.len());
    assert_eq!(Fact::CandidateSeen.name(), "CandidateSeen");
}
