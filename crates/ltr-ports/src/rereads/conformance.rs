//! What every queue must do. The twin and the adapter both pass it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Trn;
use tokio::time::timeout;

use super::{Reread, RereadQueue, Taken, Urgency};

/// Makes a test of every case. `$fresh` is the path of an async function that takes how long a taken message stays
/// away, and gives a new, empty queue and whatever must outlive it.
#[macro_export]
macro_rules! rereads_conformance {
    ($fresh:path) => {
        $crate::rereads_conformance! { $fresh =>
            the_most_urgent_and_longest_waiting_come_first,
            one_trn_waits_once,
            what_is_done_does_not_come_back,
            what_is_taken_and_not_done_comes_back,
            what_is_added_while_being_read_is_read_again,
            thousands_are_added_and_taken_in_order,
        }
    };
    ($fresh:path => $($case:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let lease = $crate::rereads::conformance::lease(stringify!($case));
                let (queue, _outlives_it) = $fresh(lease).await;
                $crate::rereads::conformance::$case(&queue).await;
            }
        )+
    };
}

/// How long a taken message stays away in a case.
#[must_use]
pub fn lease(case: &str) -> SignedDuration {
    match case {
        "what_is_taken_and_not_done_comes_back" => SignedDuration::from_millis(300),
        _ => SignedDuration::from_mins(10),
    }
}

/// How long anything may take.
const WITHIN: Duration = Duration::from_secs(20);

fn trn(number: u32) -> Trn {
    Trn::parse(&format!("{number:07}")).expect("seven digits")
}

fn reread(number: u32, urgency: Urgency) -> Reread {
    Reread {
        trn: trn(number),
        urgency,
        asked_at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::from(number)),
    }
}

/// Takes until so many are there.
async fn take(queue: &impl RereadQueue, count: usize) -> Vec<Taken> {
    let taking = async {
        let mut taken = Vec::new();
        while taken.len() < count {
            let more = queue.take(count - taken.len()).await.expect("taken");
            if more.is_empty() {
                tokio::task::yield_now().await;
            }
            taken.extend(more);
        }
        taken
    };
    timeout(WITHIN, taking).await.expect("so many are there in time")
}

fn numbers(taken: &[Taken]) -> Vec<u32> {
    let number = |taken: &Taken| taken.reread.trn.as_str().parse().expect("a number");
    taken.iter().map(number).collect()
}

/// Hints come before turns, and of each kind the first added.
pub async fn the_most_urgent_and_longest_waiting_come_first(queue: &impl RereadQueue) {
    let turns = vec![
        reread(3, Urgency::Rarely),
        reread(1, Urgency::Rarely),
        reread(5, Urgency::Often),
    ];
    queue.add(turns).await.expect("added");
    queue
        .add(vec![reread(9, Urgency::Hint), reread(7, Urgency::Hint)])
        .await
        .expect("added");
    assert_eq!(queue.waiting().await.expect("counted"), 5);
    let first = take(queue, 3).await;
    assert_eq!(numbers(&first), [9, 7, 5]);
    assert_eq!(first[0].reread, reread(9, Urgency::Hint));
    assert_eq!(numbers(&take(queue, 2).await), [3, 1]);
    assert_eq!(queue.waiting().await.expect("counted"), 0);
    assert!(queue.take(10).await.expect("taken").is_empty());
}

/// A TRN that is added again waits once, with the later time.
pub async fn one_trn_waits_once(queue: &impl RereadQueue) {
    let later = Reread {
        asked_at: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1),
        ..reread(4, Urgency::Hint)
    };
    queue.add(vec![reread(4, Urgency::Hint)]).await.expect("added");
    queue.add(vec![later]).await.expect("added");
    assert_eq!(queue.waiting().await.expect("counted"), 1);
    assert_eq!(take(queue, 1).await[0].reread, later);
}

/// What was read is out of the queue, and may be added again.
pub async fn what_is_done_does_not_come_back(queue: &impl RereadQueue) {
    queue
        .add(vec![reread(1, Urgency::Often), reread(2, Urgency::Often)])
        .await
        .expect("added");
    let taken = take(queue, 2).await;
    queue.done(taken).await.expect("done");
    assert!(queue.take(10).await.expect("taken").is_empty());
    queue.add(vec![reread(1, Urgency::Often)]).await.expect("added");
    assert_eq!(numbers(&take(queue, 1).await), [1]);
}

/// Whoever took it and died: another takes it later.
pub async fn what_is_taken_and_not_done_comes_back(queue: &impl RereadQueue) {
    queue.add(vec![reread(1, Urgency::Often)]).await.expect("added");
    assert_eq!(numbers(&take(queue, 1).await), [1]);
    assert_eq!(numbers(&take(queue, 1).await), [1]);
}

/// A hint that comes while the TRN is being read is not swallowed by the end of the reading.
pub async fn what_is_added_while_being_read_is_read_again(queue: &impl RereadQueue) {
    queue.add(vec![reread(1, Urgency::Hint)]).await.expect("added");
    let taken = take(queue, 1).await;
    queue.add(vec![reread(1, Urgency::Hint)]).await.expect("added");
    queue.done(taken).await.expect("done");
    assert_eq!(numbers(&take(queue, 1).await), [1]);
}

/// More than fit into one message exchange.
pub async fn thousands_are_added_and_taken_in_order(queue: &impl RereadQueue) {
    let rereads = (0..3_000).map(|number| reread(number, Urgency::Rarely));
    queue.add(rereads.collect()).await.expect("added");
    assert_eq!(queue.waiting().await.expect("counted"), 3_000);
    let taken = take(queue, 3_000).await;
    assert_eq!(numbers(&taken), (0..3_000).collect::<Vec<_>>());
    queue.done(taken).await.expect("done");
    assert_eq!(queue.waiting().await.expect("counted"), 0);
}
