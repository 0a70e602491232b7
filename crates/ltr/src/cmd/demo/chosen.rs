//! Which teachers of a year are worth asking about: picked by rule from the truth, never by hand.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::time::london_date;
use ltr_population::life::Traineeship;
use ltr_population::provider::Token;
use ltr_population::truth::{Person, Said};
use ltr_population::{PersonNo, Population};

/// How many are shown.
const SHOWN: usize = 3;

/// So many of one rule are tried, should nobody have heard of the first.
const TRIED: usize = 3;

/// Somebody worth asking about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Who.
    pub(super) person: PersonNo,
    /// What is known of them that an answer does not tell.
    pub(super) why: String,
    /// What to ask for, the best name first.
    pub(super) names: Vec<String>,
}

/// How interesting somebody is by one rule, and why; none: not at all.
type Rule = fn(&Population, &Person) -> Option<(i32, String)>;

/// Three places; in each the first rule that somebody answers to is taken.
const RULES: [&[Rule]; SHOWN] = [
    &[withdrawal_learnt_late, registered_late, ordinary],
    &[deferred_and_back, merged, deferred, ordinary],
    &[no_show, registered_late, gave_back, ordinary],
];

/// For each of three places, whom to ask about: the first of whom the service has heard.
pub(super) fn choose(population: &Population) -> Vec<Vec<Chosen>> {
    let mut taken = BTreeSet::new();
    RULES
        .iter()
        .map(|rules| {
            let mut place = Vec::new();
            for rule in *rules {
                place.extend(best(population, *rule, &taken));
            }
            taken.extend(place.iter().map(|chosen: &Chosen| chosen.person));
            place
        })
        .collect()
}

/// Those whom a rule finds most interesting, the lower number first of equals.
fn best(population: &Population, rule: Rule, taken: &BTreeSet<PersonNo>) -> Vec<Chosen> {
    let free = population
        .truth
        .people()
        .filter(|(number, _)| !taken.contains(number));
    let found = free.filter_map(|(number, person)| {
        let (rank, why) = rule(population, person)?;
        Some((Reverse(rank), number, why, person))
    });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(rank, number, _, _)| (*rank, *number));
    found.truncate(TRIED);
    let chosen = found.into_iter().map(|(_, person, why, known)| Chosen {
        person,
        why,
        names: known.records.iter().filter_map(name).collect(),
    });
    chosen.collect()
}

/// How a record is named in a question; those that a question cannot name have none.
fn name(record: &RecordId) -> Option<String> {
    match record.kind {
        RecordKind::TrsPerson => Some(record.key.to_string()),
        RecordKind::RegisterTrainee => Some(format!("register-trainee:{}", record.key)),
        RecordKind::ApplyChoice => Some(format!("apply-choice:{}", record.key)),
        RecordKind::ApplyCandidate => Some(format!("apply-candidate:{}", record.key)),
        RecordKind::ApplyRecruit
        | RecordKind::TvJobApplication
        | RecordKind::TvVacancy
        | RecordKind::TvPosting => None,
    }
}

fn withdrawal_learnt_late(population: &Population, person: &Person) -> Option<(i32, String)> {
    let traineeship = person.life.traineeships.first()?;
    let (on, _) = traineeship.withdrew?;
    let told = told_on(population, person, |said| said == Said::Withdrawn)?;
    let late = days(on, told);
    let is_seen = within(population, on) && within(population, told) && late > 0;
    (is_seen && is_covered(population, traineeship)).then(|| {
        (
            late,
            format!("withdrew on {on}; Register told it {late} days later"),
        )
    })
}

fn registered_late(population: &Population, person: &Person) -> Option<(i32, String)> {
    let traineeship = person.life.traineeships.first()?;
    let on = traineeship.started_on;
    let told = told_on(population, person, |_| true)?;
    let late = days(on, told);
    let is_seen = within(population, on) && within(population, told) && late > 0;
    (is_seen && is_covered(population, traineeship)).then(|| {
        let why = format!("started on {on}; Register had the trainee {late} days later");
        (late, why)
    })
}

fn deferred_and_back(population: &Population, person: &Person) -> Option<(i32, String)> {
    let traineeship = person.life.traineeships.first()?;
    let (away, back) = (traineeship.deferred_on?, traineeship.returned_on?);
    let is_seen = within(population, away) && within(population, back);
    (is_seen && is_covered(population, traineeship)).then(|| {
        (
            days(away, back),
            format!("deferred on {away}, came back on {back}"),
        )
    })
}

fn merged(population: &Population, person: &Person) -> Option<(i32, String)> {
    let merged = person.life.merged?;
    let why = format!("had two TRNs, which were made one on {}", merged.on);
    within(population, merged.on).then_some((0, why))
}

fn deferred(population: &Population, person: &Person) -> Option<(i32, String)> {
    let on = person.life.traineeships.first()?.deferred_on?;
    within(population, on).then(|| (0, format!("deferred on {on}")))
}

fn no_show(population: &Population, person: &Person) -> Option<(i32, String)> {
    let on = person.life.no_show_on?;
    within(population, on).then(|| (0, format!("was to start on {on}, and did not come")))
}

fn gave_back(population: &Population, person: &Person) -> Option<(i32, String)> {
    let is_trainee = person.life.place().is_some() && person.life.traineeships.is_empty();
    let (on, _) = *person.life.place()?.steps.last()?;
    (is_trainee && within(population, on)).then(|| (0, format!("gave the place back on {on}")))
}

fn ordinary(population: &Population, person: &Person) -> Option<(i32, String)> {
    let on = person.life.traineeships.first()?.started_on;
    within(population, on).then(|| (0, format!("an ordinary year: started on {on}")))
}

/// The day on which Register first told something like that.
fn told_on(population: &Population, person: &Person, is: impl Fn(Said) -> bool) -> Option<Date> {
    let trainee = |record: &&RecordId| record.kind == RecordKind::RegisterTrainee;
    let record = person.records.iter().find(trainee)?;
    let sayings = population.truth.sayings(record).iter();
    let told = sayings.filter(|saying| is(saying.said)).map(|saying| saying.from);
    told.min().map(london_date)
}

/// Whether the provider gave us its token.
fn is_covered(population: &Population, traineeship: &Traineeship) -> bool {
    let mut providers = population.providers.iter();
    providers.any(|one| one.number == traineeship.provider && one.token == Token::Given)
}

fn within(population: &Population, on: Date) -> bool {
    let window = population.plan.window;
    window.from <= on && on < window.to
}

fn days(from: Date, to: Date) -> i32 {
    to.since(from).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_places_are_filled_by_different_people_whoever_lives() {
        for (seed, size) in [(1, 40), (2, 40), (3, 300)] {
            let population = Population::of(seed, size);
            let places = choose(&population);
            assert_eq!(places.len(), SHOWN);
            let firsts: BTreeSet<PersonNo> = places.iter().map(|place| place[0].person).collect();
            assert_eq!(firsts.len(), SHOWN, "seed {seed}: {places:?}");
            assert!(places.iter().flatten().all(|chosen| !chosen.names.is_empty()));
        }
    }

    #[test]
    fn of_many_people_those_asked_for_first_are_found() {
        let places = choose(&Population::of(1, 2_000));
        let whys: Vec<&str> = places.iter().map(|place| place[0].why.as_str()).collect();
        assert!(whys[0].starts_with("withdrew on"), "{whys:?}");
        assert!(whys[1].starts_with("deferred on"), "{whys:?}");
        assert!(whys[2].ends_with("did not come"), "{whys:?}");
    }
}
