//! The ingest role: rows in, observations out. The log is its only memory: what a record looked like, where a feed got
//! to and what it saw are read back from it. Maps and compares through `ltr-sources`, and does no file or network
//! input itself: rows, clock and randomness are handed over.

mod config;
mod error;
mod report;

mod deliver;
mod dry_run;
mod redrive;

mod absence;
mod aside;
mod batch;
mod context;
mod course;
mod decide;
mod evidence;
mod feed;
mod gate;
mod history;
mod keep;
mod keys;
mod known;
mod late;
mod page;
mod pages;
mod patience;
mod random;
mod sealing;
mod settle;
mod stage;

pub use config::{Backfill, Config, DeliveryPlan, Edge, InputError};
pub use deliver::{deliver, deliver_with};
pub use dry_run::dry_run;
pub use error::IngestError;
pub use feed::{FeedTail, feed_tail};
pub use history::Memo;
pub use redrive::{Ending, Redrive, RedriveReport, Redriven, Rehearsal, redrive, release};
pub use report::{Held, Progress, Report, Standing};
