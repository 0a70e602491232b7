//! Forms of what Apply says.

use ltr_domain::record::apply::{ApplyCandidate, ApplyChoice, ApplyRecruit, ChosenCourse, Form, Interview};

use super::stated::{wired_list, wired_message};

wired_message!(ApplyCandidate as ApplyCandidate {
    stated {
        created_at = 2,
        forms = 3,
    }
});

wired_list!(Form as ApplicationFormList.forms);

wired_message!(Form as ApplicationForm {
    always { id = 2 }
    stated {
        cycle_year = 3,
        submitted_at = 4,
        status = 5,
    }
});

wired_message!(ApplyChoice as ApplyChoice {
    always { candidate = 2, form = 3, status = 4 }
    stated {
        cycle_year = 5,
        created_at = 6,
        sent_to_provider_at = 7,
        accepted_at = 8,
        provider_name = 9,
        course = 10,
        interviews = 11,
    }
});

wired_message!(ChosenCourse as ChosenCourse {
    stated {
        uuid = 2,
        name = 3,
        level = 4,
        funding_type = 5,
        program_type = 6,
    }
});

wired_list!(Interview as InterviewList.interviews);

wired_message!(Interview as Interview {
    always { id = 2 }
    stated {
        at = 3,
        cancelled_at = 4,
    }
});

wired_message!(ApplyRecruit as ApplyRecruit {
    always { status = 2 }
    stated {
        candidate = 3,
        submitted_at = 4,
        recruited_at = 5,
        cycle_year = 6,
        course_uuid = 7,
        course_code = 8,
        training_provider_code = 9,
        training_provider_type = 10,
        accredited_provider_code = 11,
        study_mode = 12,
    }
});
