//! TRS: a record for each TRN, as Register pushes and TRS itself awards.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::headline::Stage;
use ltr_domain::ids::{RecordId, Trn};
use ltr_domain::time::start_of_london_day;
use ltr_upstreams::world::Text;
use ltr_upstreams::world::trs::reference::{KnownExemption, KnownRoute};
use ltr_upstreams::world::trs::{
    Answer, Held, Induction, InductionStatus, Person, QtlsStatus, Route, RouteStatus,
};

use super::trainee::awarded_at;
use super::{Scribe, uuid};
use crate::dice::Dice;
use crate::instants::{self, Rising};
use crate::lateness;
use crate::life::{InductionEnd, Kept, Life, Push, Traineeship, Way};
use crate::provider::ProviderNo;
use crate::truth::{Said, SourceWrong, WrongFact};

/// Something that is written into the record of a person.
#[derive(Debug, Clone)]
enum Entry {
    /// The TRN is issued.
    Issued,
    /// A route is pushed as it stands.
    Route(Box<Route>),
    /// Standards met: the route holds, and with it QTS.
    Awarded { route: usize, on: Date },
    /// The award is removed, and the route is there anew.
    AwardRemoved { route: usize },
    /// Induction stands so.
    Induction(InductionStatus, Option<Date>, Option<Date>),
    /// QTS through QTLS.
    Qtls(Date),
    /// And without.
    QtlsExpired,
    /// Another last name.
    LastName(String),
    /// The TRN is merged into that one.
    MergedInto(Trn),
    /// The record is deactivated.
    Deactivated,
}

impl Scribe<'_> {
    pub(super) fn teacher(&mut self, life: &Life) {
        let mut dice = life.person.dice(self.seed, "trs");
        let mut entries = entries(life, &mut dice, self);
        if entries.is_empty() {
            return;
        }
        let Some(merged) = life.merged else {
            self.record(life, life.person.trn(0), entries, &mut dice);
            return;
        };
        let (new, old) = (life.person.trn(0), life.person.trn(1));
        let merged_at = instants::of(merged.on, &mut dice);
        let old_since = instants::of(ltr_domain::calendar::days_after(merged.on, -1_500), &mut dice);
        let mut of_old = vec![(old_since, Entry::Issued)];
        match merged.kept {
            Kept::New => of_old.push((merged_at, Entry::MergedInto(new))),
            Kept::Old => {
                // Routes stay with the record that was merged away (U§0.13); Register pushes to the other once it has it.
                let replaced_on = life
                    .traineeships
                    .first()
                    .and_then(|one| one.paperwork.trn_replaced_on);
                let pushed_from =
                    start_of_london_day(replaced_on.unwrap_or(merged.on)) + SignedDuration::from_hours(30);
                let (before, after): (Vec<_>, Vec<_>) =
                    entries.into_iter().partition(|(at, _)| *at < merged_at);
                let pushed_again = before.iter().rev().find_map(|(_, entry)| match entry {
                    Entry::Route(route) => Some((pushed_from, Entry::Route(route.clone()))),
                    Entry::Issued
                    | Entry::Awarded { .. }
                    | Entry::AwardRemoved { .. }
                    | Entry::Induction(..)
                    | Entry::Qtls(_)
                    | Entry::QtlsExpired
                    | Entry::LastName(_)
                    | Entry::MergedInto(_)
                    | Entry::Deactivated => None,
                });
                of_old.extend(pushed_again);
                // What Register pushes to the TRN that was merged away is lost, and told with the next push.
                of_old.extend(after.into_iter().map(|(at, entry)| (at.max(pushed_from), entry)));
                entries = before;
                entries.push((merged_at, Entry::MergedInto(old)));
            }
        }
        self.record(life, new, entries, &mut dice);
        self.record(life, old, of_old, &mut dice);
    }

    fn record(&mut self, life: &Life, trn: Trn, mut entries: Vec<(Timestamp, Entry)>, dice: &mut Dice) {
        let record = RecordId::trs_person(trn);
        self.truth.knows(life.person, record.clone());
        let identity = &life.identity;
        entries.sort_by_key(|(at, _)| *at);
        let first_on = entries.first().map(|(at, _)| ltr_domain::time::london_date(*at));
        let last_name = identity.last_name_on(first_on.unwrap_or(identity.date_of_birth));
        let mut person = Person::new(
            [identity.first_name, identity.middle_name, last_name],
            identity.date_of_birth,
        );
        person.email = Some(Text::from(identity.email.as_str()));
        let mut rising = Rising::new();
        for (at, entry) in entries {
            let at = rising.next(at);
            let answer = write(&mut person, entry, dice);
            let said = match &answer {
                Answer::MergedInto(_) => Said::Nothing,
                Answer::Deactivated => Said::Deactivated,
                Answer::Person(person) => Said::Status(stage(person)),
            };
            self.world.trs.put(trn, at, answer);
            self.truth.says(&record, at, said);
        }
    }

    fn route(&mut self, life: &Life, one: &Traineeship, provider: ProviderNo, dice: &mut Dice) -> Route {
        let known = provider.provider();
        let course = life.choices.first().map_or(0, |choice| choice.course);
        let cycle = ltr_domain::calendar::academic_year(one.planned_on);
        let apply = self.course(one.provider, course, cycle).apply;
        let subject = super::SUBJECTS[usize::from(course) % super::SUBJECTS.len()].2;
        Route {
            id: uuid(dice),
            route_type: KnownRoute::ProviderLedPostgrad.route_type(),
            status: RouteStatus::InTraining,
            holds_from: None,
            training_start_date: Some(one.started_on),
            training_end_date: Some(one.ends_on),
            subjects: vec![(Text::from(subject), apply.name.clone())],
            provider: Some((Text::from(known.ukprn.as_str()), Text::from(known.name))),
            exemption_reasons: Vec::new(),
        }
    }

    fn mark_route(&mut self, life: &Life, fact: WrongFact, from: Timestamp, to: Timestamp) {
        self.truth.is_wrong(SourceWrong {
            person: life.person,
            record: RecordId::trs_person(life.person.trn(0)),
            fact,
            from,
            to,
        });
    }
}

