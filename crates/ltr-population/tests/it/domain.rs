//! The domain's own answers to the population: every row read each night, mapped, diffed and folded, and each person
//! answered each day. Links are given by the truth, so what is scored is the fold and the policy, not the matching.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::{Coverage, Hearing, ProviderName, Share, Turnout};
use ltr_domain::ids::{DeliveryId, Feed, RecordId, RecordKind};
use ltr_domain::observation::{Observation, Position};
use ltr_domain::policy::Policy;
use ltr_domain::record::{PersonalDigests, State};
use ltr_domain::teacher::{TeacherRecord, teacher_at};
use ltr_domain::time::{KnownAt, ObservedAt, RecordedAt, TakenAt, london_date, start_of_london_day};
use ltr_population::Population;
use ltr_population::life::LifeKind;
use ltr_population::provider::{ApplicationIds, Token};
use ltr_population::score::{Answered, Bounds, Excuse, Outcome, Score};
use ltr_population::truth::{Served, WrongFact};
use ltr_sources::diff::{Seen, derive};
use ltr_sources::{Mapped, map_row};
use ltr_upstreams::world::trs::Answer;
use ltr_upstreams::world::{Seen as Row, apply, register, trs};
use serde_json::{Value, json};

/// Read at two every night; a TRN only once Register or a list of known ones has told of it.
struct Nightly<'a> {
    population: &'a Population,
}

fn night(day: Date) -> Timestamp {
    start_of_london_day(day) + SignedDuration::from_hours(2)
}

impl Nightly<'_> {
    fn has_token(&self, trainee: &register::Trainee) -> bool {
        let mut of_token = self
            .population
            .providers
            .iter()
            .filter(|one| one.token == Token::Given);
        of_token.any(|one| one.ukprn == trainee.ukprn)
    }

    /// When a TRN is first read.
    fn known_from(&self, record: &RecordId) -> Option<Timestamp> {
        if self
            .population
            .known_trns
            .iter()
            .any(|trn| trn.as_str() == &*record.key)
        {
            return Some(Timestamp::MIN);
        }
        let truth = &self.population.truth;
        let person = truth.by_record(record)?;
        let records = &truth.person(person)?.records;
        let slugs = records
            .iter()
            .filter(|one| one.kind == RecordKind::RegisterTrainee);
        slugs
            .filter_map(|slug| self.population.world.register.get(&*slug.key))
            .flat_map(|timeline| timeline.versions())
            .filter(|version| {
                let trainee = version.value.as_ref();
                trainee.is_some_and(|one| one.trn.is_some() && self.has_token(one))
            })
            .map(|version| version.from)
            .min()
    }

    fn read(&self, record: &RecordId, at: Timestamp) -> Option<Value> {
        let world = &self.population.world;
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "choices come with their candidate, jobs tell no stage"
        )]
        match record.kind {
            RecordKind::ApplyCandidate => {
                let person = self.population.truth.by_record(record)?;
                let seen = world.apply.get(&person.candidate())?.at(at)?;
                Some(candidate(&record.key, seen))
            }
            RecordKind::RegisterTrainee => {
                let seen = world.register.get(&*record.key)?.at(at)?;
                self.has_token(seen.value).then(|| trainee(&record.key, seen))
            }
            RecordKind::TrsPerson => {
                let trn = ltr_domain::ids::Trn::parse(&record.key).ok()?;
                let seen = world.trs.get(&trn)?.at(at)?;
                (self.known_from(record)? <= at).then(|| teacher(&record.key, seen.value))
            }
            _ => None,
        }
    }
}

impl Served for Nightly<'_> {
    fn last_served(&self, record: &RecordId, by: Timestamp) -> Option<Timestamp> {
        let tonight = night(london_date(by - SignedDuration::from_secs(1)));
        if self.read(record, tonight).is_some() {
            return Some(tonight);
        }
        // Who moved to a provider without a token was served until the night before.
        let timeline = self.population.world.register.get(&*record.key)?;
        let past = timeline.versions().iter().rev().map(|one| one.from);
        past.filter(|from| *from <= tonight)
            .filter_map(|from| london_date(from).yesterday().ok())
            .flat_map(|before| [before.tomorrow().unwrap_or(before), before])
            .map(night)
            .filter(|at| *at <= tonight)
            .find(|at| self.read(record, *at).is_some())
    }
}

fn candidate(key: &str, seen: Row<'_, apply::Candidate>) -> Value {
    let forms: Vec<Value> = seen.value.forms.iter().map(form).collect();
    json!({"id": key, "type": "candidate", "attributes": {
        "created_at": seen.created_at.to_string(), "updated_at": seen.updated_at.to_string(), "application_forms": forms,
    }})
}

fn form(form: &apply::Form) -> Value {
    let choices: Vec<Value> = form.choices.iter().map(choice).collect();
    json!({
        "id": form.id.0, "recruitment_cycle_year": form.cycle_year, "updated_at": form.updated_at.to_string(),
        "submitted_at": form.submitted_at.map(|at| at.to_string()), "application_choices": {"data": choices},
        "application_status": form.status().as_str(),
    })
}

