//! What is to be put on the log, decided without touching it: every match that holds and is not there yet, and the end of
//! every one that holds no longer. The same log gives the same answer, whoever asks.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::hearing::ProviderName;
use ltr_domain::ids::{RecordId, RecordKind, Ukprn};
use ltr_domain::judgement::{LinkDecision, LinkMatched, MatchVerdict, Pair};

use crate::compare::{Comparison, compare};
use crate::features::Features;
use crate::judge::{Compared, judge};
use crate::known::{Kept, Known, Said, Standing, Values};
use crate::parts::Parts;
use crate::rules::{PROVIDER_SEEN_MIN, VERSION};

/// The messages that are due, in the order of pairs.
pub(crate) fn due(known: &Known) -> Vec<LinkMatched> {
    let parts = Parts::of(known);
    let taken = taken(known);
    let compared = Sides::of(known, &parts, &taken);
    let may_match = |pair: &Pair| !is_decided(known, pair);
    let found = judge(&compared.trainees, &compared.applications, may_match);
    let mut due: BTreeMap<Pair, LinkMatched> = BTreeMap::new();
    for (pair, found) in &found {
        let matched = matched(pair, &found.comparison, found.verdict);
        if last_match(known, pair) != Some(&matched) {
            due.insert(pair.clone(), matched);
        }
    }
    for (pair, ruling) in known.rulings.pairs() {
        if ruling.standing_match().is_none()
            || found.contains_key(pair)
            || is_decided(known, pair)
            || parts.are_one(pair)
        {
            continue;
        }
        let features = (
            compared.features(pair.lesser()),
            compared.features(pair.greater()),
        );
        let comparison = match features {
            (Some(lesser), Some(greater)) => compare(lesser, greater),
            // One of them belongs to somebody else by now; otherwise nobody can tell any more, and it stays.
            _ if pair.records().any(|record| taken.contains(record)) => Comparison::default(),
            _ => continue,
        };
        due.insert(pair.clone(), matched(pair, &comparison, MatchVerdict::Withdrawn));
    }
    due.into_values().collect()
}

fn matched(pair: &Pair, comparison: &Comparison, verdict: MatchVerdict) -> LinkMatched {
    LinkMatched {
        pair: pair.clone(),
        score: comparison.score,
        rule_version: VERSION,
        rules: comparison.rule_names(),
        verdict,
    }
}

fn last_match<'a>(known: &'a Known, pair: &Pair) -> Option<&'a LinkMatched> {
    let (_, matched) = known.rulings.of_pair(pair)?.matched.as_ref()?;
    Some(matched)
}

/// Whether operators have the last word on a pair.
fn is_decided(known: &Known, pair: &Pair) -> bool {
    known
        .rulings
        .of_pair(pair)
        .is_some_and(|ruling| ruling.decided.is_some())
        || known
            .rulings
            .split_between(pair.lesser(), pair.greater())
            .is_some()
}

/// Trainees who name an application and applications that are named, be it that an operator confirmed it.
fn taken(known: &Known) -> BTreeSet<RecordId> {
    let mut taken = BTreeSet::new();
    for (record, kept) in &known.records {
        if let Said::Trainee {
            application: Some(application),
            ..
        } = &kept.said
        {
            taken.insert(record.clone());
            taken.insert(application.clone());
        }
    }
    for (pair, ruling) in known.rulings.pairs() {
        if ruling.is(LinkDecision::Confirm) && is_of_both_sides(pair) {
            taken.extend(pair.records().cloned());
        }
    }
    taken
}

fn is_of_both_sides(pair: &Pair) -> bool {
    pair.lesser().kind == RecordKind::ApplyChoice && pair.greater().kind == RecordKind::RegisterTrainee
}

/// Everybody to be compared.
struct Sides {
    trainees: Vec<Compared>,
    applications: Vec<Compared>,
}

impl Sides {
    fn of(known: &Known, parts: &Parts<'_>, taken: &BTreeSet<RecordId>) -> Self {
        let providers = Providers::of(known);
        let mut sides = Self {
            trainees: Vec::new(),
            applications: Vec::new(),
        };
        let compared = |features: Features| Compared {
            part: parts.part_of(&features.record).clone(),
            features,
        };
        let free = |record: &RecordId| !taken.contains(record);
        for (record, kept) in known.records.iter().filter(|(record, _)| free(record)) {
            sides.trainees.extend(trainee(record, kept).map(compared));
        }
        let applications: BTreeSet<RecordId> = known
            .records
            .keys()
            .filter_map(application_of)
            .filter(free)
            .collect();
        for choice in applications {
            sides
                .applications
                .extend(application(known, &providers, choice).map(compared));
        }
        sides
    }

