//! What TRS settles: status, induction, restriction.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ltr_domain::ids::{RecordKind, Source};
use ltr_domain::record::trs::Answer;
use ltr_domain::record::{InductionStatus, QtlsStatus};

use super::account::{Account, Person, stated};
use super::calendar::months_after;
use super::{Asked, Said, training};

/// The category of alerts that prohibits from teaching.
const PROHIBITION: &str = "b2b19019-b165-47a3-8745-3297ff152581";

/// What TRS says of professional status on the day.
pub(super) struct Status {
    pub(super) is_heard: bool,
    /// Since when QTS is held.
    pub(super) qts_on: Option<Date>,
    /// Since when early years status is held.
    pub(super) early_on: Option<Date>,
    pub(super) said: Said,
}

impl Status {
    /// The later of the days from which a status is held.
    pub(super) fn award_on(&self) -> Option<Date> {
        self.qts_on.max(self.early_on)
    }
}

/// How TRS answers for a TRN on a day; before its first answer, as it did first.
fn answer_on(person: &Person, day: Date) -> Option<Answer> {
    let said = person.answer.on(day).or_else(|| person.answer.at_first());
    said.map(|one| one.value)
}

/// How much a TRN's word on status weighs: one that answers, then one that answered before it was merged or closed, then
/// one of which TRS says that it is closed or not known. One that only points elsewhere says nothing.
fn weight(person: &Person, day: Date) -> u8 {
    match answer_on(person, day) {
        Some(Answer::Found) => 3,
        Some(Answer::MergedInto(_) | Answer::Deactivated) if person.spoke_of_status => 2,
        Some(Answer::Deactivated | Answer::NotFound) => 1,
        Some(Answer::MergedInto(_)) | None => 0,
    }
}

fn trns<'a>(asked: Asked<'a>) -> impl Iterator<Item = &'a Account> {
    let all = asked.accounts.iter().copied();
    all.filter(|account| account.id.kind == RecordKind::TrsPerson)
}

/// The TRN to believe: the weightiest, of several the one that spoke last.
pub(super) fn deciding(asked: Asked<'_>) -> Option<&Account> {
    let mut deciding: Option<&Account> = None;
    for one in trns(asked) {
        let rank = |account: &Account| (weight(&account.person, asked.day), account.spoke);
        if rank(one).0 > 0 && deciding.is_none_or(|best| rank(one) > rank(best)) {
            deciding = Some(one);
        }
    }
    deciding
}

/// Whether nothing is left of the person at TRS but a redirection nobody has followed.
pub(super) fn is_only_redirected(asked: Asked<'_>) -> bool {
    let answers: Vec<_> = trns(asked)
        .filter_map(|one| answer_on(&one.person, asked.day))
        .collect();
    let any = |is: fn(&Answer) -> bool| answers.iter().any(is);
    !any(|one| *one == Answer::Found)
        && !any(|one| *one == Answer::Deactivated)
        && any(|one| matches!(one, Answer::MergedInto(_)))
        && deciding(asked).is_none()
}

pub(super) fn status(asked: Asked<'_>) -> Status {
    let Some(account) = deciding(asked) else {
        let said = match training::award_reported(asked) {
            Some(_) => {
                let mut said = Said::by(
                    Source::Register,
                    "award_reported",
                    "provisional",
                    "award_reported_by_register",
                );
                said.caveats.insert("not_covered");
                said
            }
            None => Said::nobody("trs_not_heard"),
        };
        return Status {
            is_heard: false,
            qts_on: None,
            early_on: None,
            said,
        };
    };
    let person = &account.person;
    let qts_on = person.qts.on(asked.day).and_then(|one| one.value);
    let early_on = person.early_years.on(asked.day).and_then(|one| one.value);
    let lapsed = person
        .qtls
        .on(asked.day)
        .is_some_and(|one| one.value == QtlsStatus::Expired);
    let (value, reason) = if qts_on.is_some() {
        ("qts", "trs_holds_qts")
    } else if early_on.is_some() {
        ("eyts", "trs_holds_early_years_status")
    } else {
        let reason = match answer_on(person, asked.day) {
            Some(Answer::NotFound) => "trn_not_recognised",
            Some(Answer::Deactivated) if !person.spoke_of_status => "record_closed",
            _ if lapsed => "qtls_lapsed",
            _ => "trs_holds_no_status",
        };
        ("none", reason)
    };
    Status {
        is_heard: true,
        qts_on,
        early_on,
        said: Said::by(Source::Trs, value, "confirmed", reason),
    }
}

