//! What each source comes to hold of a life, and what its records thereby tell: the world for the doubles, and the
//! sayings for the truth, made of the same entries so that they cannot differ.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;
use ltr_upstreams::world::{Text, World, apply, register};
use uuid::Uuid;

use crate::dice::Dice;
use crate::life::Life;
use crate::provider::{ProviderKind, ProviderNo};
use crate::truth::Truth;

mod candidate;
mod job;
mod teacher;
mod trainee;

pub(crate) use job::publish_vacancies;

/// Writes what the sources hold of lives into a world and a truth.
#[derive(Debug)]
pub(crate) struct Scribe<'a> {
    pub(crate) seed: u64,
    pub(crate) world: &'a mut World,
    pub(crate) truth: &'a mut Truth,
    courses: BTreeMap<(ProviderNo, u8, i16), Courses>,
}

/// One course as Apply and as Register know it.
#[derive(Debug, Clone)]
pub(crate) struct Courses {
    apply: Arc<apply::Course>,
    register: Arc<register::Course>,
}

/// Subjects: name, level, Register's code, youngest and oldest age.
const SUBJECTS: [(&str, apply::Level, &str, (u8, u8)); 6] = [
    ("Primary", apply::Level::Primary, "100511", (5, 11)),
    ("Mathematics", apply::Level::Secondary, "100403", (11, 16)),
    ("English", apply::Level::Secondary, "100320", (11, 16)),
    ("Biology", apply::Level::Secondary, "100346", (11, 18)),
    ("History", apply::Level::Secondary, "100302", (11, 18)),
    ("Physics", apply::Level::Secondary, "100425", (11, 18)),
];

impl<'a> Scribe<'a> {
    pub(crate) fn new(seed: u64, world: &'a mut World, truth: &'a mut Truth) -> Self {
        Self {
            seed,
            world,
            truth,
            courses: BTreeMap::new(),
        }
    }

    /// Writes down what every source comes to hold of that life.
    pub(crate) fn write(&mut self, life: &Life) {
        self.candidate(life);
        self.trainees(life);
        self.teacher(life);
        self.jobs(life);
    }

    fn course(&mut self, provider: ProviderNo, course: u8, cycle: i16) -> Courses {
        let seed = self.seed;
        self.courses
            .entry((provider, course, cycle))
            .or_insert_with(|| made_course(seed, provider, course, cycle))
            .clone()
    }
}

fn made_course(seed: u64, number: ProviderNo, course: u8, cycle: i16) -> Courses {
    let provider = number.provider();
    let (name, level, code, ages) = &SUBJECTS[usize::from(course) % SUBJECTS.len()];
    let which = u64::from(number.0) * 1_000 + u64::from(course);
    let mut dice = Dice::of(
        seed,
        "course",
        which + u64::from(cycle.unsigned_abs()) * 1_000_000,
    );
    let is_university = provider.kind == ProviderKind::University;
    let apply = apply::Course {
        uuid: uuid(&mut dice),
        cycle_year: cycle.unsigned_abs(),
        name: Text::from(*name),
        code: Text::from(format!("{}{}", &provider.code[1..], course)),
        level: level.clone(),
        funding_type: apply::FundingType::Fee,
        program_type: if is_university {
            apply::ProgramType::HigherEducation
        } else {
            apply::ProgramType::Scitt
        },
        study_mode: apply::StudyMode::FullTime,
        provider: Arc::new(apply::Provider {
            name: Text::from(provider.name),
            code: Text::from(provider.code),
            kind: if is_university {
                apply::ProviderKind::University
            } else {
                apply::ProviderKind::Scitt
            },
            accredited_by: None,
        }),
    };
    let is_primary = *level == apply::Level::Primary;
    let register = register::Course {
        qualification: Text::from("QTS"),
        level: Text::from("postgrad"),
        education_phase: Text::from(if is_primary { "primary" } else { "secondary" }),
        study_mode: Text::from("01"),
        age_range: Text::from(match ages {
            (5, 11) => "13914",
            (11, 16) => "13918",
            _ => "13919",
        }),
        ages: *ages,
        subjects: vec![Text::from(*code)],
        start_date: Some(date(cycle, 9, 1)),
        training_partner_urn: None,
        training_partner_ukprn: None,
        employing_school_urn: None,
    };
    Courses {
        apply: Arc::new(apply),
        register: Arc::new(register),
    }
}

/// A random uuid (version 4) of that stream.
pub(crate) fn uuid(dice: &mut Dice) -> Uuid {
    let bits = (u128::from(dice.bits()) << 64) | u128::from(dice.bits());
    uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
}
