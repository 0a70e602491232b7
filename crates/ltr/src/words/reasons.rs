//! Every reason of an answer in words, as it is and as it was, and what a caller can do about it.

/// A reason in words. Both clauses follow "because".
struct Reason {
    code: &'static str,
    has: &'static str,
    had: &'static str,
    /// What can be done; empty: nothing need be.
    act: &'static str,
}

macro_rules! reasons {
    ($($code:literal: $has:literal | $had:literal | $act:literal,)*) => {
        const REASONS: &[Reason] = &[$(Reason { code: $code, has: $has, had: $had, act: $act }),*];
    };
}

reasons! {
    // Before training.
    "application_live": "an application is under way" | "an application was under way" | "",
    "application_not_submitted": "no application has been sent" | "no application had been sent" | "",
    "application_inactive": "the application has gone inactive" | "the application had gone inactive" | "",
    "application_not_sent": "the application was not sent in its cycle" | "the application had not been sent in its cycle" | "",
    "application_rejected": "the application was rejected" | "the application had been rejected" | "",
    "application_withdrawn": "the application was withdrawn" | "the application had been withdrawn" | "",
    "application_ended": "every application has ended" | "every application had ended" | "",
    "offer_withdrawn": "the provider withdrew its offer" | "the provider had withdrawn its offer" | "",
    "offer_declined": "the offer was declined" | "the offer had been declined" | "",
    "offer_deferred": "the offer is deferred to the next cycle" | "the offer was deferred to the next cycle" | "",
    "conditions_pending": "an offer is accepted and conditions are open" | "an offer was accepted and conditions were open" | "",
    "conditions_not_met": "the conditions of the offer were not met" | "the conditions of the offer had not been met" | "",
    "recruited_conditions_unknown": "Apply has recorded the recruitment" | "Apply had recorded the recruitment and Register had not reported" | "",
    "planned_start_passed_register_silent": "the planned start has passed and Register has not reported"
        | "the planned start had passed and Register had not reported"
        | "ask the provider whether training began, and to register the trainee",
    "register_not_heard_since_no_show_date": "the date by which no-shows show has passed, and Register has not listed the provider's trainees since"
        | "the date by which no-shows show had passed, and Register had not listed the provider's trainees since"
        | "see that Register's sweeps arrive",
    "register_does_not_cover_provider": "Register is not read for the provider, or its trainees cannot be recognised"
        | "Register was not read for the provider, or its trainees could not be recognised"
        | "ask the provider whether training began",
    "not_listed_by_register_after_no_show_date": "Register has listed the provider's trainees since the date by which no-shows show, and this person is not among them"
        | "Register had listed the provider's trainees since the date by which no-shows show, and this person was not among them"
        | "if training did begin, ask the provider to register the trainee",
    "rejected_by_default": "the cycle's day for decisions has passed without one" | "the cycle's day for decisions had passed without one" | "",
    "declined_by_default": "the cycle's day for answers has passed without one" | "the cycle's day for answers had passed without one" | "",
    "not_sent_in_cycle": "the cycle closed before the application was sent" | "the cycle had closed before the application was sent" | "",
    "apply_not_heard": "Apply has told nothing of this person" | "Apply had told nothing of this person" | "",
    "followed_by_training_or_status": "training or a status has followed every application"
        | "training or a status had followed every application" | "",
    // Training.
    "draft_only": "Register holds a draft only" | "Register held a draft only" | "ask the provider to submit the draft",
    "start_ahead": "the start that Register holds is still ahead" | "the start that Register held was still ahead" | "",
    "start_not_confirmed": "the planned start has passed and the provider has not confirmed it"
        | "the planned start had passed and the provider had not confirmed it"
        | "ask the provider to confirm the start date in Register",
    "start_confirmed": "the provider has confirmed the start in Register" | "the provider had confirmed the start in Register" | "",
    "register_deferred": "Register holds a deferral" | "Register held a deferral" | "",
    "recommended_for_award": "the provider has recommended the award" | "the provider had recommended the award" | "",
    "awarded_by_register": "Register reports an award that TRS does not hold" | "Register reported an award that TRS did not hold"
        | "if it stays so for a fortnight, ask TRS about the award",
    "withdrawn": "Register holds a withdrawal" | "Register held a withdrawal" | "",
    "withdrawn_not_passed": "Register holds that the course was not passed" | "Register held that the course was not passed" | "",
    "withdrawn_not_attrition": "Register holds a withdrawal that is none of training, such as a move" | "Register held a withdrawal that was none of training, such as a move" | "",
    "trs_route_in_training": "a route in TRS is in training and Register is silent" | "a route in TRS was in training and Register was silent" | "",
    "trs_route_deferred": "a route in TRS is deferred and Register is silent" | "a route in TRS was deferred and Register was silent" | "",
    "trs_route_withdrawn": "a route in TRS was withdrawn and Register is silent" | "a route in TRS had been withdrawn and Register was silent" | "",
    "trs_route_failed": "a route in TRS was failed and Register is silent" | "a route in TRS had been failed and Register was silent" | "",
    "register_not_heard": "Register has told nothing of this person" | "Register had told nothing of this person" | "",
    "status_held": "the status it led to is held" | "the status it led to was held" | "",
    // Status, induction, restriction.
    "trs_holds_qts": "TRS holds qualified teacher status" | "TRS held qualified teacher status" | "",
    "trs_holds_early_years_status": "TRS holds early years status" | "TRS held early years status" | "",
    "trs_holds_no_status": "TRS answers, and holds no status" | "TRS answered, and held no status" | "",
    "qtls_lapsed": "the membership that carried QTLS has lapsed" | "the membership that carried QTLS had lapsed" | "",
    "trn_not_recognised": "TRS does not know the TRN" | "TRS did not know the TRN" | "check the TRN with the source that gave it",
    "record_closed": "TRS has closed the record" | "TRS had closed the record" | "",
    "award_reported_by_register": "Register reports an award and TRS has not been heard" | "Register reported an award and TRS had not been heard" | "",
    "trs_not_heard": "TRS has told nothing of this person" | "TRS had told nothing of this person" | "read the person from TRS",
    "no_induction_status": "TRS holds no induction status" | "TRS held no induction status" | "",
    "induction_status": "TRS holds an induction status" | "TRS held an induction status" | "",
    "induction_failed": "TRS holds a failed induction" | "TRS held a failed induction" | "",
    "open_alert": "an alert is open" | "an alert was open" | "",
    "no_open_alert": "TRS has listed the alerts, and none is open" | "TRS had listed the alerts, and none was open" | "",
    "link_suspect": "the TRN may be somebody else's: under it a status is held from long before training began"
        | "the TRN may have been somebody else's: under it a status was held from long before training began"
        | "ask the provider and TRS whose TRN it is; an operator can confirm it",
    "alerts_not_listed": "TRS has not listed the alerts" | "TRS had not listed the alerts" | "read the person's alerts from TRS",
    // Posts, and the headline alone.
    "no_source_of_posts": "no source of posts is connected" | "no source of posts was connected" | "",
    "post_seen": "a post was seen" | "a post had been seen" | "",
    "status_held_no_post_seen": "TRS holds the status and no post was seen" | "TRS held the status and no post had been seen" | "",
    "no_entitled_source_heard": "no source that may speak has been heard" | "no source that may speak had been heard" | "",
    "merged_record_not_read": "TRS redirects to a record that has not been read" | "TRS redirected to a record that had not been read"
        | "read the TRN that TRS redirects to",
}

