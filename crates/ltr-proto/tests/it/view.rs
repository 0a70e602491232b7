//! The served form of whatever can be believed, and its digest.

use jiff::civil::date;
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::PersonId;
use ltr_domain::observation::{Observation, Position};
use ltr_domain::policy::Policy;
use ltr_domain::teacher::teacher_at;
use ltr_domain::time::KnownAt;
use ltr_proto::{hex, view};
use proptest::prelude::*;

use crate::generate::anything;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The digest of an answer can be checked by whoever holds the answer, and tells nothing of places on the log.
    #[test]
    fn the_digest_is_of_the_answer_and_not_of_its_places(
        observations in prop::collection::vec(anything::<Observation>(), 1..4),
        first in 1_u64..1_000_000,
    ) {
        let folded = |first: u64| -> Vec<RecordFold> {
            let at = |index: usize| Position {
                sequence: first + index as u64,
                known_at: KnownAt("2027-01-01T00:00:00Z".parse().unwrap()),
            };
            observations
                .iter()
                .enumerate()
                .map(|(index, observation)| RecordFold::begin(observation, at(index)))
                .collect()
        };
        let served = |first: u64| {
            let folds = folded(first);
            let folds: Vec<_> = folds.iter().collect();
            let answer = teacher_at(&folds, &Policy::first(), &Hearing::nothing(date(2027, 1, 1)), date(2027, 1, 1));
            view::teacher(PersonId::of(&observations[0].record), &answer)
        };
        let one = served(first);
        prop_assert_eq!(&one.record_digest, &hex::encode(&view::record_digest(&one)));
        prop_assert_eq!(&one.record_digest, &served(first + 7).record_digest);
    }
}