fn choice(choice: &apply::Choice) -> Value {
    json!({
        "id": choice.id.0, "status": choice.status.as_str(), "created_at": choice.created_at.to_string(),
        "updated_at": choice.updated_at.to_string(),
        "accepted_at": choice.accepted_at.map(|at| at.to_string()),
        "provider": {"name": &*choice.course.provider.name},
        "course": {"uuid": choice.course.uuid.to_string(), "name": &*choice.course.name},
    })
}

fn trainee(key: &str, seen: Row<'_, register::Trainee>) -> Value {
    let one = seen.value;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let withdrawal = one.withdrawal.as_ref();
    let reasons: Option<Vec<&str>> = withdrawal.map(|it| it.reasons.iter().map(|text| &**text).collect());
    json!({
        "trainee_id": key, "updated_at": seen.updated_at.to_string(), "state": one.state.as_str(),
        "application_id": one.application_id.map(|choice| choice.0), "trn": one.trn.map(|trn| trn.to_string()),
        "ukprn": one.ukprn.to_string(), "itt_start_date": day(one.itt_start_date),
        "itt_end_date": day(one.itt_end_date), "trainee_start_date": day(one.trainee_start_date),
        "defer_date": day(one.defer_date), "reinstate_date": day(one.reinstate_date),
        "withdrawal_date": day(withdrawal.map(|it| it.date)), "withdrawal_reasons": reasons,
        "submitted_for_trn_at": one.submitted_for_trn_at.map(|at| at.to_string()),
        "recommended_for_award_at": one.recommended_for_award_at.map(|at| at.to_string()),
        "outcome_date": day(one.outcome_date), "awarded_at": one.awarded_at.map(|at| at.to_string()),
    })
}

fn teacher(trn: &str, answer: &Answer) -> Value {
    let (status, location, body) = match answer {
        Answer::MergedInto(into) => (308, Some(format!("/v3/persons/{into}")), Value::Null),
        Answer::Deactivated => (410, None, Value::Null),
        Answer::Person(person) => (200, None, body(trn, person)),
    };
    let http = match location {
        Some(location) => json!({"status": status, "headers": {"Location": location}}),
        None => json!({"status": status}),
    };
    json!({"_http": http, "requested_trn": trn, "body": body})
}

fn body(trn: &str, person: &trs::Person) -> Value {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let routes: Vec<Value> = person
        .routes
        .iter()
        .map(|route| {
            json!({
                "routeToProfessionalStatusId": route.id.to_string(), "status": route.status.as_str(),
                "routeToProfessionalStatusType": {
                    "name": &*route.route_type.name, "professionalStatusType": route.route_type.leads_to.as_str(),
                },
                "holdsFrom": day(route.holds_from), "trainingStartDate": day(route.training_start_date),
                "trainingEndDate": day(route.training_end_date),
            })
        })
        .collect();
    let qts = person
        .qts
        .as_ref()
        .map(|held| json!({"holdsFrom": held.holds_from.to_string(), "routes": []}));
    json!({
        "trn": trn, "qts": qts, "eyts": null, "qtlsStatus": person.qtls_status.as_str(),
        "induction": {
            "status": person.induction.status.as_str(), "startDate": day(person.induction.start_date),
            "completedDate": day(person.induction.completed_date), "exemptionReasons": [],
        },
        "routesToProfessionalStatuses": routes, "alerts": [],
    })
}

/// What was heard of Register by a day on which every provider with a token was swept.
fn heard(population: &Population) -> impl Fn(Date) -> Hearing {
    let mut base = Hearing::nothing(population.plan.window.from);
    let covered: Vec<_> = population
        .providers
        .iter()
        .filter(|one| one.token == Token::Given)
        .collect();
    for one in &covered {
        let name = ProviderName::Name(one.name.clone());
        base.providers.insert(name.clone(), BTreeSet::from([one.ukprn]));
        let recognised = if one.application_ids == ApplicationIds::Stated {
            40
        } else {
            0
        };
        for year in 2025..=2026 {
            let share = Share {
                trainees: 40,
                recognised,
            };
            base.shares.insert((one.ukprn, year), share);
            let turnout = Turnout {
                recruits: 40,
                turned_up: recognised,
            };
            base.turnouts.insert((name.clone(), year), turnout);
        }
    }
    let swept: Vec<String> = covered.iter().map(|one| one.ukprn.to_string()).collect();
    move |day| {
        let mut hearing = Hearing {
            known_on: day,
            ..base.clone()
        };
        for provider in &swept {
            for year in [2025, 2026] {
                let coverage = Coverage {
                    provider: Some(provider.clone()),
                    year: Some(year),
                };
                hearing.sweep(coverage, night(day));
            }
        }
        hearing
    }
}

/// One record as it is read: what was last read of it, and what is folded.
#[derive(Default)]
struct Read {
    row: Option<Value>,
    folds: BTreeMap<RecordId, (State, RecordFold)>,
}

