//! Forms of what Register says.

use ltr_domain::record::register::{Course, Placement, RegisterTrainee, Withdrawal};

use super::stated::{wired_list, wired_message};

wired_message!(RegisterTrainee as RegisterTrainee {
    always { state = 2 }
    stated {
        application_id = 3,
        trn = 4,
        ukprn = 5,
        record_source = 6,
        submitted_for_trn_at = 7,
        itt_start_date = 8,
        itt_end_date = 9,
        trainee_start_date = 10,
        defer_date = 11,
        reinstate_date = 12,
        recommended_for_award_at = 13,
        outcome_date = 14,
        awarded_at = 15,
        withdrawal = 16,
        course = 17,
        placements = 18,
    }
});

wired_message!(Withdrawal as Withdrawal {
    stated {
        date = 2,
        trigger = 3,
        reasons = 4,
        future_interest = 5,
    }
});

wired_message!(Course as Course {
    stated {
        training_route = 2,
        qualification = 3,
        level = 4,
        education_phase = 5,
        study_mode = 6,
        age_range = 7,
        subjects = 8,
        course_start_date = 9,
        training_partner_urn = 10,
        training_partner_ukprn = 11,
        employing_school_urn = 12,
    }
});

wired_list!(Placement as PlacementList.placements);

wired_message!(Placement as Placement {
    always { id = 2 }
    stated {
        urn = 3,
        name = 4,
    }
});