/// Induction on the day, as far as the table of stages cares.
pub(super) struct Inducted {
    pub(super) said: Said,
    /// In progress, and begun less than six years before.
    pub(super) is_recent: bool,
}

pub(super) fn induction(asked: Asked<'_>) -> Inducted {
    let Some(account) = deciding(asked) else {
        return Inducted {
            said: Said::nobody("trs_not_heard"),
            is_recent: false,
        };
    };
    let Some(one) = account.person.induction.on(asked.day) else {
        return Inducted {
            said: Said::by(Source::Trs, "none", "confirmed", "no_induction_status"),
            is_recent: false,
        };
    };
    let value = match &one.value.status {
        InductionStatus::None => "none",
        InductionStatus::RequiredToComplete => "required_to_complete",
        InductionStatus::Exempt => "exempt",
        InductionStatus::InProgress => "in_progress",
        InductionStatus::Passed => "passed",
        InductionStatus::Failed => "failed",
        InductionStatus::FailedInWales => "failed_in_wales",
        InductionStatus::Unrecognised(_) => "unrecognised",
    };
    let start = stated(&one.value.start_date);
    Inducted {
        said: Said::by(Source::Trs, value, "confirmed", "induction_status"),
        is_recent: value == "in_progress" && start.is_some_and(|start| asked.day < months_after(start, 72)),
    }
}

/// Whether a TRN may be somebody else's: qualified teacher status is held under it since a year or more before a
/// traineeship for that status began (T31, S-L). Every traineeship of the cases is for it.
pub(super) fn is_suspect(asked: Asked<'_>, trn: &Account) -> bool {
    let Some(qualified_on) = trn.person.qts.in_the_end().and_then(|one| one.value) else {
        return false;
    };
    training::trainees(asked)
        .filter_map(|account| account.trainee.begins_on())
        .any(|begins_on| months_after(qualified_on, 12) <= begins_on)
}

/// Unknown until the alerts of any TRN of the person were listed or told of; the gravest open one of any TRN. A TRN that
/// may be somebody else's tells nothing, and while there is one nobody is said to be free of restrictions.
pub(super) fn restriction(asked: Asked<'_>) -> Said {
    let trns = |asked| trns(asked).filter(move |one| !is_suspect(asked, one));
    let open = || {
        trns(asked)
            .flat_map(|account| account.person.alerts.values())
            .filter(|alert| alert.from <= asked.day && alert.until.is_none_or(|until| asked.day < until))
    };
    let prohibits = |category: &String| category == PROHIBITION;
    if open().any(|alert| alert.alert.category_id.value().is_some_and(prohibits)) {
        return Said::by(Source::Trs, "prohibited", "confirmed", "open_alert");
    }
    if open().next().is_some() {
        return Said::by(Source::Trs, "open_alert", "confirmed", "open_alert");
    }
    if self::trns(asked).any(|one| is_suspect(asked, one)) {
        return Said {
            caveats: BTreeSet::from(["contested"]),
            ..Said::nobody("link_suspect")
        };
    }
    if trns(asked).any(|account| account.person.alerts_listed.is_some()) {
        return Said::by(Source::Trs, "none", "confirmed", "no_open_alert");
    }
    Said::nobody("alerts_not_listed")
}
