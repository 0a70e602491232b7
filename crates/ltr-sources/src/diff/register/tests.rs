use expect_test::{Expect, expect};
use jiff::civil::date;
use ltr_domain::record::State;
use serde_json::{Value, json};

use super::super::{Seen, derive};
use crate::testing::{OBSERVED_ON, events, show, trainee};

/// What is told of a trainee who is seen for the first time.
fn check_first(row: Value, expected: Expect) {
    expected.assert_eq(&events(None, &trainee(row)));
}

/// What is told when one row follows another; the second is laid over the first, as ingest does it.
fn check(old: Value, new: Value, expected: Expect) {
    let (old, mut new) = (trainee(old), trainee(new));
    new.body = new.body.over(&old.body);
    expected.assert_eq(&events(Some(&old), &new));
}

#[test]
fn a_trainee_first_seen_tells_its_state_and_every_unit_that_says_something() {
    check_first(
        json!({
            "state": "submitted_for_trn", "application_id": 501, "ukprn": "10000571", "trn": null,
            "submitted_for_trn_at": "2026-09-20T23:30:00.000Z", "itt_start_date": "2026-09-01",
            "itt_end_date": "2027-07-01", "trainee_start_date": "2026-09-03", "outcome_date": null,
            "withdrawal_date": null, "course_level": "postgrad",
            "placements": [{"placement_id": "p1", "urn": "123456", "name": "Elm Primary"}],
        }),
        expect![[r#"
            TraineeRegistered first_seen 2026-09-21 inferred (- > submitted_for_trn)
            PlannedStartChanged first_seen 2026-09-01 stated
            PlannedEndChanged first_seen 2027-07-01 stated
            StartConfirmed first_seen 2026-09-03 stated (- > 2026-09-03)
            TrnRequested first_seen 2026-09-21 stated
            TraineeMovedProvider first_seen 2026-09-21 inferred (- > 10000571)
            CourseDetailsChanged first_seen 2026-09-21 inferred
            PlacementRecorded first_seen 2026-09-30 observed
            IdentityLinkAsserted first_seen 2026-09-30 observed (apply/choice/501)
        "#]],
    );
    check_first(
        json!({"state": "draft"}),
        expect![[r#"
        TraineeRegistered first_seen 2026-09-30 observed (- > draft)
    "#]],
    );
    check_first(
        json!({"state": "holds"}),
        expect![[r#"
        TraineeRegistered first_seen 2026-09-30 observed (- > holds)
        TraineeStateChanged first_seen 2026-09-30 observed (- > holds)
    "#]],
    );
}

#[test]
fn t10_an_undone_withdrawal_is_told_as_such_and_dated_by_the_withdrawal() {
    let training = json!({"withdrawal_date": null, "withdrawal_reasons": null});
    let withdrawn =
        json!({"state": "withdrawn", "withdrawal_date": "2026-03-10", "withdrawal_reasons": ["got_a_job"]});
    check(
        training.clone(),
        withdrawn.clone(),
        expect![[r#"
            TrainingWithdrawn changed 2026-03-10 stated (trn_received > withdrawn)
            WithdrawalDetailsCorrected changed 2026-03-10 stated
        "#]],
    );
    check(
        withdrawn.clone(),
        training,
        expect![[r#"
            WithdrawalReversed reversed 2026-03-10 inferred (withdrawn > trn_received)
            WithdrawalDetailsCorrected changed 2026-03-10 stated
        "#]],
    );
    let deferred = json!({"state": "deferred", "defer_date": "2026-01-05", "withdrawal_date": null});
    check(
        withdrawn,
        deferred,
        expect![[r#"
            WithdrawalReversed reversed 2026-03-10 inferred (withdrawn > deferred)
            TrainingDeferred changed 2026-01-05 stated (withdrawn > deferred)
            WithdrawalDetailsCorrected changed 2026-03-10 stated
        "#]],
    );
}

#[test]
fn a_withdrawal_that_is_corrected_is_dated_by_the_earlier_of_its_days() {
    let withdrawn = |day| json!({"state": "withdrawn", "withdrawal_date": day});
    check(
        withdrawn("2026-03-10"),
        withdrawn("2026-02-27"),
        expect![[r#"
        WithdrawalDetailsCorrected changed 2026-02-27 stated
    "#]],
    );
    check(
        withdrawn("2026-03-10"),
        withdrawn("early March"),
        expect![[r#"
        WithdrawalDetailsCorrected changed 2026-03-10 stated
    "#]],
    );
}

#[test]
fn t11_a_revoked_award_is_told_as_such_and_leaves_its_outcome_date() {
    let awarded = json!({
        "state": "awarded", "outcome_date": "2026-06-30", "awarded_at": "2026-06-29T23:00:00.000Z",
        "recommended_for_award_at": "2026-07-01T09:00:00.000Z",
    });
    let revoked = json!({"outcome_date": null, "awarded_at": null, "recommended_for_award_at": null});
    check(
        awarded.clone(),
        revoked,
        expect![[r#"
        AwardRevoked reversed 2026-09-30 observed (awarded > trn_received)
        OutcomeDateChanged changed 2026-06-30 stated (2026-06-30 > -)
    "#]],
    );
    check(
        awarded.clone(),
        json!({"state": "recommended_for_award"}),
        expect![[r#"
        AwardRevoked reversed 2026-09-30 observed (awarded > recommended_for_award)
    "#]],
    );
    check(
        awarded,
        json!({"state": "withdrawn", "withdrawal_date": "2026-06-01"}),
        expect![[r#"
            AwardRevoked reversed 2026-09-30 observed (awarded > withdrawn)
            TrainingWithdrawn changed 2026-06-01 stated (awarded > withdrawn)
            WithdrawalDetailsCorrected first_seen 2026-06-01 stated
        "#]],
    );
}

#[test]
fn t39_an_award_is_dated_by_the_outcome_never_by_the_day_of_an_instant_in_utc() {
    let recommended = json!({"state": "recommended_for_award"});
    let awarded = |outcome: Value| json!({"state": "awarded", "outcome_date": outcome, "awarded_at": "2026-06-29T23:00:00.000Z"});
    check(
        recommended.clone(),
        awarded(json!("2026-06-30")),
        expect![[r#"
        AwardRecorded changed 2026-06-30 stated
        OutcomeDateChanged first_seen 2026-06-30 stated (- > 2026-06-30)
    "#]],
    );
    check(
        recommended,
        awarded(json!(null)),
        expect![[r#"
        AwardRecorded changed 2026-06-30 stated
        OutcomeDateChanged first_seen 2026-09-30 observed (- > -)
    "#]],
    );
}

#[test]
fn t24_deferral_and_return_follow_the_state_not_the_dates() {
    let deferred = json!({"state": "deferred", "defer_date": "2027-02-10"});
    let back = json!({"state": "trn_received", "defer_date": "2027-02-10", "reinstate_date": "2027-09-02"});
    check(
        json!({"state": "trn_received"}),
        deferred.clone(),
        expect![[r#"
        TrainingDeferred changed 2027-02-10 stated (trn_received > deferred)
    "#]],
    );
    check(
        deferred.clone(),
        back.clone(),
        expect![[r#"
        TrainingReinstated changed 2027-09-02 stated (deferred > trn_received)
    "#]],
    );
    check(
        back,
        json!({"defer_date": null}),
        expect![[r#"
        TraineeStateChanged changed 2026-09-30 observed (trn_received > trn_received)
    "#]],
    );
    check(
        deferred,
        json!({"state": "deferred", "defer_date": "2027-02-01"}),
        expect![[r#"
        TrainingDeferred changed 2027-02-01 stated (deferred > deferred)
    "#]],
    );
}

#[test]
fn a_start_is_confirmed_moved_and_taken_back() {
    let start = |day: Value| json!({"trainee_start_date": day});
    check(
        start(json!(null)),
        start(json!("2026-09-03")),
        expect![[r#"
        StartConfirmed changed 2026-09-03 stated (- > 2026-09-03)
    "#]],
    );
    check(
        start(json!("2026-09-03")),
        start(json!("2026-09-10")),
        expect![[r#"
        StartDateRevised changed 2026-09-03 stated (2026-09-03 > 2026-09-10)
    "#]],
    );
    check(
        start(json!("2026-09-10")),
        start(json!("2026-09-03")),
        expect![[r#"
        StartDateRevised changed 2026-09-03 stated (2026-09-10 > 2026-09-03)
    "#]],
    );
    check(
        start(json!("2026-09-03")),
        start(json!(null)),
        expect![[r#"
        StartDateRevised reversed 2026-09-03 stated (2026-09-03 > -)
    "#]],
    );
    check(
        start(json!(null)),
        start(json!("2026-9-3")),
        expect![[r#"
        StartConfirmed changed 2026-09-30 observed (- > 2026-9-3)
    "#]],
    );
}

#[test]
fn t21_what_is_absent_stays_as_it_was() {
    let old = json!({"trainee_start_date": "2026-09-03", "ukprn": "10000571", "trn": "3100001"});
    check(old, json!({}), expect![[""]]);
}

#[test]
fn t44_another_provider_is_a_move_and_a_swapped_trn_two_links() {
    let row = |ukprn, trn| json!({"ukprn": ukprn, "trn": trn});
    check(
        row("10000571", "3100001"),
        row("10000572", "3100001"),
        expect![[r#"
        TraineeMovedProvider changed 2026-09-30 observed (10000571 > 10000572)
    "#]],
    );
    check(
        row("10000571", "3100001"),
        row("10000571", "3100002"),
        expect![[r#"
        IdentityLinkRetracted reversed 2026-09-30 observed (trs/person/3100001)
        IdentityLinkAsserted first_seen 2026-09-30 observed (trs/person/3100002)
    "#]],
    );
}

#[test]
fn t26_placements_are_told_by_their_ids() {
    let placement = |id, name| json!({"placement_id": id, "urn": "900020", "name": name});
    let rows = |list: Value| json!({ "placements": list });
    let both = rows(json!([placement("a", "Elm"), placement("b", "Oak")]));
    check(
        both.clone(),
        rows(json!([placement("b", "Oak"), placement("a", "Elm")])),
        expect![[""]],
    );
    check(
        both,
        rows(json!([placement("b", "Oak Primary"), placement("c", "Ash")])),
        expect![[r#"
        PlacementRemoved changed 2026-09-30 observed
        PlacementChanged changed 2026-09-30 observed
        PlacementRecorded first_seen 2026-09-30 observed
    "#]],
    );
}

#[test]
fn t27_a_school_that_got_another_number_is_the_same_placement() {
    let row =
        |urn: &str, name: &str| json!({"placements": [{"placement_id": "p1", "urn": urn, "name": name}]});
    check(
        row("100001", "Elm Primary"),
        row("140001", "Elm Academy"),
        expect![[r#"
            PlacementChanged changed 2026-09-30 observed
        "#]],
    );
}

#[test]
fn t25_planned_confirmed_and_course_start_are_three_facts() {
    let row = |confirmed: Value| {
        json!({
            "itt_start_date": "2022-09-01", "trainee_start_date": confirmed, "course_itt_start_date": "2023-09-04",
        })
    };
    check_first(
        row(json!("2023-09-06")),
        expect![[r#"
            TraineeRegistered first_seen 2026-09-30 observed (- > trn_received)
            PlannedStartChanged first_seen 2022-09-01 stated
            StartConfirmed first_seen 2023-09-06 stated (- > 2023-09-06)
            TraineeTrnReceived first_seen 2026-09-30 observed
            CourseDetailsChanged first_seen 2026-09-30 observed
        "#]],
    );
    // A plan confirms nothing.
    assert!(!events(None, &trainee(row(json!(null)))).contains("StartConfirmed"));
}

#[test]
fn a_change_without_a_date_is_dated_by_the_sources_own_word() {
    let seen = Seen {
        observed_on: OBSERVED_ON,
        source_updated_on: Some(date(2026, 9, 29)),
    };
    let (old, new): (State, State) = (trainee(json!({"state": "submitted_for_trn"})), trainee(json!({})));
    expect![[r#"
        TraineeTrnReceived changed 2026-09-29 inferred
    "#]]
    .assert_eq(&show(&derive(Some(&old), &new, &seen)));
}

#[test]
fn moves_that_the_machine_does_not_know_are_told_all_the_same() {
    let state = |text: &str| json!({ "state": text });
    check(
        state("trn_received"),
        state("submitted_for_trn"),
        expect![[r#"
        TraineeStateChanged changed 2026-09-30 observed (trn_received > submitted_for_trn)
    "#]],
    );
    check(
        state("deferred"),
        state("awarded"),
        expect![[r#"
        AwardRecorded changed 2026-09-30 observed
    "#]],
    );
    check(
        state("withdrawn"),
        state("holds"),
        expect![[r#"
        TraineeStateChanged changed 2026-09-30 observed (withdrawn > holds)
    "#]],
    );
    check(
        state("awarded"),
        state("draft"),
        expect![[r#"
        AwardRevoked reversed 2026-09-30 observed (awarded > draft)
    "#]],
    );
}