    fn features(&self, record: &RecordId) -> Option<&Features> {
        let side = match record.kind {
            RecordKind::RegisterTrainee => &self.trainees,
            RecordKind::ApplyChoice => &self.applications,
            RecordKind::ApplyCandidate
            | RecordKind::ApplyRecruit
            | RecordKind::TrsPerson
            | RecordKind::TvJobApplication
            | RecordKind::TvVacancy
            | RecordKind::TvPosting => return None,
        };
        // Both are in the order of records.
        let place = side
            .binary_search_by(|compared| compared.features.record.cmp(record))
            .ok()?;
        side.get(place).map(|compared| &compared.features)
    }
}

/// The application that a record of Apply tells of: a choice, whichever feed tells it.
fn application_of(record: &RecordId) -> Option<RecordId> {
    match record.kind {
        RecordKind::ApplyChoice => Some(record.clone()),
        RecordKind::ApplyRecruit => record.also_named(),
        RecordKind::ApplyCandidate
        | RecordKind::RegisterTrainee
        | RecordKind::TrsPerson
        | RecordKind::TvJobApplication
        | RecordKind::TvVacancy
        | RecordKind::TvPosting => None,
    }
}

fn trainee(record: &RecordId, kept: &Kept) -> Option<Features> {
    let Said::Trainee { provider, year, .. } = &kept.said else {
        return None;
    };
    let mut features = Features::none(record.clone());
    if let Values::Open(values) = &kept.values {
        features.state(values);
    }
    features.providers = provider.iter().copied().collect();
    features.year = *year;
    features.is_comparable().then_some(features)
}

/// An accepted application, with what its account and both feeds say of the person.
fn application(known: &Known, providers: &Providers<'_>, choice: RecordId) -> Option<Features> {
    let recruit = known
        .records
        .get(&RecordId::new(RecordKind::ApplyRecruit, choice.key.clone()));
    let told: Vec<&Kept> = known.records.get(&choice).into_iter().chain(recruit).collect();
    let mut features = Features::none(choice);
    let mut is_accepted = false;
    let mut accounts = BTreeSet::new();
    for kept in &told {
        let Said::Application {
            account,
            provider,
            year,
            standing,
        } = &kept.said
        else {
            continue;
        };
        is_accepted |= *standing == Standing::Accepted;
        accounts.extend(account.iter());
        features.year = year.or(features.year);
        features
            .providers
            .extend(provider.iter().flat_map(|provider| providers.known_as(provider)));
    }
    // What was erased of the application is not taken from the account.
    if !is_accepted || recruit.is_some_and(|recruit| recruit.values == Values::Gone) {
        return None;
    }
    let accounts = accounts
        .into_iter()
        .filter_map(|account| known.records.get(account));
    for kept in accounts.chain(recruit) {
        if let Values::Open(values) = &kept.values {
            features.state(values);
        }
    }
    features.is_comparable().then_some(features)
}

/// Under which UKPRNs people of a provider, as Apply names it, are trainees: learnt from those who name their application.
struct Providers<'a>(BTreeMap<&'a ProviderName, BTreeMap<Ukprn, u32>>);

impl<'a> Providers<'a> {
    fn of(known: &'a Known) -> Self {
        let mut seen: BTreeMap<&ProviderName, BTreeMap<Ukprn, u32>> = BTreeMap::new();
        for kept in known.records.values() {
            let Said::Trainee {
                application: Some(choice),
                provider: Some(ukprn),
                ..
            } = &kept.said
            else {
                continue;
            };
            let recruit = RecordId::new(RecordKind::ApplyRecruit, choice.key.clone());
            for told in [known.records.get(choice), known.records.get(&recruit)]
                .into_iter()
                .flatten()
            {
                if let Said::Application {
                    provider: Some(name), ..
                } = &told.said
                {
                    *seen.entry(name).or_default().entry(*ukprn).or_default() += 1;
                }
            }
        }
        Self(seen)
    }

    /// The UKPRN of at least half of them, if they are enough.
    fn known_as(&self, name: &ProviderName) -> impl Iterator<Item = Ukprn> {
        let seen = self.0.get(name);
        let all: u32 = seen.map_or(0, |seen| seen.values().sum());
        seen.into_iter()
            .flatten()
            .filter(move |(_, count)| **count >= PROVIDER_SEEN_MIN && **count * 2 >= all)
            .map(|(ukprn, _)| *ukprn)
    }
}
