//! What every store must do, told as one list of cases. The in-memory twin and the adapters all pass it.
//!
//! [`store_conformance!`](crate::store_conformance) makes one test of each case. A case gets a place where a store is
//! new and empty, opens it as often as it likes, and never looks at the time.

use super::mem::MemStore;
use super::{Checkpoint, Committed, Effects, Store};

pub mod as_of;
pub mod changed;
pub mod commit;
pub mod feeds;
mod given;
pub mod heard;
pub mod history;
pub mod people;
pub mod policies;
pub mod reviews;

pub use given::{checkpoint, effects_and_cursor_agree, known, numbered_batch};

/// Where a store is kept that can be opened more than once, as a process does that starts again.
pub trait Place: Send + Sync {
    /// The store kept there.
    type Store: Store;

    /// Opens it anew: nothing but what was committed is there.
    fn open(&self) -> impl Future<Output = Self::Store> + Send;
}

impl Place for MemStore {
    type Store = Self;

    async fn open(&self) -> Self {
        self.clone()
    }
}

/// Makes a test of every case. `$fresh` is the path of an async function without arguments that gives a
/// [`Place`](crate::store::conformance::Place) with a new, empty store. The crate that calls this needs `tokio` with
/// its macros.
#[macro_export]
macro_rules! store_conformance {
    ($fresh:path) => {
        $crate::store_conformance! { $fresh =>
            commit::a_new_store_holds_nothing,
            commit::the_cursor_moves_with_the_effects,
            commit::the_place_on_the_log_is_kept_exactly,
            commit::a_stale_projector_is_fenced_and_writes_nothing,
            commit::another_stream_or_another_past_is_fenced,
            commit::a_store_that_holds_something_is_not_begun_again,
            commit::of_racing_projectors_exactly_one_wins,
            commit::a_repeated_batch_is_noticed_by_the_checkpoint,
            commit::a_batch_that_cannot_be_written_leaves_no_trace,
            commit::everything_survives_closing_and_opening,
            commit::an_empty_batch_moves_the_cursor,
            history::observations_come_back_whole_and_in_order,
            history::chunks_cannot_be_seen,
            history::huge_payloads_come_back_whole,
            history::many_records_at_once,
            history::what_is_there_is_not_appended_again,
            history::keys_may_hold_any_letter,
            people::what_is_told_to_be_new_and_is_not_is_written_all_the_same,
            people::a_membership_is_present_until_it_is_closed,
            people::memberships_bring_the_whole_person,
            people::a_record_may_be_known_before_it_is_observed,
            people::a_person_is_written_over_and_removed,
            people::the_digests_of_those_who_have_a_row,
            people::every_column_comes_back,
            people::many_people_at_once,
            people::after_a_merge_the_old_id_leads_to_the_records,
            as_of::before_anything_there_is_nobody,
            as_of::entries_are_exactly_those_known_by_then,
            as_of::a_merge_and_a_split_are_seen_when_they_were_known,
            as_of::a_long_history_is_cut_inside_its_chunks,
            as_of::intervals_are_half_open,
            changed::a_person_is_told_once_by_the_first_change_in_the_stretch,
            changed::pages_follow_each_other_without_gap_or_repeat,
            changed::changes_of_the_batch_after_the_stretch_are_looked_at_as_well,
            changed::every_membership_there_ever_was,
            feeds::a_quarantined_row_keeps_when_it_was_first_seen,
            feeds::quarantine_that_waits_is_told_apart,
            feeds::quarantine_is_listed_newest_first,
            feeds::a_delivery_is_written_over_as_it_proceeds,
            feeds::deliveries_are_listed_newest_first,
            feeds::a_held_delivery_is_kept_with_its_reasons_and_decisions,
            policies::a_version_comes_back_whole_and_is_written_once,
            policies::the_cursor_tells_whose_answers_follow_the_policy,
            policies::a_projector_that_lost_the_race_to_resolve_is_fenced,
            policies::people_come_in_the_order_of_their_ids_with_all_their_records,
            reviews::reviews_wait_until_they_are_done,
            history::one_message_may_stand_with_several_records,
            heard::a_feed_is_heard_as_of_any_known_time,
            heard::the_hearing_is_what_was_known_by_then,
            heard::the_hearing_is_asked_for_some_providers,
            heard::those_due_are_listed_longest_first,
            heard::what_is_heard_of_a_provider_makes_those_who_wait_for_it_due,
        }
    };
    ($fresh:path => $($area:ident::$case:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let place = $fresh().await;
                $crate::store::conformance::$area::$case(&place).await;
            }
        )+
    };
}

/// A projector that commits one batch after the other, from where it stands.
struct Projector<S> {
    store: S,
    at: Option<Checkpoint>,
}

impl<S: Store> Projector<S> {
    /// One that starts on an empty store.
    fn on(store: S) -> Self {
        Self { store, at: None }
    }

    /// One that goes on from where the store stands.
    async fn resumed(store: S) -> Self {
        let at = store.checkpoint().await.expect("the checkpoint can be read");
        Self { store, at }
    }

    /// Commits the batch that ends at `sequence`, with what `fill` puts into it.
    async fn commit(&mut self, sequence: u64, fill: impl FnOnce(&mut Effects)) {
        let mut effects = Effects::nothing(self.at, checkpoint(sequence));
        fill(&mut effects);
        let committed = self
            .store
            .commit(effects)
            .await
            .expect("the batch can be committed");
        assert_eq!(committed, Committed::Done, "nobody else was here");
        self.at = Some(checkpoint(sequence));
    }
}
