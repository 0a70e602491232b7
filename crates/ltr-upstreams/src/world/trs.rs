//! What the Teaching Record System answers about a TRN (U§4).

use std::sync::Arc;

use jiff::civil::Date;
use ltr_domain::ids::Trn;
use uuid::Uuid;

use super::{Extra, Text, words};

pub mod reference;

/// What TRS says when it is asked about a TRN. A TRN without a timeline was never issued.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The person.
    Person(Arc<Person>),
    /// The record was merged into the one of another TRN; the end of a chain decides what is answered (T04).
    MergedInto(Trn),
    /// The record was deactivated.
    Deactivated,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// First name.
    pub first_name: Text,
    /// Middle name; empty if there is none.
    pub middle_name: Text,
    /// Last name.
    pub last_name: Text,
    /// Date of birth.
    pub date_of_birth: Date,
    /// E-mail address.
    pub email: Option<Text>,
    /// Qualified teacher status, as TRS derives it.
    pub qts: Option<Held>,
    /// Early years teacher status, as TRS derives it.
    pub eyts: Option<Held>,
    /// Qualified teacher learning and skills.
    pub qtls_status: QtlsStatus,
    /// Induction, as TRS derives it.
    pub induction: Induction,
    /// Routes to professional statuses.
    pub routes: Vec<Route>,
    /// Mandatory qualifications.
    pub mandatory_qualifications: Vec<MandatoryQualification>,
    /// Alerts. A webhook tells of one that is added, changed or taken out (U§4.6).
    pub alerts: Vec<Alert>,
    /// Earlier names, first, middle and last, without dates.
    pub previous_names: Vec<[Text; 3]>,
    /// Fields that no specification knows (T20).
    pub extra: Extra,
}

/// A status that is held.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Since when.
    pub holds_from: Date,
    /// By which routes.
    pub routes: Vec<Arc<RouteType>>,
}

/// A type of route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteType {
    /// Its id in the reference data.
    pub id: Uuid,
    /// Its name.
    pub name: Text,
    /// The status it leads to.
    pub leads_to: ProfessionalStatus,
}

/// A route of a person.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its id.
    pub id: Uuid,
    /// What kind of route.
    pub route_type: Arc<RouteType>,
    /// Where it stands.
    pub status: RouteStatus,
    /// Since when the status is held by it.
    pub holds_from: Option<Date>,
    /// Start of the training.
    pub training_start_date: Option<Date>,
    /// End of the training.
    pub training_end_date: Option<Date>,
    /// Subjects, each a reference and a name.
    pub subjects: Vec<(Text, Text)>,
    /// Provider: UKPRN and name.
    pub provider: Option<(Text, Text)>,
    /// The reasons for which the route exempts from induction; empty: it does not.
    pub exemption_reasons: Vec<Arc<ExemptionReason>>,
}

/// Induction.
#[derive(Debug, Clone)]
pub struct Induction {
    /// Where it stands.
    pub status: InductionStatus,
    /// When it began.
    pub start_date: Option<Date>,
    /// When it was completed.
    pub completed_date: Option<Date>,
    /// Why they are exempt.
    pub exemption_reasons: Vec<Arc<ExemptionReason>>,
}

/// A reason to be exempt from induction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptionReason {
    /// Its id in the reference data.
    pub id: Uuid,
    /// What it says.
    pub name: Text,
}

/// A mandatory qualification.
#[derive(Debug, Clone)]
pub struct MandatoryQualification {
    /// Its id.
    pub id: Uuid,
    /// The day it was completed.
    pub end_date: Date,
    /// In what.
    pub specialism: Text,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its id.
    pub id: Uuid,
    /// What kind.
    pub alert_type: Arc<AlertType>,
    /// Details in clear words.
    pub details: Option<Text>,
    /// From when.
    pub start_date: Option<Date>,
    /// Until when; may lie ahead (T34).
    pub end_date: Option<Date>,
}

/// A type of alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertType {
    /// Its id in the reference data.
    pub id: Uuid,
    /// Its name.
    pub name: Text,
    /// Id of its category.
    pub category_id: Uuid,
    /// Name of its category.
    pub category_name: Text,
}

words!(
    /// The status that a route leads to.
    ProfessionalStatus {
        QualifiedTeacherStatus = "QualifiedTeacherStatus",
        EarlyYearsTeacherStatus = "EarlyYearsTeacherStatus",
        EarlyYearsProfessionalStatus = "EarlyYearsProfessionalStatus",
        PartialQualifiedTeacherStatus = "PartialQualifiedTeacherStatus",
    }
);

words!(
    /// Where a route stands (U§4.4).
    RouteStatus {
        InTraining = "InTraining",
        Holds = "Holds",
        Deferred = "Deferred",
        DeferredForSkillsTest = "DeferredForSkillsTest",
        Failed = "Failed",
        Withdrawn = "Withdrawn",
        UnderAssessment = "UnderAssessment",
    }
);

words!(
    /// Where induction stands (U§4.4).
    InductionStatus {
        None = "None",
        RequiredToComplete = "RequiredToComplete",
        Exempt = "Exempt",
        InProgress = "InProgress",
        Passed = "Passed",
        Failed = "Failed",
        FailedInWales = "FailedInWales",
    }
);

words!(
    /// Qualified teacher learning and skills.
    QtlsStatus {
        None = "None",
        Active = "Active",
        Expired = "Expired",
    }
);

impl Person {
    /// Somebody to whom TRS has given a TRN and about whom it knows nothing else.
    #[must_use]
    pub fn new(names: [&str; 3], date_of_birth: Date) -> Self {
        let [first_name, middle_name, last_name] = names.map(Text::from);
        Self {
            first_name,
            middle_name,
            last_name,
            date_of_birth,
            email: None,
            qts: None,
            eyts: None,
            qtls_status: QtlsStatus::None,
            induction: Induction::default(),
            routes: Vec::new(),
            mandatory_qualifications: Vec::new(),
            alerts: Vec::new(),
            previous_names: Vec::new(),
            extra: Extra::new(),
        }
    }
}

impl Default for Induction {
    fn default() -> Self {
        Self {
            status: InductionStatus::None,
            start_date: None,
            completed_date: None,
            exemption_reasons: Vec::new(),
        }
    }
}
