//! What the Teaching Record System answers about one TRN (U§4). Not found, gone and moved are answers too.

use super::stated::canonical_record;
use super::{InductionStatus, ProfessionalStatusKind, QtlsStatus, RouteStatus, Stated};
use crate::ids::Trn;
use crate::time::CivilDate;

/// How TRS answered when asked for the TRN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// 200: here is the person.
    Found,
    /// 308: merged into another record, whose TRN is given.
    MergedInto(Trn),
    /// 410: deactivated.
    Deactivated,
    /// 404: no such TRN.
    NotFound,
}

canonical_record!(
    /// One TRN in TRS. Sections that were not asked for are unstated and keep what was known before.
    TrsPerson {
        always {
            /// How TRS answered.
            answer: Answer,
        }
        stated {
            /// Qualified teacher status.
            qts: HeldStatus,
            /// Early years teacher status.
            eyts: HeldStatus,
            /// QTLS membership.
            qtls: QtlsStatus,
            /// Induction.
            induction: Induction,
            /// Routes to professional status, by key.
            routes: Vec<Route>,
            /// Alerts, by key.
            alerts: Vec<Alert>,
            /// Mandatory qualifications, by key.
            mandatory_qualifications: Vec<MandatoryQualification>,
        }
    }
);

impl TrsPerson {
    /// An answer and nothing else: no section is stated.
    #[must_use]
    pub fn answered(answer: Answer) -> Self {
        Self {
            answer,
            qts: Stated::Unstated,
            eyts: Stated::Unstated,
            qtls: Stated::Unstated,
            induction: Stated::Unstated,
            routes: Stated::Unstated,
            alerts: Stated::Unstated,
            mandatory_qualifications: Stated::Unstated,
        }
    }
}

/// A professional status held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldStatus {
    /// From when: TRS's own minimum over the routes that hold it. Do not assume it equals a route's date (U§4.4).
    pub holds_from: Stated<CivilDate>,
    /// Names of the types of route it is held by, sorted.
    pub route_types: Vec<String>,
}

/// Induction as TRS states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Induction {
    /// The status.
    pub status: InductionStatus,
    /// When it started.
    pub start_date: Stated<CivilDate>,
    /// When it was completed. May be there although in progress (T32).
    pub completed_date: Stated<CivilDate>,
    /// Names of the reasons for exemption, sorted.
    pub exemption_reasons: Vec<String>,
}

/// One route to professional status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `routeToProfessionalStatusId`, or `#n` after its place among routes of one type where the source gives no id.
    pub key: String,
    /// The type's id.
    pub type_id: Stated<String>,
    /// The type's name.
    pub type_name: Stated<String>,
    /// Which professional status it leads to.
    pub leads_to: Stated<ProfessionalStatusKind>,
    /// Where it stands.
    pub status: RouteStatus,
    /// From when it holds.
    pub holds_from: Stated<CivilDate>,
    /// Start of training.
    pub training_start_date: Stated<CivilDate>,
    /// End of training.
    pub training_end_date: Stated<CivilDate>,
    /// Subjects, by name in the source's order.
    pub subjects: Stated<Vec<String>>,
    /// The training provider's UKPRN as given.
    pub provider_ukprn: Stated<String>,
    /// The training provider's name.
    pub provider_name: Stated<String>,
}

/// One alert. Its details and links are not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// `alertId`, or `#n` after its place among alerts of one type where the source gives no id.
    pub key: String,
    /// The type's id.
    pub type_id: Stated<String>,
    /// The category's id; which categories prohibit is policy.
    pub category_id: Stated<String>,
    /// From when.
    pub start_date: Stated<CivilDate>,
    /// Until when; may lie in the future (T34).
    pub end_date: Stated<CivilDate>,
}

/// One mandatory qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandatoryQualification {
    /// Its id, or `#n` in the source's order where ids repeat or are missing.
    pub key: String,
    /// The specialism.
    pub specialism: Stated<String>,
    /// When it was gained.
    pub end_date: Stated<CivilDate>,
}
