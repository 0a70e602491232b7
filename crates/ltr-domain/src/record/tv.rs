//! What Teaching Vacancies says (U§6). All about a person is self-declared and never checked against TRS.

use jiff::Timestamp;

use super::JobApplicationStatus;
use super::stated::canonical_record;
use crate::time::CivilDate;

canonical_record!(
    /// One job application. A TRN in it is declared: sealed, and never a reason to merge people (T36).
    TvJobApplication {
        always {
            /// Where it stands.
            status: JobApplicationStatus,
        }
        stated {
            /// The vacancy applied for.
            vacancy_id: String,
            /// `NativeJobApplication` or `UploadedJobApplication`.
            application_type: String,
            /// When submitted.
            submitted_at: Timestamp,
            /// When interviews were set, as typed in by hiring staff.
            interviewing_at: Timestamp,
            /// When offered, as typed in by hiring staff.
            offered_at: Timestamp,
            /// When the offer was declined, as typed in by hiring staff.
            declined_at: Timestamp,
            /// `yes`, `no` or `on_track`, as declared.
            qualified_teacher_status: String,
            /// Whether statutory induction is complete, as declared.
            induction_complete: bool,
        }
    }
);

canonical_record!(
    /// One vacancy.
    TvVacancy {
        always {}
        stated {
            /// Job title.
            job_title: String,
            /// URNs of the schools, sorted.
            school_urns: Vec<String>,
            /// Job roles, sorted.
            job_roles: Vec<String>,
            /// Phases, sorted.
            phases: Vec<String>,
            /// Subjects, sorted.
            subjects: Vec<String>,
            /// Working patterns, sorted.
            working_patterns: Vec<String>,
            /// `permanent`, `fixed_term` or `casual`.
            contract_type: String,
            /// Whether it suits an early career teacher.
            ect_suitable: bool,
            /// From when it is shown.
            publish_on: CivilDate,
            /// Until when applications are taken; zone-less London times are normalised (T23).
            expires_at: Timestamp,
            /// Whether applications are taken through the service.
            enable_job_applications: bool,
            /// The optional outcome: `hired_tvs`, `hired_other_free` and so on. Names no person.
            hired_status: String,
        }
    }
);

canonical_record!(
    /// One vacancy as the public list of live ones tells it (U§6.1): less than the extract does, and without its id.
    TvPosting {
        always {}
        stated {
            /// Job title.
            job_title: String,
            /// URN of the school; of what has none the UID of the trust. Nothing tells which of the two it is.
            organisation: String,
            /// The first of the job roles, the only one that is told.
            job_role: String,
            /// Working patterns in the words of schema.org, sorted: `FULL_TIME`, `PART_TIME`.
            employment_types: Vec<String>,
            /// From when it is shown.
            posted_on: CivilDate,
            /// Until when applications are taken.
            valid_through: Timestamp,
            /// Whether applications are taken through the service.
            direct_apply: bool,
        }
    }
);