impl Read {
    /// Takes what was read tonight; whether it said anything new.
    fn take(&mut self, feed: Feed, row: Value, on: Date) -> bool {
        if self.row.as_ref() == Some(&row) {
            return false;
        }
        let mapped = map_row(feed, &row).expect("every row can be mapped");
        for one in &mapped.records {
            self.fold(one, on);
        }
        self.row = Some(row);
        true
    }

    fn fold(&mut self, mapped: &Mapped, on: Date) {
        let before = self.folds.get(&mapped.record).map(|(state, _)| state);
        let state = State {
            body: match before {
                Some(before) => mapped.body.clone().over(&before.body),
                None => mapped.body.clone(),
            },
            digests: PersonalDigests::default(),
            vanished: false,
        };
        let seen = Seen {
            observed_on: on,
            source_updated_on: mapped.source_updated_at.map(london_date),
        };
        let events = derive(before, &state, &seen);
        if events.is_empty() {
            return;
        }
        let at = night(on);
        let observation = Observation {
            record: mapped.record.clone(),
            delivery: DeliveryId(uuid::Uuid::nil()),
            taken_at: TakenAt(at),
            observed_at: ObservedAt(at),
            recorded_at: RecordedAt(at),
            source_updated_at: mapped.source_updated_at,
            mapping_version: 1,
            previous: None,
            state: state.clone(),
            events,
            evidence: None,
        };
        let known_at = KnownAt::after(None, RecordedAt(at));
        let sequence = u64::try_from(at.as_second()).expect("after 1970");
        let position = Position { sequence, known_at };
        let fold = match self.folds.remove(&mapped.record) {
            Some((_, mut fold)) => {
                fold.apply(&observation, position);
                fold
            }
            None => RecordFold::begin(&observation, position),
        };
        self.folds.insert(mapped.record.clone(), (state, fold));
    }
}

fn feed(kind: RecordKind) -> Option<Feed> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "no other record tells a stage by itself"
    )]
    match kind {
        RecordKind::ApplyCandidate => Some(Feed::ApplyCandidates),
        RecordKind::RegisterTrainee => Some(Feed::RegisterTrainees),
        RecordKind::TrsPerson => Some(Feed::TrsPersons),
        _ => None,
    }
}

fn answers(population: &Population) -> Vec<Answered> {
    let nightly = Nightly { population };
    let policy = Policy::first();
    let heard = heard(population);
    let hearings: Vec<(Date, Hearing)> = population
        .plan
        .window
        .days()
        .map(|day| (day, heard(day)))
        .collect();
    let swapped: BTreeSet<_> = population
        .truth
        .wrongs()
        .iter()
        .filter(|wrong| wrong.fact == WrongFact::Trn)
        .map(|wrong| wrong.person)
        .collect();
    let mut answers = Vec::new();
    for (person, known) in population
        .truth
        .people()
        .filter(|(person, _)| !swapped.contains(person))
    {
        let mut reads: BTreeMap<&RecordId, Read> = BTreeMap::new();
        let mut last: Option<TeacherRecord> = None;
        for (day, hearing) in &hearings {
            let mut is_news = false;
            for record in &known.records {
                let Some(feed) = feed(record.kind) else { continue };
                if let Some(row) = nightly.read(record, night(*day)) {
                    is_news |= reads.entry(record).or_default().take(feed, row, *day);
                }
            }
            let is_valid = last.as_ref().is_some_and(|one| {
                one.review_on.is_none_or(|on| *day < on) && !one.headline.stage.rests_on_silence()
            });
            if is_news || !is_valid {
                let folds: Vec<&RecordFold> = reads
                    .values()
                    .flat_map(|read| read.folds.values().map(|(_, fold)| fold))
                    .collect();
                last = Some(teacher_at(&folds, &policy, hearing, *day));
            }
            let answer = last.as_ref().map(|one| Answered::by(one, person));
            answers.extend(answer.map(|answer| Answered { on: *day, ..answer }));
        }
    }
    answers
}

/// Read every night, the fold and the policy keep what is asked: nothing confirmed that no source said, little wrong,
/// and confirmed where the settling source has delivered.
#[test]
fn the_fold_of_what_sources_tell_keeps_the_bounds() {
    let population = Population::of(17, 300);
    let served = Nightly {
        population: &population,
    };
    let score = Score::of(&population.truth, &served, answers(&population));
    let total = score.total();
    let unexcused: Vec<_> = score
        .wrong_confirmed
        .iter()
        .filter(|one| one.excuse.is_none())
        .collect();
    assert_eq!(Bounds::ASKED.check(&score), [], "{unexcused:#?}\n{total:?}");
    assert!(total.excused_by(Excuse::SourceLate) > 0);
    assert!(total.with_outcome(Outcome::Right) * 10 > total.person_days() * 7);
    let kinds: BTreeSet<LifeKind> = population
        .truth
        .people()
        .map(|(_, known)| known.life.kind)
        .collect();
    assert_eq!(kinds.len(), 7);
}
