//! A place: the newest cycle's best application that no traineeship or status has followed, and what silence tells of it.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other status is none of those named"
)]

use jiff::Timestamp;
use jiff::civil::{Date, date};
use ltr_domain::hearing::ProviderName;
use ltr_domain::ids::{RecordKind, Source};
use ltr_domain::observation::Position;
use ltr_domain::record::{ChoiceStatus, TraineeState};
use ltr_domain::time::{london_date, start_of_london_day};

use super::account::{Account, Trainee};
use super::calendar::{academic_year, after_cycle, no_show_on, place_is_settled};
use super::training::trainees;
use super::trs::Status;
use super::{Asked, Said};

/// What is told of a place on the day.
pub(super) struct Place {
    /// Nothing was ever told by Apply.
    pub(super) is_not_heard: bool,
    pub(super) said: Said,
}

/// What a status comes to, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    NotSent,
    Ended,
    Live,
    Conditional,
    Deferred,
    Recruited,
}

struct Choice<'a> {
    account: &'a Account,
    came: Came,
    status: &'a ChoiceStatus,
    position: Position,
    ended_by_time: Option<&'static str>,
}

pub(super) fn place(asked: Asked<'_>, status: &Status) -> Place {
    let choices: Vec<Choice<'_>> = asked
        .accounts
        .iter()
        .filter_map(|account| choice_on(account, asked))
        .collect();
    let has_account = asked
        .accounts
        .iter()
        .any(|account| account.id.kind == RecordKind::ApplyCandidate);
    // What was sent goes before what was not; then the newest cycle, then the best, then the one told last.
    let rank = |one: &Choice<'_>| {
        (
            one.came != Came::NotSent,
            one.account.cycle,
            one.came,
            one.position,
        )
    };
    let mut best: Option<&Choice<'_>> = None;
    let live: Vec<&Choice<'_>> = choices
        .iter()
        .filter(|one| !is_followed(one, asked, status))
        .collect();
    for one in live.iter().copied().filter(|one| !is_overtaken(one, &live)) {
        if best.is_none_or(|best| rank(one) > rank(best)) {
            best = Some(one);
        }
    }
    match best {
        Some(best) => Place {
            is_not_heard: false,
            said: said_of(best, asked),
        },
        None if has_account || !choices.is_empty() => Place {
            is_not_heard: false,
            said: Said::by(
                Source::Apply,
                "not_sent",
                "confirmed",
                "application_not_submitted",
            ),
        },
        None => Place {
            is_not_heard: true,
            said: Said::nobody("apply_not_heard"),
        },
    }
}

fn choice_on<'a>(account: &'a Account, asked: Asked<'_>) -> Option<Choice<'a>> {
    let one = account.choice.on(asked.day)?;
    let ended = ended_by_time(account, &one.value, asked);
    Some(Choice {
        account,
        came: match ended {
            Some(_) => Came::Ended,
            None => came_to(&one.value),
        },
        status: &one.value,
        position: one.position,
        ended_by_time: ended,
    })
}

/// Whether the other of Apply's two services has told otherwise of the same application since, in a word that is known.
fn is_overtaken(one: &Choice<'_>, all: &[&Choice<'_>]) -> bool {
    all.iter().any(|other| {
        other.account.id.key == one.account.id.key
            && other.position > one.position
            && other.status.is_recognised()
            && came_to(other.status) != came_to(one.status)
    })
}

fn came_to(status: &ChoiceStatus) -> Came {
    match status {
        ChoiceStatus::Unsubmitted => Came::NotSent,
        ChoiceStatus::AwaitingProviderDecision
        | ChoiceStatus::Interviewing
        | ChoiceStatus::Offer
        | ChoiceStatus::Unrecognised(_) => Came::Live,
        ChoiceStatus::PendingConditions => Came::Conditional,
        ChoiceStatus::OfferDeferred => Came::Deferred,
        ChoiceStatus::Recruited => Came::Recruited,
        ChoiceStatus::Inactive
        | ChoiceStatus::ApplicationNotSent
        | ChoiceStatus::Cancelled
        | ChoiceStatus::OfferWithdrawn
        | ChoiceStatus::Declined
        | ChoiceStatus::Rejected
        | ChoiceStatus::ConditionsNotMet
        | ChoiceStatus::Withdrawn => Came::Ended,
    }
}

