//! The part of TRS's reference data that lives make use of, with the ids that the service has for it.

use std::sync::Arc;

use uuid::{Uuid, uuid};

use super::{AlertType, ExemptionReason, ProfessionalStatus, RouteType};

/// A route that people take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownRoute {
    /// A postgraduate course led by a provider.
    ProviderLedPostgrad,
    /// An undergraduate course led by a provider.
    ProviderLedUndergrad,
    /// Fee-funded training led by a school.
    SchoolDirect,
    /// Salaried training led by a school.
    SchoolDirectSalaried,
    /// Postgraduate apprenticeship.
    PostgraduateApprenticeship,
    /// Undergraduate apprenticeship.
    DegreeApprenticeship,
    /// Assessment without training.
    AssessmentOnly,
    /// The high potential programme.
    HighPotential,
    /// International qualified teacher status.
    International,
    /// Qualified teacher learning and skills, while a member of the society.
    Qtls,
    /// Recognition of overseas status on application.
    ApplyForQts,
    /// Welsh recognition.
    WelshRecognition,
    /// Early years training for graduates.
    EarlyYearsGraduateEntry,
    /// Early years professional status, which has no date.
    EarlyYearsProfessional,
}

impl KnownRoute {
    /// The type of route in TRS.
    #[must_use]
    pub fn route_type(self) -> Arc<RouteType> {
        use ProfessionalStatus::{EarlyYearsProfessionalStatus as Eyps, EarlyYearsTeacherStatus as Eyts};
        let qts = ProfessionalStatus::QualifiedTeacherStatus;
        let (id, name, leads_to) = match self {
            Self::ProviderLedPostgrad => (
                uuid!("97497716-5ac5-49aa-a444-27fa3e2c152a"),
                "Provider led Postgrad",
                qts,
            ),
            Self::ProviderLedUndergrad => (
                uuid!("53a7fbda-25fd-4482-9881-5cf65053888d"),
                "Provider led Undergrad",
                qts,
            ),
            Self::SchoolDirect => (
                uuid!("d9490e58-acdc-4a38-b13e-5a5c21417737"),
                "School Direct Training Programme",
                qts,
            ),
            Self::SchoolDirectSalaried => (
                uuid!("12a742c3-1cd4-43b7-a2fa-1000bd4cc373"),
                "School Direct Training Programme Salaried",
                qts,
            ),
            Self::PostgraduateApprenticeship => (
                uuid!("6987240e-966e-485f-b300-23b54937fb3a"),
                "Postgraduate Teaching Apprenticeship",
                qts,
            ),
            Self::DegreeApprenticeship => (
                uuid!("5d4c01c1-0841-4306-b49c-48ad6499fdc0"),
                "Teacher Degree Apprenticeship",
                qts,
            ),
            Self::AssessmentOnly => (
                uuid!("57b86cef-98e2-4962-a74a-d47c7a34b838"),
                "Assessment Only",
                qts,
            ),
            Self::HighPotential => (
                uuid!("bfef20b2-5ac4-486d-9493-e5a4538e1be9"),
                "High Potential ITT",
                qts,
            ),
            Self::International => (
                uuid!("d0b60864-ab1c-4d49-a5c2-ff4bd9872ee1"),
                "International Qualified Teacher Status",
                qts,
            ),
            Self::Qtls => (
                uuid!("be6eaf8c-92dd-4eff-aad3-1c89c4bec18c"),
                "QTLS and SET Membership",
                qts,
            ),
            Self::ApplyForQts => (
                uuid!("6f27bdeb-d00a-4ef9-b0ea-26498ce64713"),
                "Apply for Qualified Teacher Status in England",
                qts,
            ),
            Self::WelshRecognition => (
                uuid!("877ba701-fe26-4951-9f15-171f3755d50d"),
                "Welsh Recognition",
                qts,
            ),
            Self::EarlyYearsGraduateEntry => (
                uuid!("dbc4125b-9235-41e4-abd2-baabbf63f829"),
                "Early Years ITT Graduate Entry",
                Eyts,
            ),
            Self::EarlyYearsProfessional => (uuid!("8f5c0431-d006-4eda-9336-16dfc6a26a78"), "EYPS", Eyps),
        };
        Arc::new(RouteType {
            id,
            name: name.into(),
            leads_to,
        })
    }
}