/// Everything that is written about a person, not in order.
fn entries(life: &Life, dice: &mut Dice, scribe: &mut Scribe<'_>) -> Vec<(Timestamp, Entry)> {
    let mut entries = Vec::new();
    of_career(life, dice, &mut entries);
    let mut place = 0;
    for one in &life.traineeships {
        let Some(trn_at) = one.paperwork.trn_at else {
            continue;
        };
        if entries.is_empty() {
            entries.push((trn_at - SignedDuration::from_mins(5), Entry::Issued));
        }
        of_training(life, one, (place, trn_at), dice, scribe, &mut entries);
        place += 1;
    }
    if let Some((_, told_on)) = life.died
        && !entries.is_empty()
    {
        entries.push((instants::of(told_on, dice), Entry::Deactivated));
    }
    entries
}

fn of_training(
    life: &Life,
    one: &Traineeship,
    (place, trn_at): (usize, Timestamp),
    dice: &mut Dice,
    scribe: &mut Scribe<'_>,
    entries: &mut Vec<(Timestamp, Entry)>,
) {
    let papers = &one.paperwork;
    let mut route = scribe.route(life, one, one.provider, dice);
    // Nothing is pushed before there is a TRN to push to.
    let pushed = |at: Timestamp, dice: &mut Dice| {
        at.max(trn_at) + SignedDuration::from_hours(i64::from(dice.late(&lateness::ROUTE_PUSHED)))
    };
    // Pushes overtake no earlier one.
    let mut rising = Rising::new();
    let mut push = |route: &Route, on: Date, dice: &mut Dice| {
        let at = rising.next(pushed(instants::of(on, dice), dice));
        entries.push((at, Entry::Route(Box::new(route.clone()))));
        at
    };
    push(&route, ltr_domain::time::london_date(trn_at), dice);
    if let (Some(on), Some((_, to))) = (papers.moved_on, one.moved) {
        let moved = to.provider();
        route.provider = Some((Text::from(moved.ukprn.as_str()), Text::from(moved.name)));
        push(&route, on, dice);
    }
    if let Some(on) = papers.deferred_on {
        route.status = RouteStatus::Deferred;
        push(&route, on, dice);
    }
    if let Some(on) = papers.returned_on {
        route.status = RouteStatus::InTraining;
        push(&route, on, dice);
    }
    if let (Some(on), Push::Sent) = (papers.withdrawn_on, papers.push) {
        route.status = RouteStatus::Withdrawn;
        push(&route, on, dice);
    }
    let lost_from = papers.withdrawn_on.filter(|_| papers.push == Push::Lost);
    let mut undone_from = None;
    if let Some((on, _)) = papers.withdrawn_in_error {
        route.status = RouteStatus::Withdrawn;
        undone_from = Some(push(&route, on, dice));
    }
    if let (Some(on), Some((_, name))) = (papers.renamed_on, &life.identity.renamed) {
        let at = pushed(instants::of(on, dice), dice);
        entries.push((at, Entry::LastName(name.clone())));
    }
    if let (Some(on), Some(met_on)) = (one.awarded_on, one.standards_met_on) {
        let at = awarded_at(life, on);
        entries.push((
            at,
            Entry::Awarded {
                route: place,
                on: met_on,
            },
        ));
        if let Some(from) = undone_from.take() {
            scribe.mark_route(life, WrongFact::RouteWithdrawn, from, at);
        }
    }
    if let Some(revoked) = one.revoked {
        let at = instants::of(revoked.trs_on, dice);
        entries.push((at, Entry::AwardRemoved { route: place }));
        if let Some(on) = one.awarded_on {
            scribe.mark_route(life, WrongFact::Award, awarded_at(life, on), at);
        }
    }
    if let Some(on) = lost_from {
        scribe.mark_route(
            life,
            WrongFact::RouteNotWithdrawn,
            start_of_london_day(on),
            Timestamp::MAX,
        );
    }
}

