//! The headline: the table of DESIGN §4, row by row, first match wins.

use super::place::Place;
use super::training::Training;
use super::trs::{self, Status};
use super::{Asked, Said};

/// What the table is read off.
pub(super) struct Life<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) status: &'a Status,
    pub(super) training: &'a Training,
    pub(super) place: &'a Place,
    /// The five facts.
    pub(super) facts: &'a [Said; 5],
}

/// A row: the stage, whether it matches, whose answer it rests on, and the reason if it is not that answer's own.
type Row<'a> = (&'static str, bool, &'a Said, Option<&'static str>);

pub(super) fn headline(life: &Life<'_>) -> Said {
    let [qualified, training, induction, _, _] = life.facts;
    let place = &life.place.said;
    // Under a TRN that may be somebody else's, a live traineeship is the person's own.
    let is_doubted = life.training.is_live()
        && trs::deciding(life.asked).is_some_and(|one| trs::is_suspect(life.asked, one));
    let qts = life.status.qts_on.is_some() && !is_doubted;
    let early = !qts && !is_doubted && life.status.early_on.is_some();
    let inducted = trs::induction(life.asked);
    let failed = induction.value == "failed" || induction.value == "failed_in_wales";
    let in_training = |stage| life.training.stage == Some(stage);
    let applied = |stage| place.value == stage;
    let rows: [Row<'_>; 21] = [
        // There is no source of posts: rows 1, 9, 10 and 12 never match, nor do those parts of row 2.
        (
            "ect",
            qts && inducted.is_recent,
            induction,
            Some("induction_status"),
        ),
        (
            "induction_failed",
            qts && failed,
            induction,
            Some("induction_failed"),
        ),
        ("award_pending", in_training("award_pending"), training, None),
        (
            "training_deferred",
            in_training("training_deferred"),
            training,
            None,
        ),
        ("in_training", in_training("in_training"), training, None),
        (
            "in_training_unconfirmed",
            in_training("in_training_unconfirmed"),
            training,
            None,
        ),
        (
            "registered_not_started",
            in_training("registered_not_started"),
            training,
            None,
        ),
        ("qualified", qts, qualified, Some("status_held_no_post_seen")),
        (
            "early_years_qualified",
            early,
            qualified,
            Some("status_held_no_post_seen"),
        ),
        ("start_unknown", applied("start_unknown"), place, None),
        ("left_before_start", applied("left_before_start"), place, None),
        ("recruited", applied("recruited"), place, None),
        (
            "accepted_conditional",
            applied("accepted_conditional"),
            place,
            None,
        ),
        ("offer_deferred", applied("offer_deferred"), place, None),
        ("applicant", applied("applicant"), place, None),
        ("left_training", in_training("left_training"), training, None),
        (
            "unsuccessful_applicant",
            applied("unsuccessful_applicant"),
            place,
            None,
        ),
        ("no_teaching_status", life.status.is_heard, qualified, None),
        (
            "no_teaching_status",
            life.training.is_draft,
            training,
            Some("draft_only"),
        ),
        ("no_teaching_status", !life.place.is_not_heard, place, None),
        ("not_known", true, place, None),
    ];
    let first = rows.into_iter().find(|(_, matches, _, _)| *matches);
    let (stage, _, rests_on, reason) = first.expect("the last row always matches");
    if stage == "not_known" {
        let reason = if trs::is_only_redirected(life.asked) {
            "merged_record_not_read"
        } else {
            "no_entitled_source_heard"
        };
        return Said {
            value: stage,
            ..Said::nobody(reason)
        };
    }
    Said {
        value: stage,
        reason: reason.unwrap_or(rests_on.reason),
        ..rests_on.clone()
    }
}
