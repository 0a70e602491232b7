//! Teaching Vacancies: a season of vacancies, and what people send in answer to them, all of it as they declare it.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use ltr_domain::calendar::days_after;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_upstreams::world::vacancies::{
    Applications, ContractType, DeclaredStatus, EctStatus, JobApplication, JobApplicationKind,
    JobApplicationStatus, Jobseeker, Organisation, Vacancy,
};
use ltr_upstreams::world::{Extra, Text, World};
use uuid::Uuid;

use super::{SUBJECTS, Scribe, uuid};
use crate::dice::Dice;
use crate::instants::{self, Rising};
use crate::life::{Job, Life, LifeKind, VACANCIES};

/// The season runs from the middle of September; the last vacancies come out in July.
const SEASON_DAYS: i32 = 300;
const OPEN_DAYS: i32 = 28;

fn opens(cycle: i16) -> Date {
    date(cycle, 9, 14)
}

fn count() -> i32 {
    i32::try_from(VACANCIES).expect("a few hundred")
}

fn published_on(cycle: i16, number: i32) -> Date {
    days_after(opens(cycle), number * SEASON_DAYS / count())
}

fn id(seed: u64, cycle: i16, number: i32) -> Uuid {
    let place = u64::from(cycle.unsigned_abs()) * 10_000 + u64::from(number.unsigned_abs());
    uuid(&mut Dice::of(seed, "vacancy", place))
}

/// Puts the season's vacancies into the world.
pub(crate) fn publish_vacancies(seed: u64, cycle: i16, world: &mut World) {
    for number in 0..count() {
        let publish_on = published_on(cycle, number);
        let (subject, level, ..) = &SUBJECTS[usize::try_from(number).expect("positive") % SUBJECTS.len()];
        let mut dice = Dice::of(seed, "post", u64::from(number.unsigned_abs()));
        let from = instants::of(publish_on, &mut dice);
        let vacancy = Vacancy {
            job_title: Text::from(format!("Teacher of {subject}")),
            organisations: vec![Organisation {
                name: Text::from(format!("Vacancy School {number}")),
                urn: Some(Text::from(format!("{}", 980_000 + number))),
                uid: None,
                ukprn: None,
            }],
            job_roles: vec![Text::from("teacher")],
            phases: vec![Text::from(level.as_str())],
            subjects: vec![Text::from(*subject)],
            working_patterns: vec![Text::from("full_time")],
            contract_type: ContractType::Permanent,
            ect_status: if dice.below(3) > 0 {
                EctStatus::Suitable
            } else {
                EctStatus::Unsuitable
            },
            publish_on,
            expires_at: days_after(publish_on, OPEN_DAYS).at(12, 0, 0, 0),
            applications: Applications::Here,
            hired_status: None,
            extra: Extra::new(),
        };
        world
            .vacancies
            .vacancies
            .put(id(seed, cycle, number), from, vacancy);
    }
}

/// The vacancy that somebody who applied on a day found open.
fn vacancy_of(job: &Job, cycle: i16) -> i32 {
    let found = i32::try_from(1 + job.vacancy % 20).expect("up to twenty");
    let days = days_after(job.applied_on, -found)
        .since(opens(cycle))
        .map_or(0, |span| span.get_days());
    (days * count() / SEASON_DAYS).clamp(0, count() - 1)
}

impl Scribe<'_> {
    pub(super) fn jobs(&mut self, life: &Life) {
        for (which, job) in life.career.jobs.iter().enumerate() {
            let place = u64::from(life.person.0) * 16 + u64::try_from(which).expect("a few jobs");
            let mut dice = Dice::of(self.seed, "job", place);
            let key = uuid(&mut dice);
            let record = RecordId::new(RecordKind::TvJobApplication, key.to_string());
            self.truth.knows(life.person, record);
            let mut rising = Rising::new();
            let mut application = self.sent(life, job, &mut dice);
            for (on, status) in steps(job) {
                let at = rising.next(instants::of(on, &mut dice));
                take(&mut application, status, at);
                self.world
                    .vacancies
                    .job_applications
                    .put(key, at, application.clone());
            }
        }
    }

    fn sent(&self, life: &Life, job: &Job, dice: &mut Dice) -> JobApplication {
        let identity = &life.identity;
        let is_trainee = life.kind == LifeKind::Trainee;
        let trn_is_known = !is_trainee
            || life
                .traineeships
                .iter()
                .filter_map(|one| one.paperwork.trn_at)
                .any(|at| ltr_domain::time::london_date(at) < job.applied_on);
        let trn = life.person.trn(0);
        let trn = trn.as_str();
        // People type it with or without the stroke of old (T01).
        let typed = match dice.below(8) {
            0 => format!("{}/{}", &trn[..2], &trn[2..]),
            1 => format!(" {trn}"),
            _ => trn.to_owned(),
        };
        JobApplication {
            vacancy: id(self.seed, life.cycle, vacancy_of(job, life.cycle)),
            kind: JobApplicationKind::Native,
            status: JobApplicationStatus::Draft,
            submitted_at: None,
            interviewing_at: None,
            offered_at: None,
            declined_at: None,
            qualified_teacher_status: Some(if is_trainee {
                DeclaredStatus::OnTrack
            } else {
                DeclaredStatus::Yes
            }),
            induction_complete: Some(!is_trainee),
            jobseeker: Some(Jobseeker {
                first_name: Text::from(identity.first_name),
                last_name: Text::from(identity.last_name_on(job.applied_on)),
                email: Text::from(identity.email.as_str()),
                teacher_reference_number: trn_is_known.then(|| Text::from(typed)),
            }),
            extra: Extra::new(),
        }
    }
}

fn steps(job: &Job) -> Vec<(Date, JobApplicationStatus)> {
    let mut steps = vec![(job.applied_on, JobApplicationStatus::Submitted)];
    let mut add = |on: Option<Date>, status| steps.extend(on.map(|on| (on, status)));
    // Interviews are set some days before they are.
    add(
        job.interviewed_on.map(|on| days_after(on, -2)),
        JobApplicationStatus::Interviewing,
    );
    add(job.offered_on, JobApplicationStatus::Offered);
    add(job.declined_on, JobApplicationStatus::Declined);
    let refused = match job.interviewed_on {
        Some(_) => JobApplicationStatus::UnsuccessfulInterview,
        None => JobApplicationStatus::Unsuccessful,
    };
    add(job.refused_on, refused);
    steps
}

fn take(application: &mut JobApplication, status: JobApplicationStatus, at: Timestamp) {
    match &status {
        JobApplicationStatus::Submitted => application.submitted_at = Some(at),
        JobApplicationStatus::Interviewing => {
            application.interviewing_at = Some(at + SignedDuration::from_hours(48));
        }
        JobApplicationStatus::Offered => application.offered_at = Some(at),
        JobApplicationStatus::Declined => application.declined_at = Some(at),
        JobApplicationStatus::Draft
        | JobApplicationStatus::Reviewed
        | JobApplicationStatus::Shortlisted
        | JobApplicationStatus::Unsuccessful
        | JobApplicationStatus::UnsuccessfulInterview
        | JobApplicationStatus::Rejected
        | JobApplicationStatus::Withdrawn
        | JobApplicationStatus::Other(_) => {}
    }
    application.status = status;
}