/// What waits at the end of its cycle has ended the day after, unless Apply told of it later.
fn ended_by_time(account: &Account, status: &ChoiceStatus, asked: Asked<'_>) -> Option<&'static str> {
    let [rejected_on, declined_on, closed_on] = after_cycle(account.cycle?);
    let (on, reason) = match status {
        ChoiceStatus::AwaitingProviderDecision | ChoiceStatus::Interviewing => {
            (rejected_on, "rejected_by_default")
        }
        ChoiceStatus::Offer => (declined_on, "declined_by_default"),
        ChoiceStatus::Unsubmitted => (closed_on, "not_sent_in_cycle"),
        _ => return None,
    };
    let has_come = on <= asked.day && asked.day <= asked.known_on;
    (has_come && london_date(account.taken_at) < on).then_some(reason)
}

fn august(cycle: u16) -> Date {
    date(cycle.cast_signed(), 8, 1)
}

/// Whether a traineeship of that cycle or later, or a status, has taken its place on the day.
fn is_followed(choice: &Choice<'_>, asked: Asked<'_>, status: &Status) -> bool {
    let Some(cycle) = choice.account.cycle else {
        return false;
    };
    let by_status = status.award_on().is_some_and(|on| on >= august(cycle));
    let by_training = trainees(asked).any(|account| {
        let trainee = &account.trainee;
        let is_told = match trainee.state.on(asked.day) {
            Some(one) => one.value != TraineeState::Draft,
            None => trainee.started.is_some_and(|(on, _)| on <= asked.day),
        };
        is_told && begins_on(trainee).is_some_and(|on| on >= august(cycle))
    });
    by_status || by_training
}

fn begins_on(trainee: &Trainee) -> Option<Date> {
    trainee.begins_on().or(trainee.registered_on)
}

fn said_of(choice: &Choice<'_>, asked: Asked<'_>) -> Said {
    let cycle = choice.account.cycle;
    let planned = cycle.map(|cycle| {
        let later = i16::from(*choice.status == ChoiceStatus::OfferDeferred);
        date(cycle.cast_signed() + later, 9, 1)
    });
    // What was said in a word that nobody knows, or is said so now, settles nothing (T19).
    let is_known = choice.status.is_recognised() && !choice.account.words.are_unclear_on(asked.day);
    let by_apply = |value, is_settled, reason| {
        let certainty = match (choice.ended_by_time, is_settled && is_known) {
            (Some(_), _) => "presumed",
            (None, true) => "confirmed",
            (None, false) => "provisional",
        };
        Said::by(Source::Apply, value, certainty, reason)
    };
    let before_start = place_is_settled(asked.day, planned);
    match choice.came {
        Came::Recruited => match planned.filter(|start| *start <= asked.day && !start_is_ahead(cycle, asked))
        {
            Some(start) => unregistered(choice, start, asked),
            None => by_apply("recruited", before_start, "recruited_conditions_unknown"),
        },
        Came::Conditional => by_apply("accepted_conditional", before_start, "conditions_pending"),
        Came::Deferred => by_apply("offer_deferred", true, "offer_deferred"),
        Came::Live => by_apply("applicant", true, "application_live"),
        Came::NotSent => by_apply("not_sent", true, "application_not_submitted"),
        Came::Ended => {
            let reason = choice.ended_by_time.unwrap_or(match choice.status {
                ChoiceStatus::Inactive => "application_inactive",
                ChoiceStatus::ApplicationNotSent => "application_not_sent",
                ChoiceStatus::OfferWithdrawn => "offer_withdrawn",
                ChoiceStatus::Declined => "offer_declined",
                ChoiceStatus::Rejected => "application_rejected",
                ChoiceStatus::ConditionsNotMet => "conditions_not_met",
                ChoiceStatus::Withdrawn => "application_withdrawn",
                _ => "application_ended",
            });
            by_apply("unsuccessful_applicant", true, reason)
        }
    }
}

/// Whether Register told of a start of that cycle or later which is still ahead on the day.
fn start_is_ahead(cycle: Option<u16>, asked: Asked<'_>) -> bool {
    let Some(cycle) = cycle else { return false };
    trainees(asked)
        .filter_map(|account| account.trainee.started)
        .any(|(on, _)| on >= august(cycle) && on > asked.day)
}

/// A recruit whose planned start has passed and of whom Register tells nothing: `docs/stages.md`, what silence settles.
fn unregistered(choice: &Choice<'_>, start: Date, asked: Asked<'_>) -> Said {
    let presumed = |value, reason| Said::by(Source::Apply, value, "presumed", reason);
    let start_unknown = |reason, caveat: Option<&'static str>| {
        let mut said = presumed("start_unknown", reason);
        said.caveats.extend(caveat);
        said
    };
    let year = academic_year(start);
    let no_show_on = no_show_on(year);
    let has_come = no_show_on <= asked.known_on && asked.day <= asked.known_on;
    if !has_come || is_deferred(choice, asked) || is_registered(year, asked) {
        return start_unknown("planned_start_passed_register_silent", None);
    }
    let heard = provider_of(choice, asked).map(|name| register_heard(&name, year, no_show_on, asked));
    match heard.unwrap_or(RegisterHeard::NotCovered) {
        RegisterHeard::NotCovered => start_unknown("register_does_not_cover_provider", Some("not_covered")),
        RegisterHeard::NotSince => start_unknown("register_not_heard_since_no_show_date", Some("stale")),
        RegisterHeard::Listed => presumed("left_before_start", "not_listed_by_register_after_no_show_date"),
    }
}

