//! How often things happen in these lives, in one table. Each row says of whom it is a share and how it is counted, and
//! a test counts a large population by it.

use crate::life::Life;

mod counted;

use counted as by;

/// How often one thing happens.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// What happens.
    pub name: &'static str,
    /// To whom.
    pub of: &'static str,
    /// How often, of a hundred thousand.
    pub per_100_000: u32,
    /// Where the number is from; `assumed` where nobody says.
    pub from: &'static str,
    /// Whether it happened in a life; `None` for a life to which it cannot.
    pub counted: fn(&Life) -> Option<bool>,
}

macro_rules! table {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $of:literal, $share:literal, $from:literal, $counted:expr;)*) => {
        $(
            $(#[$doc])*
            pub const $name: Rate =
                Rate { name: $text, of: $of, per_100_000: $share, from: $from, counted: $counted };
        )*

        /// The whole table.
        pub const ALL: &[&Rate] = &[$(&$name),*];
    };
}

table! {
    /// Trained at a university rather than at a SCITT.
    UNIVERSITY = "trains at a university", "trainees", 45_000,
        "U§12: 60 of 166 providers, larger ones; share assumed", by::university;
    /// An offer accepted with conditions.
    CONDITIONAL = "accepts with conditions open", "trainees", 85_000, "assumed (U§2.4)", by::conditional;
    /// Conditions failed.
    CONDITIONS_FAILED = "conditions not met", "trainees who accepted with conditions", 1_200, "assumed", by::conditions_failed;
    /// Recruited while subject knowledge enhancement is pending.
    SKE = "recruited with SKE pending", "SCITT trainees with conditions who keep the place", 10_000, "U§0.5; share assumed", by::ske;
    /// A place given back.
    WITHDREW_PLACE = "withdraws before the start", "trainees whose conditions were met", 3_500, "S001 inevitably some; assumed", by::withdrew_place;
    /// An offer deferred.
    DEFERRED_OFFER = "offer deferred to the next cycle", "those who keep the place", 3_000, "U§10; assumed", by::deferred_offer;
    /// Never came.
    NO_SHOW = "does not come", "recruited with a start this cycle", 2_500, "S001 inevitably some; assumed", by::no_show;
    /// A start in January.
    JANUARY = "starts in January", "trainees who start", 2_500, "U§3.8 some January; assumed", by::january;
    /// Registered although the start is ahead.
    REGISTERED_AHEAD = "registered before Christmas", "January starters", 60_000, "assumed (U§3.3 course not yet started)", by::registered_ahead;
    /// Withdrawal from training.
    WITHDREW = "withdraws from training", "trainees who start", 10_000, "S000, U§12: about 10 %", by::withdrew;
    /// Not passed.
    NOT_PASSED = "did not pass", "withdrawals", 12_000, "U§0.12; assumed", by::not_passed;
    /// Another course.
    MOVED_COURSE = "moved to another course", "withdrawals that are not failures", 7_000, "U§3.4; assumed", by::moved_course;
    /// Gone before registration.
    NEVER_REGISTERED = "is never registered", "withdrawals within three weeks", 30_000, "S001 started and left; assumed", by::never_registered;
    /// Deferral.
    DEFERRED = "defers", "trainees who start and stay", 3_500, "U§3.3; assumed", by::deferred;
    /// Return in the same year.
    RETURNED_SOON = "returns within the year", "deferrals of the cohort", 50_000, "assumed", by::returned_soon;
    /// Provider.
    MOVED_PROVIDER = "moves to another provider", "trainees who stay without a break", 800, "U§3.1; assumed", by::moved_provider;
    /// Later.
    EXTENDED = "finishes after the year", "autumn trainees who stay without a break", 7_000, "U§10 extensions, resits, part-time; assumed", by::extended;
    /// Award taken back.
    REVOKED = "award taken back", "awarded in the cohort", 150, "U§0.11; assumed", by::revoked;
    /// Withdrawal in error.
    WITHDRAWN_IN_ERROR = "withdrawal recorded in error, and undone", "autumn trainees who stay without a break", 400, "U§0.11; assumed", by::withdrawn_in_error;
    /// Wrong date.
    WRONG_START = "start date entered a year too late, and corrected", "the others of them", 300, "T25; assumed", by::wrong_start;
    /// Swap.
    SWAPPED = "TRNs of two trainees swapped, and put right", "pairs of trainees", 200, "T07; assumed", by::swapped;
    /// Duplicate.
    MERGED = "a second TRN merged", "autumn trainees who stay without a break", 1_200, "U§12: 6,000 tasks a year, most not about trainees", by::merged;
    /// Name.
    RENAMED = "changes name", "trainees who start", 1_500, "assumed (T28)", by::renamed;
    /// Death.
    DIED = "dies", "trainees who stay without a break", 60, "assumed", by::died;
    /// Lost push.
    PUSH_LOST = "the push of a withdrawal to TRS is lost", "withdrawals of the cohort that were registered", 1_000, "U§3.5 never sent again; assumed", by::push_lost;
    /// Start entered later than the registration.
    START_LATE = "actual start entered after the registration", "registered trainees of the cohort who had started", 20_000, "U§10; assumed", by::start_late;
    /// Jobs.
    SEEKS_POST = "applies for posts in Teaching Vacancies", "cohort awarded", 45_000, "U§12: 75–79 % employed within 16 months; the service's share assumed", by::seeks_post;
    /// Offers.
    OFFERED_POST = "is offered a post there", "cohort who applied for posts", 70_000, "assumed", by::offered_post;
    /// Declines.
    DECLINED_POST = "declines it", "cohort who were offered a post", 8_000, "assumed", by::declined_post;
    /// Lapse.
    QTLS_LAPSED = "QTLS lapses in the year", "QTLS holders", 25_000, "S-M; assumed", by::qtls_lapsed;
    /// Failed induction.
    INDUCTION_FAILED = "fails induction", "inductions that end", 1_000, "assumed", by::induction_failed;
}
