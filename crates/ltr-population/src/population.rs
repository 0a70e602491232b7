//! A population: lives from a seed, the world as the four services hold it, and the truth beside.

use std::fmt::Write as _;

use jiff::civil::{Date, date};
use ltr_domain::ids::{RecordKind, Trn};
use ltr_upstreams::world::World;
use sha2::{Digest, Sha256};

use crate::life::{Life, LifeKind};
use crate::person::PersonNo;
use crate::provider::{Provider, ProviderNo};
use crate::truth::Truth;
use crate::view::{Scribe, publish_vacancies};

/// The days that are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

impl Window {
    /// The academic year of a cycle: 1 August to 31 July (U§3.8).
    #[must_use]
    pub fn of_cycle(cycle: i16) -> Self {
        Self {
            from: date(cycle, 8, 1),
            to: date(cycle + 1, 8, 1),
        }
    }

    /// Its days, in order.
    pub fn days(self) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(self.from), |day| day.tomorrow().ok())
            .take_while(move |day| *day < self.to)
    }
}

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The seed of everything.
    pub seed: u64,
    /// How many trainees the cohort has; others come beside it, one for every twelve.
    pub size: u32,
    /// The cohort's cycle: courses from September of that year.
    pub cycle: i16,
    /// The days to walk. Lives and sources go on before and after.
    pub window: Window,
}

impl Plan {
    /// The cohort of S001's cycle through its academic year.
    #[must_use]
    pub fn new(seed: u64, size: u32) -> Self {
        Self {
            seed,
            size,
            cycle: 2026,
            window: Window::of_cycle(2026),
        }
    }
}

/// Everybody, what the sources hold of them, and what is true.
#[derive(Debug, Clone)]
pub struct Population {
    /// What it was made from.
    pub plan: Plan,
    /// What the four services hold, for their doubles.
    pub world: World,
    /// What is true.
    pub truth: Truth,
    /// The providers, by number; some have given no token.
    pub providers: Vec<Provider>,
    /// TRNs to be told of from outside, as a list of known teachers would: no other source leads to them.
    pub known_trns: Vec<Trn>,
}

impl Population {
    /// The MVP cohort's cycle (S001) with so many trainees; an odd number is made even, for people come in pairs.
    #[must_use]
    pub fn of(seed: u64, size: u32) -> Self {
        Self::planned(Plan::new(seed, size))
    }

    /// The population of a plan.
    #[must_use]
    pub fn planned(plan: Plan) -> Self {
        let size = plan.size.next_multiple_of(2).min(PersonNo::OTHERS_FROM);
        let plan = Plan { size, ..plan };
        let others = (size.div_ceil(12)).min(PersonNo::END - PersonNo::OTHERS_FROM);
        let numbers = (0..size).chain((0..others).map(|other| PersonNo::OTHERS_FROM + other));
        let (mut world, mut truth) = (World::default(), Truth::default());
        let mut known_trns = Vec::new();
        let lives: Vec<Life> = numbers
            .map(|number| Life::of(plan.seed, PersonNo(number), plan.cycle))
            .collect();
        for life in &lives {
            truth.add(life.clone());
            known_trns.extend(known_trns_of(life));
        }
        let mut scribe = Scribe::new(plan.seed, &mut world, &mut truth);
        for life in &lives {
            scribe.write(life);
        }
        publish_vacancies(plan.seed, plan.cycle, &mut world);
        let last = PersonNo(size.saturating_sub(1));
        let last_other = PersonNo(PersonNo::OTHERS_FROM + others.saturating_sub(1));
        let count = ProviderNo::count_at(last).max(ProviderNo::count_at(last_other));
        Self {
            plan,
            world,
            truth,
            providers: (0..count).map(|number| ProviderNo(number).provider()).collect(),
            known_trns,
        }
    }

    /// A digest of all that happened and of all that records told, the same for ever for one plan: in it are lives,
    /// true stages, records and sayings, not how the world writes them down.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut line = String::new();
        let mut take = |line: &mut String| {
            hash.update(line.as_bytes());
            hash.update(b"\n");
            line.clear();
        };
        for (number, person) in self.truth.people() {
            let identity = &person.life.identity;
            line.push_str(&format!(
                "{} {} {}",
                number.0, identity.first_name, identity.last_name
            ));
            take(&mut line);
            for happened in person.life.happenings() {
                line.push_str(&format!("{} {:?}", happened.on, happened.what));
                take(&mut line);
            }
            for (from, stage) in &person.stages {
                line.push_str(&format!("{from} {}", stage.token()));
                take(&mut line);
            }
            for record in &person.records {
                line.push_str(&record.to_string());
                take(&mut line);
                for saying in self.truth.sayings(record) {
                    line.push_str(&format!("{} {:?}", saying.from, saying.said));
                    take(&mut line);
                }
            }
        }
        let mut text = String::new();
        for byte in hash.finalize() {
            write!(text, "{byte:02x}").expect("a string takes what it is given");
        }
        text
    }

    /// Every TRN of the population, as a source issues it.
    pub fn trns(&self) -> impl Iterator<Item = Trn> {
        self.truth
            .records()
            .filter(|(record, _)| record.kind == RecordKind::TrsPerson)
            .filter_map(|(record, _)| Trn::parse(&record.key).ok())
    }
}

/// TRNs that nothing in Apply, Register or a redirection leads to.
fn known_trns_of(life: &Life) -> Vec<Trn> {
    match life.kind {
        LifeKind::EarlyCareer | LifeKind::InService | LifeKind::Returner | LifeKind::Qtls => {
            vec![life.person.trn(0)]
        }
        LifeKind::Trainee | LifeKind::Unsuccessful | LifeKind::BackAgain => {
            life.merged.map(|_| life.person.trn(1)).into_iter().collect()
        }
    }
}