fn of(code: &str) -> Option<&'static Reason> {
    REASONS.iter().find(|reason| reason.code == code)
}

/// The reason as it is, to follow "because".
pub(crate) fn has(code: &str) -> String {
    of(code).map_or_else(|| code.replace('_', " "), |reason| reason.has.to_owned())
}

/// The reason as it was, to follow "because".
pub(crate) fn had(code: &str) -> String {
    of(code).map_or_else(|| code.replace('_', " "), |reason| reason.had.to_owned())
}

/// What a caller can do about it, if anything.
pub(crate) fn act(code: &str) -> Option<&'static str> {
    of(code).map(|reason| reason.act).filter(|act| !act.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_of_a_stage_has_its_words() {
        let stages = include_str!("../../../../docs/stages.md");
        let mut seen = 0;
        // The tables of stages and facts: a reason in the last of their columns.
        let is_row = |line: &&str| line.starts_with("| ") && line.matches('|').count() >= 7;
        for row in stages.lines().filter(is_row) {
            let Some(reasons) = row.trim_end_matches(" |").rsplit('|').next() else {
                continue;
            };
            for code in reasons.split('`').skip(1).step_by(2) {
                seen += 1;
                assert!(of(code).is_some(), "{code} of docs/stages.md has no words");
            }
        }
        assert!(seen > 20, "the table was read: {seen}");
        let codes: BTreeSet<_> = REASONS.iter().map(|reason| reason.code).collect();
        assert_eq!(codes.len(), REASONS.len(), "each once");
    }
}