fn of_career(life: &Life, dice: &mut Dice, entries: &mut Vec<(Timestamp, Entry)>) {
    let Some(qualified) = life.career.qualified else {
        return;
    };
    let at = instants::of(qualified.on, dice);
    entries.push((at, Entry::Issued));
    match qualified.by {
        Way::Qtls => entries.push((at, Entry::Qtls(qualified.on))),
        Way::Training => {
            let route = Route {
                id: uuid(dice),
                route_type: KnownRoute::ProviderLedPostgrad.route_type(),
                status: RouteStatus::InTraining,
                holds_from: None,
                training_start_date: None,
                training_end_date: Some(qualified.on),
                subjects: Vec::new(),
                provider: None,
                exemption_reasons: Vec::new(),
            };
            entries.push((at, Entry::Route(Box::new(route))));
            entries.push((
                at,
                Entry::Awarded {
                    route: 0,
                    on: qualified.on,
                },
            ));
        }
    }
    if let Some(induction) = life.career.induction {
        let start = Some(induction.started_on);
        let entry = Entry::Induction(InductionStatus::InProgress, start, None);
        entries.push((instants::of(induction.start_told_on, dice), entry));
        if let (Some((on, end)), Some(told_on)) = (induction.ended, induction.end_told_on) {
            let status = match end {
                InductionEnd::Passed => InductionStatus::Passed,
                InductionEnd::Failed => InductionStatus::Failed,
            };
            let entry = Entry::Induction(status, start, Some(on));
            entries.push((instants::of(told_on, dice), entry));
        }
    }
    if let Some((_, told_on)) = life.career.qtls_lapsed {
        entries.push((instants::of(told_on, dice), Entry::QtlsExpired));
    }
}

/// Writes an entry, and says what is answered from then on.
fn write(person: &mut Person, entry: Entry, dice: &mut Dice) -> Answer {
    match entry {
        Entry::Issued => {}
        Entry::MergedInto(into) => return Answer::MergedInto(into),
        Entry::Deactivated => return Answer::Deactivated,
        Entry::Route(route) => {
            // One already there is told again as it stands now.
            match person.routes.iter_mut().find(|one| one.id == route.id) {
                Some(there) => *there = *route,
                None => person.routes.push(*route),
            }
        }
        Entry::Awarded { route, on } => {
            if let Some(one) = person.routes.get_mut(route) {
                one.status = RouteStatus::Holds;
                one.holds_from = Some(on);
                person.qts = Some(Held {
                    holds_from: on,
                    routes: vec![one.route_type.clone()],
                });
            }
            person.induction.status = InductionStatus::RequiredToComplete;
        }
        Entry::AwardRemoved { route } => {
            if let Some(one) = person.routes.get_mut(route) {
                one.id = uuid(dice);
                one.status = RouteStatus::InTraining;
                one.holds_from = None;
            }
            person.qts = None;
            person.induction = Induction::default();
        }
        Entry::Induction(status, start_date, completed_date) => {
            person.induction = Induction {
                status,
                start_date,
                completed_date,
                exemption_reasons: Vec::new(),
            };
        }
        Entry::Qtls(on) => {
            let route_type = KnownRoute::Qtls.route_type();
            let reason = KnownExemption::Qtls.reason();
            person.routes.push(Route {
                id: uuid(dice),
                route_type: route_type.clone(),
                status: RouteStatus::Holds,
                holds_from: Some(on),
                training_start_date: None,
                training_end_date: None,
                subjects: Vec::new(),
                provider: None,
                exemption_reasons: vec![reason.clone()],
            });
            person.qts = Some(Held {
                holds_from: on,
                routes: vec![route_type],
            });
            person.qtls_status = QtlsStatus::Active;
            person.induction.status = InductionStatus::Exempt;
            person.induction.exemption_reasons = vec![reason];
        }
        Entry::QtlsExpired => {
            person.routes.clear();
            person.qts = None;
            person.qtls_status = QtlsStatus::Expired;
            person.induction = Induction {
                status: InductionStatus::RequiredToComplete,
                ..Induction::default()
            };
        }
        Entry::LastName(name) => person.last_name = Text::from(name),
    }
    Answer::Person(Arc::new(person.clone()))
}

fn stage(person: &Person) -> Stage {
    if person.qts.is_none() {
        return Stage::NoTeachingStatus;
    }
    match &person.induction.status {
        InductionStatus::InProgress => Stage::Ect,
        InductionStatus::Failed | InductionStatus::FailedInWales => Stage::InductionFailed,
        InductionStatus::None
        | InductionStatus::RequiredToComplete
        | InductionStatus::Exempt
        | InductionStatus::Passed
        | InductionStatus::Other(_) => Stage::Qualified,
    }
}