/// A reason to be exempt from induction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownExemption {
    /// Qualified before induction was introduced.
    QualifiedBefore2000,
    /// Passed in Wales (T45).
    PassedInWales,
    /// Holds QTLS and is a member of the society.
    Qtls,
    /// Trained overseas.
    OverseasTrained,
}

impl KnownExemption {
    /// The reason in TRS.
    #[must_use]
    pub fn reason(self) -> Arc<ExemptionReason> {
        let (id, name) = match self {
            Self::QualifiedBefore2000 => (
                uuid!("5a80cee8-98a8-426b-8422-b0e81cb49b36"),
                "They qualified before 07 May 2000",
            ),
            Self::PassedInWales => (
                uuid!("39550fa9-3147-489d-b808-4feea7f7f979"),
                "They passed induction in Wales",
            ),
            Self::Qtls => (
                uuid!("35caa6a3-49f2-4a63-bd5a-2ba5fa9dc5db"),
                "Exempt through QTLS status provided they maintain membership of The Society of Education and Training",
            ),
            Self::OverseasTrained => (
                uuid!("4c97e211-10d2-4c63-8da9-b0fcebe7f2f9"),
                "Overseas Trained Teacher",
            ),
        };
        Arc::new(ExemptionReason {
            id,
            name: name.into(),
        })
    }
}

/// A type of alert that the API shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownAlert {
    /// Prohibited from teaching for misconduct.
    ProhibitedForMisconduct,
    /// Prohibited until a decision.
    InterimProhibition,
    /// A decision not to prohibit.
    NoProhibition,
    /// Failed induction.
    FailedInduction,
    /// Barred from managing a school.
    Section128,
}

impl KnownAlert {
    /// The type of alert in TRS.
    #[must_use]
    pub fn alert_type(self) -> Arc<AlertType> {
        const PROHIBITION: (Uuid, &str) = (
            uuid!("b2b19019-b165-47a3-8745-3297ff152581"),
            "Prohibition from teaching",
        );
        let (id, name, (category_id, category_name)) = match self {
            Self::ProhibitedForMisconduct => (
                uuid!("ed0cd700-3fb2-4db0-9403-ba57126090ed"),
                "Prohibition by the Secretary of State - misconduct",
                PROHIBITION,
            ),
            Self::InterimProhibition => (
                uuid!("a414283f-7d5b-4587-83bf-f6da8c05b8d5"),
                "Interim prohibition by the Secretary of State",
                PROHIBITION,
            ),
            Self::NoProhibition => (
                uuid!("7924fe90-483c-49f8-84fc-674feddba848"),
                "Secretary of State decision - no prohibition",
                (
                    uuid!("227b75e5-bb98-496c-8860-1baea37aa5c6"),
                    "TRA Decision (SoS)",
                ),
            ),
            Self::FailedInduction => (
                uuid!("9fafaa80-f9f8-44a0-b7b3-cffedcbe0298"),
                "Failed induction",
                (uuid!("0ae0707b-1503-477d-bc0f-1505ed95dbdf"), "Failed induction"),
            ),
            Self::Section128 => (
                uuid!("241eeb78-fac7-4c77-8059-c12e93dc2fae"),
                "Section 128 barring direction",
                (uuid!("38df5a00-94ab-486f-8905-d5b2eac04000"), "Section 128 (SoS)"),
            ),
        };
        Arc::new(AlertType {
            id,
            name: name.into(),
            category_id,
            category_name: category_name.into(),
        })
    }
}
