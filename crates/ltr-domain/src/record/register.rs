//! What Register says of one traineeship (U§3). One person may have several (T08).

use jiff::Timestamp;

use super::stated::canonical_record;
use super::{Stated, TraineeState};
use crate::ids::{ChoiceId, Trn, Ukprn};
use crate::time::CivilDate;

canonical_record!(
    /// One traineeship, from the v2026.1 API.
    RegisterTrainee {
        always {
            /// Where it stands.
            state: TraineeState,
        }
        stated {
            /// The Apply choice it came from: the only bridge from Apply to a TRN. Often null at universities (U§0.3).
            application_id: ChoiceId,
            /// The TRN, once received.
            trn: Trn,
            /// The accredited provider that holds the record now.
            ukprn: Ukprn,
            /// How the record was made: `manual`, `csv`, `api`, `apply`, `hesa_collection` and so on.
            record_source: String,
            /// When submitted for a TRN.
            submitted_for_trn_at: Timestamp,
            /// Planned start.
            itt_start_date: CivilDate,
            /// Planned end.
            itt_end_date: CivilDate,
            /// Actual start; null means that the start is not confirmed.
            trainee_start_date: CivilDate,
            /// From when deferred. Stays after a reinstatement: the state says whether deferred now (T24).
            defer_date: CivilDate,
            /// From when back after a deferral.
            reinstate_date: CivilDate,
            /// When recommended for award.
            recommended_for_award_at: Timestamp,
            /// When the standards were met.
            outcome_date: CivilDate,
            /// When awarded: the outcome date as an instant, so `outcome_date` is the one to use (T39).
            awarded_at: Timestamp,
            /// The withdrawal in force, if any.
            withdrawal: Withdrawal,
            /// What is studied and how.
            course: Course,
            /// Placements, by ascending id. They have neither dates nor mentors.
            placements: Vec<Placement>,
        }
    }
);

impl RegisterTrainee {
    /// Its withdrawal and course laid over the ones before: inside them, too, absent is no statement (T21). A withdrawal
    /// from another day is another one.
    pub(super) fn parts_over(mut self, previous: &Self) -> Self {
        if let (Stated::Value(new), Some(old)) = (&mut self.withdrawal, previous.withdrawal.value())
            && (new.date == old.date || !new.date.is_stated())
        {
            *new = std::mem::take(new).over(old);
        }
        if let (Stated::Value(new), Some(old)) = (&mut self.course, previous.course.value()) {
            *new = std::mem::take(new).over(old);
        }
        self
    }
}

/// A withdrawal from training (U§3.4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Withdrawal {
    /// From when.
    pub date: Stated<CivilDate>,
    /// `provider` or `trainee`.
    pub trigger: Stated<String>,
    /// Reason codes, sorted; those about safeguarding are replaced by `not_held`.
    pub reasons: Stated<Vec<String>>,
    /// `yes`, `no` or `unknown`.
    pub future_interest: Stated<String>,
}

impl Withdrawal {
    fn over(self, previous: &Self) -> Self {
        Self {
            date: self.date.over(&previous.date),
            trigger: self.trigger.over(&previous.trigger),
            reasons: self.reasons.over(&previous.reasons),
            future_interest: self.future_interest.over(&previous.future_interest),
        }
    }

    /// Whether a reason says that this was not attrition: added in error, or moved to another course (U§3.4, S-F).
    #[must_use]
    pub fn is_not_attrition(&self) -> bool {
        self.has_reason(&[
            "record_added_in_error",
            "moved_to_different_itt_course",
            "transferred_to_another_provider",
        ])
    }

    /// Whether a reason says that the trainee did not pass: where Register hides "failed" (U§0.12).
    #[must_use]
    pub fn is_failed_like(&self) -> bool {
        self.has_reason(&[
            "did_not_make_progress",
            "not_meeting_qts_standards",
            "did_not_pass_assessment",
            "did_not_pass_exams",
        ])
    }

    fn has_reason(&self, any_of: &[&str]) -> bool {
        self.reasons
            .value()
            .is_some_and(|reasons| reasons.iter().any(|reason| any_of.contains(&reason.as_str())))
    }
}

/// What a traineeship studies: HESA codes as Register gives them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// Training route code.
    pub training_route: Stated<String>,
    /// The qualification aimed at, such as `QTS` or `EYTS`.
    pub qualification: Stated<String>,
    /// `postgrad` or `undergrad`.
    pub level: Stated<String>,
    /// `primary`, `secondary`, `early_years`.
    pub education_phase: Stated<String>,
    /// Study mode code.
    pub study_mode: Stated<String>,
    /// Age range code.
    pub age_range: Stated<String>,
    /// Subject codes in order of weight.
    pub subjects: Stated<Vec<String>>,
    /// The course's own start date; a third date beside planned and actual start (T25).
    pub course_start_date: Stated<CivilDate>,
    /// URN of the training partner.
    pub training_partner_urn: Stated<String>,
    /// UKPRN of the training partner.
    pub training_partner_ukprn: Stated<String>,
    /// URN of the employing school.
    pub employing_school_urn: Stated<String>,
}

impl Course {
    fn over(self, previous: &Self) -> Self {
        Self {
            training_route: self.training_route.over(&previous.training_route),
            qualification: self.qualification.over(&previous.qualification),
            level: self.level.over(&previous.level),
            education_phase: self.education_phase.over(&previous.education_phase),
            study_mode: self.study_mode.over(&previous.study_mode),
            age_range: self.age_range.over(&previous.age_range),
            subjects: self.subjects.over(&previous.subjects),
            course_start_date: self.course_start_date.over(&previous.course_start_date),
            training_partner_urn: self.training_partner_urn.over(&previous.training_partner_urn),
            training_partner_ukprn: self.training_partner_ukprn.over(&previous.training_partner_ukprn),
            employing_school_urn: self.employing_school_urn.over(&previous.employing_school_urn),
        }
    }
}

/// A placement of a trainee at a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Register's id of the placement: what makes it the same one in the next row.
    pub id: String,
    /// The school's URN as given; may be a sentinel (T26).
    pub urn: Stated<String>,
    /// The school's name.
    pub name: Stated<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Stated<String> {
        Stated::Value(text.to_owned())
    }

    #[test]
    fn what_a_row_leaves_out_inside_its_course_stays() {
        let old = Course {
            level: said("postgrad"),
            study_mode: said("full_time"),
            ..Course::default()
        };
        let new = Course {
            study_mode: Stated::Null,
            ..Course::default()
        };
        let laid = new.over(&old);
        assert_eq!((laid.level, laid.study_mode), (said("postgrad"), Stated::Null));
    }
}