/// Whether another choice of the same cycle or later is deferred.
fn is_deferred(choice: &Choice<'_>, asked: Asked<'_>) -> bool {
    let others = asked
        .accounts
        .iter()
        .filter_map(|account| choice_on(account, asked));
    others
        .filter(|other| other.came == Came::Deferred)
        .any(|other| other.account.cycle >= choice.account.cycle)
}

/// Whether Register tells of a traineeship of that year or later, whatever the day.
fn is_registered(year: i16, asked: Asked<'_>) -> bool {
    trainees(asked).any(|account| {
        let trainee = &account.trainee;
        let state = trainee.state.in_the_end();
        let is_told = trainee.started.is_some() || state.is_some_and(|one| one.value != TraineeState::Draft);
        is_told && begins_on(trainee).is_some_and(|on| on >= date(year, 8, 1))
    })
}

/// By its code where the recruits API tells of the same choice, else by its name.
fn provider_of(choice: &Choice<'_>, asked: Asked<'_>) -> Option<ProviderName> {
    let key = &choice.account.id.key;
    let recruit = asked
        .accounts
        .iter()
        .find(|account| account.id.kind == RecordKind::ApplyRecruit && account.id.key == *key);
    let code = recruit.and_then(|account| account.provider.clone());
    code.or_else(|| choice.account.provider.clone())
}

#[derive(PartialEq)]
enum RegisterHeard {
    NotCovered,
    NotSince,
    Listed,
}

/// Whether Register has listed all starters of a year at a provider since a day, under every number that it goes by, and
/// half of its recruits among them.
fn register_heard(name: &ProviderName, year: i16, since: Date, asked: Asked<'_>) -> RegisterHeard {
    let hearing = asked.hearing;
    let since: Timestamp = start_of_london_day(since);
    let none = std::collections::BTreeSet::new();
    let ukprns = hearing.providers.get(name).unwrap_or(&none);
    let mut all = RegisterHeard::Listed;
    for ukprn in ukprns {
        let covering = || {
            hearing
                .sweeps
                .iter()
                .filter(|(coverage, _)| coverage.is_of(*ukprn, name))
        };
        let has_listed = covering()
            .any(|(coverage, spoke_at)| coverage.year.is_none_or(|of| of == year) && *spoke_at >= since);
        let share = hearing.shares.get(&(*ukprn, year)).copied().unwrap_or_default();
        let most_are_recognised = share.trainees > 0 && 2 * share.recognised >= share.trainees;
        // Of a provider whose starters nobody has told of yet it may still turn out that they are recognised.
        let may_be_recognised = most_are_recognised || (share.trainees == 0 && !has_listed);
        if covering().next().is_none() || !may_be_recognised {
            return RegisterHeard::NotCovered;
        }
        if !has_listed {
            all = RegisterHeard::NotSince;
        }
    }
    let turnout = hearing.turnouts.get(&(name.clone(), year));
    let half_have_turned_up = turnout.is_some_and(|of| of.recruits > 0 && 2 * of.turned_up >= of.recruits);
    if ukprns.is_empty() || (all == RegisterHeard::Listed && !half_have_turned_up) {
        RegisterHeard::NotCovered
    } else {
        all
    }
}
