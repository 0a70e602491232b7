//! Forms of what Teaching Vacancies says.

use ltr_domain::record::tv::{TvJobApplication, TvPosting, TvVacancy};

use super::stated::wired_message;

wired_message!(TvJobApplication as TvJobApplication {
    always { status = 2 }
    stated {
        vacancy_id = 3,
        application_type = 4,
        submitted_at = 5,
        interviewing_at = 6,
        offered_at = 7,
        declined_at = 8,
        qualified_teacher_status = 9,
        induction_complete = 10,
    }
});

wired_message!(TvVacancy as TvVacancy {
    stated {
        job_title = 2,
        school_urns = 3,
        job_roles = 4,
        phases = 5,
        subjects = 6,
        working_patterns = 7,
        contract_type = 8,
        ect_suitable = 9,
        publish_on = 10,
        expires_at = 11,
        enable_job_applications = 12,
        hired_status = 13,
    }
});

wired_message!(TvPosting as TvPosting {
    stated {
        job_title = 2,
        organisation = 3,
        job_role = 4,
        employment_types = 5,
        posted_on = 6,
        valid_through = 7,
        direct_apply = 8,
    }
});
