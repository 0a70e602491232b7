//! Any state of any kind of record.

use ltr_domain::ids::RecordKind;
use ltr_domain::record::apply::{ApplyCandidate, ApplyChoice, ApplyRecruit, ChosenCourse, Form, Interview};
use ltr_domain::record::register::{Course, Placement, RegisterTrainee, Withdrawal};
use ltr_domain::record::trs::{
    Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route, TrsPerson,
};
use ltr_domain::record::tv::{TvJobApplication, TvPosting, TvVacancy};
use ltr_domain::record::{
    Body, ChoiceStatus, InductionStatus, JobApplicationStatus, ProfessionalStatusKind, QtlsStatus,
    RouteStatus, State, TraineeState,
};

use super::{Any, Source, any_struct};

macro_rules! vocabularies {
    ($($type:ty),*) => {$(
        impl Any for $type {
            fn any(source: &mut Source) -> Self {
                if source.below(4) == 0 {
                    return Self::read(&String::any(source));
                }
                source.pick(&Self::known())
            }
        }
    )*};
}
vocabularies!(
    ChoiceStatus,
    TraineeState,
    RouteStatus,
    InductionStatus,
    QtlsStatus,
    ProfessionalStatusKind,
    JobApplicationStatus
);

impl Any for Answer {
    fn any(source: &mut Source) -> Self {
        match source.below(4) {
            0 => Self::Found,
            1 => Self::MergedInto(Any::any(source)),
            2 => Self::Deactivated,
            _ => Self::NotFound,
        }
    }
}

any_struct! {
    ApplyCandidate { created_at, forms }
    Form { id, cycle_year, submitted_at, status }
    ApplyChoice {
        candidate, form, status, cycle_year, created_at, sent_to_provider_at, accepted_at, provider_name, course,
        interviews,
    }
    ChosenCourse { uuid, name, level, funding_type, program_type }
    Interview { id, at, cancelled_at }
    ApplyRecruit {
        status, candidate, submitted_at, recruited_at, cycle_year, course_uuid, course_code, training_provider_code,
        training_provider_type, accredited_provider_code, study_mode,
    }
    RegisterTrainee {
        state, application_id, trn, ukprn, record_source, submitted_for_trn_at, itt_start_date, itt_end_date,
        trainee_start_date, defer_date, reinstate_date, recommended_for_award_at, outcome_date, awarded_at,
        withdrawal, course, placements,
    }
    Withdrawal { date, trigger, reasons, future_interest }
    Course {
        training_route, qualification, level, education_phase, study_mode, age_range, subjects, course_start_date,
        training_partner_urn, training_partner_ukprn, employing_school_urn,
    }
    Placement { id, urn, name }
    TrsPerson { answer, qts, eyts, qtls, induction, routes, alerts, mandatory_qualifications }
    HeldStatus { holds_from, route_types }
    Induction { status, start_date, completed_date, exemption_reasons }
    Route {
        key, type_id, type_name, leads_to, status, holds_from, training_start_date, training_end_date, subjects,
        provider_ukprn, provider_name,
    }
    Alert { key, type_id, category_id, start_date, end_date }
    MandatoryQualification { key, specialism, end_date }
    TvJobApplication {
        status, vacancy_id, application_type, submitted_at, interviewing_at, offered_at, declined_at,
        qualified_teacher_status, induction_complete,
    }
    TvVacancy {
        job_title, school_urns, job_roles, phases, subjects, working_patterns, contract_type, ect_suitable,
        publish_on, expires_at, enable_job_applications, hired_status,
    }
    TvPosting {
        job_title, organisation, job_role, employment_types, posted_on, valid_through, direct_apply,
    }
    State { body, digests, vanished }
}

/// Any body of that kind.
fn body_of(kind: RecordKind, source: &mut Source) -> Body {
    match kind {
        RecordKind::ApplyCandidate => Body::ApplyCandidate(Any::any(source)),
        RecordKind::ApplyChoice => Body::ApplyChoice(Any::any(source)),
        RecordKind::ApplyRecruit => Body::ApplyRecruit(Any::any(source)),
        RecordKind::RegisterTrainee => Body::RegisterTrainee(Box::new(Any::any(source))),
        RecordKind::TrsPerson => Body::TrsPerson(Box::new(Any::any(source))),
        RecordKind::TvJobApplication => Body::TvJobApplication(Any::any(source)),
        RecordKind::TvVacancy => Body::TvVacancy(Any::any(source)),
        RecordKind::TvPosting => Body::TvPosting(Any::any(source)),
    }
}

impl Any for Body {
    fn any(source: &mut Source) -> Self {
        let kind = RecordKind::any(source);
        body_of(kind, source)
    }
}
