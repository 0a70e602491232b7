//! A TRN: asked for, found with a route, qualified, inducted; alerts, lapses, removals and dead ends.

use jiff::civil::Date;
use ltr_domain::ids::{RecordId, Trn};
use ltr_domain::record::trs::{Alert, Answer, HeldStatus, Induction, Route};
use ltr_domain::record::{Body, InductionStatus, QtlsStatus, RouteStatus, Stated, TrsPerson};

use super::{Life, day};

/// The category of alerts that prohibits from teaching (U§4.4).
const PROHIBITION: &str = "b2b19019-b165-47a3-8745-3297ff152581";

impl Life<'_> {
    pub(super) fn trs(&mut self, trn: Trn, awarded_on: Option<Date>) {
        let record = RecordId::trs_person(trn);
        let mut on = self.dice.day_after(self.on(0, 9, 20), 0, 60);
        if self.dice.one_in(8) {
            self.tell_person(&record, on, &TrsPerson::answered(Answer::NotFound));
            on = self.dice.day_after(on, 5, 20);
        }
        let mut person = TrsPerson::answered(Answer::Found);
        person.qts = Stated::Null;
        person.induction = Stated::Value(induction(InductionStatus::None, None, None));
        person.routes = Stated::Value(vec![self.route()]);
        if self.dice.chance(75) {
            person.alerts = Stated::Value(Vec::new());
        }
        self.tell_person(&record, on, &person);
        if let Some(awarded_on) = awarded_on
            && self.dice.chance(85)
        {
            self.qualifies(&record, &mut person, awarded_on);
        }
        self.end_of_a_record(&record, person);
    }

    /// Qualified years before anything else is told.
    pub(super) fn trs_of_old(&mut self, trn: Trn) {
        let record = RecordId::trs_person(trn);
        let on = self.dice.day_after(self.on(-1, 9, 1), 0, 300);
        let held_on = self.dice.day_after(self.on(-14, 6, 20), 0, 3_000);
        let started_on = self.dice.day_after(held_on, 40, 100);
        let mut person = TrsPerson::answered(Answer::Found);
        person.qts = Stated::Value(held(held_on));
        let completed_on = self.dice.day_after(started_on, 300, 700);
        person.induction = Stated::Value(induction(
            InductionStatus::Passed,
            Some(started_on),
            Some(completed_on),
        ));
        person.alerts = Stated::Value(Vec::new());
        if self.dice.one_in(3) {
            // By membership that may lapse (S-M).
            person.qtls = Stated::Value(QtlsStatus::Active);
            person.induction = Stated::Value(induction(InductionStatus::Exempt, None, None));
        }
        self.tell_person(&record, on, &person);
        if person.qtls.is_stated() && self.dice.one_in(2) {
            let on = self.dice.day_after(on, 30, 500);
            person.qtls = Stated::Value(QtlsStatus::Expired);
            person.qts = Stated::Null;
            person.induction = Stated::Value(induction(InductionStatus::RequiredToComplete, None, None));
            self.tell_person(&record, on, &person);
        }
        self.end_of_a_record(&record, person);
    }

    fn qualifies(&mut self, record: &RecordId, person: &mut TrsPerson, awarded_on: Date) {
        let mut on = self.dice.day_after(awarded_on, 1, 40);
        if self.dice.one_in(8) {
            person.eyts = Stated::Value(held(awarded_on));
        } else {
            person.qts = Stated::Value(held(awarded_on));
            person.induction = Stated::Value(induction(InductionStatus::RequiredToComplete, None, None));
        }
        if let Stated::Value(routes) = &mut person.routes
            && let Some(route) = routes.first_mut()
        {
            route.status = RouteStatus::Holds;
            route.holds_from = Stated::Value(day(awarded_on));
        }
        self.tell_person(record, on, person);
        if self.dice.one_in(6) {
            on = self.dice.day_after(on, 10, 60);
            let moved_to = self.dice.day_after(awarded_on, 0, 20);
            if person.qts.value().is_some() {
                person.qts = Stated::Value(held(moved_to));
                self.tell_person(record, on, person);
            }
        }
        if person.qts.value().is_some() && self.dice.chance(60) {
            on = self.inducts(record, person);
        }
        if self.dice.one_in(10) {
            on = self.dice.day_after(on, 10, 120);
            person.qts = Stated::Null;
            person.routes = Stated::Value(Vec::new());
            person.induction = Stated::Value(induction(InductionStatus::None, None, None));
            self.tell_person(record, on, person);
        }
    }

    fn inducts(&mut self, record: &RecordId, person: &mut TrsPerson) -> Date {
        let started_on = self.dice.day_after(self.on(1, 9, 1), 0, 90);
        let mut on = self.dice.day_after(started_on, 1, 40);
        person.induction = Stated::Value(induction(InductionStatus::InProgress, Some(started_on), None));
        self.tell_person(record, on, person);
        if self.dice.chance(50) {
            let completed_on = self.dice.day_after(started_on, 200, 500);
            on = self.dice.day_after(completed_on, 1, 60);
            let status = if self.dice.one_in(6) {
                InductionStatus::Failed
            } else {
                InductionStatus::Passed
            };
            person.induction = Stated::Value(induction(status, Some(started_on), Some(completed_on)));
            self.tell_person(record, on, person);
        }
        on
    }

    /// Alerts, and records that TRS closes.
    fn end_of_a_record(&mut self, record: &RecordId, mut person: TrsPerson) {
        let last_on = self
            .snapshots
            .last()
            .map_or(self.on(1, 1, 1), |last| last.read_on);
        let mut on = self.dice.day_after(last_on, 5, 200);
        if self.dice.one_in(6) {
            let from = self.dice.day_after(on, 0, 5);
            let category = if self.dice.one_in(2) {
                PROHIBITION
            } else {
                "e4057fc2-a010-42a9-8cb2-7dcc5c9b5fa7"
            };
            let alert = |end_date| Alert {
                key: "al-1".to_owned(),
                type_id: Stated::Unstated,
                category_id: Stated::Value(category.to_owned()),
                start_date: Stated::Value(day(from)),
                end_date,
            };
            person.alerts = Stated::Value(vec![alert(Stated::Null)]);
            self.tell_person(record, on, &person);
            on = self.dice.day_after(on, 10, 150);
            match self.dice.below(3) {
                0 => person.alerts = Stated::Value(vec![alert(Stated::Value(day(on)))]),
                1 => person.alerts = Stated::Value(Vec::new()),
                _ => return,
            }
            self.tell_person(record, on, &person);
        }
        if self.dice.one_in(15) {
            let on = self.dice.day_after(on, 5, 100);
            person.answer = Answer::Deactivated;
            self.tell_person(record, on, &person);
        }
    }

    fn route(&mut self) -> Route {
        let begins_on = self.dice.day_after(self.on(0, 9, 1), 0, 20);
        Route {
            key: "rt-1".to_owned(),
            type_id: Stated::Unstated,
            type_name: Stated::Unstated,
            leads_to: Stated::Unstated,
            status: RouteStatus::InTraining,
            holds_from: Stated::Null,
            training_start_date: Stated::Value(day(begins_on)),
            training_end_date: Stated::Value(day(self.on(1, 7, 15))),
            subjects: Stated::Unstated,
            provider_ukprn: Stated::Unstated,
            provider_name: Stated::Unstated,
        }
    }

    fn tell_person(&mut self, record: &RecordId, on: Date, person: &TrsPerson) {
        self.tell(record, on, Body::TrsPerson(Box::new(person.clone())));
    }
}

pub(crate) fn held(on: Date) -> HeldStatus {
    HeldStatus {
        holds_from: Stated::Value(day(on)),
        route_types: Vec::new(),
    }
}

pub(crate) fn induction(status: InductionStatus, start: Option<Date>, completed: Option<Date>) -> Induction {
    let date = |on: Option<Date>| Stated::from_nullable(on.map(day));
    Induction {
        status,
        start_date: date(start),
        completed_date: date(completed),
        exemption_reasons: Vec::new(),
    }
}
