//! Work that waits for nothing, done beside the task that waits for the log.

use std::panic;

/// Has work done on a thread of its own, and waits for what it comes to. Given up, the work is done all the same and
/// forgotten: it must be short, and change nothing.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panicked) => panic::resume_unwind(panicked),
            // Only a runtime that ends takes its work back, and then nobody waits here any more.
            Err(_) => std::future::pending().await,
        },
    }
}
