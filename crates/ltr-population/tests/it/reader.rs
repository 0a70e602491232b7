//! A reader of sources that is as simple as can be: the newest word of the source that comes first. What it gets wrong
//! is the sources' own doing, so it shows how right anybody could be who reads them so often.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::headline::Stage;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::resolution::Certainty;
use ltr_domain::teacher::Standing;
use ltr_domain::time::end_of_london_day;
use ltr_population::person::PersonNo;
use ltr_population::provider::Token;
use ltr_population::score::Answered;
use ltr_population::truth::{Served, Told, Truth};
use ltr_population::{Plan, Population};

/// Every source is read every so many days; who has no token is not read at all.
pub(crate) struct Polled<'a> {
    population: &'a Population,
    register_days: i64,
}

impl<'a> Polled<'a> {
    pub(crate) fn every(population: &'a Population, register_days: i64) -> Self {
        Self {
            population,
            register_days,
        }
    }

    fn is_covered(&self, record: &RecordId, at: Timestamp) -> bool {
        if record.kind != RecordKind::RegisterTrainee {
            return true;
        }
        let timeline = self.population.world.register.get(&*record.key);
        let Some(seen) = timeline.and_then(|one| one.at(at)) else {
            return false;
        };
        let ukprn = seen.value.ukprn;
        self.population
            .providers
            .iter()
            .any(|one| one.ukprn == ukprn && one.token == Token::Given)
    }
}

impl Served for Polled<'_> {
    fn last_served(&self, record: &RecordId, by: Timestamp) -> Option<Timestamp> {
        let is_register = record.kind == RecordKind::RegisterTrainee;
        let days = if is_register { self.register_days } else { 1 };
        let every = days * 86_400;
        let last = by.as_second() / every;
        // Who moved to a provider without a token was served until then; nobody is looked for longer than a year.
        (0..365)
            .filter_map(|back| Timestamp::from_second((last - back) * every).ok())
            .find(|at| self.is_covered(record, *at))
    }
}

/// What the reader answers about everybody on every day of the window.
pub(crate) fn answers<'a>(
    population: &'a Population,
    served: &'a impl Served,
) -> impl Iterator<Item = Answered> + 'a {
    let Plan { window, .. } = population.plan;
    let people: Vec<PersonNo> = population.truth.people().map(|(number, _)| number).collect();
    people.into_iter().flat_map(move |person| {
        window
            .days()
            .map(move |day| answer(&population.truth, person, day, served))
    })
}

fn answer(truth: &Truth, person: PersonNo, day: Date, served: &impl Served) -> Answered {
    let end = end_of_london_day(day) - SignedDuration::from_secs(1);
    let told = |kinds: &[RecordKind]| -> Vec<Stage> {
        let known = truth.person(person).expect("it is one of them");
        let of_kind = known.records.iter().filter(|record| kinds.contains(&record.kind));
        of_kind
            .filter_map(
                |record| match truth.told(record, served.last_served(record, end)?, day)? {
                    Told::Stage(stage) => Some(stage),
                    Told::Closed => None,
                },
            )
            .collect()
    };
    let is_closed = truth
        .person(person)
        .expect("it is one of them")
        .records
        .iter()
        .any(|record| {
            served
                .last_served(record, end)
                .and_then(|at| truth.told(record, at, day))
                == Some(Told::Closed)
        });
    let status = told(&[RecordKind::TrsPerson])
        .into_iter()
        .find(|stage| *stage != Stage::NoTeachingStatus);
    let training = told(&[RecordKind::RegisterTrainee]).pop();
    let place = told(&[RecordKind::ApplyCandidate]).pop().map(|stage| {
        let choice = truth.person(person).and_then(|known| known.life.place());
        let started = choice.is_some_and(|choice| day >= jiff::civil::date(choice.cycle, 9, 1));
        if stage == Stage::Recruited && started {
            Stage::StartUnknown
        } else {
            stage
        }
    });
    let stage = status.or(training).or(place).unwrap_or(Stage::NotKnown);
    let certainty = if stage == Stage::NotKnown {
        Certainty::Unknown
    } else if matches!(stage, Stage::StartUnknown | Stage::InTrainingUnconfirmed) {
        Certainty::Presumed
    } else if truth.settlers(person, day).is_empty() {
        Certainty::Provisional
    } else {
        Certainty::Confirmed
    };
    Answered {
        person,
        on: day,
        stage,
        standing: if is_closed {
            Standing::Closed
        } else {
            Standing::Open
        },
        certainty,
        caveats: BTreeSet::new(),
    }
}
