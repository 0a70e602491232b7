use super::*;

#[test]
fn findings_have_distinct_names() {
    let all = [
        Finding::UnreadableDate,
        Finding::UnrecognisedValue,
        Finding::UnrecognisedEvent,
        Finding::UnexpectedMove,
        Finding::InductionInProgressYetCompleted,
        Finding::InductionInProgressWithoutStart,
        Finding::InductionBeforeQts,
        Finding::EndBeforeStart,
        Finding::ForeignEvent,
    ];
    let names: BTreeSet<_> = all.iter().map(|finding| finding.token()).collect();
    assert_eq!(names.len(), all.len());
}
