//! What can be asked of feeds, and said about deliveries that are held.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum Delivery {
    /// List deliveries, newest first.
    List(DeliveryList),
    /// Show one delivery: what it would have changed, why it is held, what was decided.
    Show(DeliveryShow),
    /// Approve a held delivery: then deliver it again, as its rows are not kept.
    #[command(long_about = APPROVE)]
    Approve(DeliveryDecided),
    /// Reject a held delivery: the same rows are refused whenever they come; the feed goes on.
    Reject(DeliveryDecided),
}

const APPROVE: &str = "\
Approve a held delivery: then deliver it again, as its rows are not kept.

The same rows pass whenever they come. Of a live feed, the next complete delivery of the same scope passes that changes \
no more than this one, once.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeliveryState {
    /// Runs, or broke off.
    Open,
    /// Was published.
    Closed,
    /// Is held and waits for an operator.
    Held,
    /// Was held, and the same rows may pass.
    Approved,
    /// Was held, and the same rows may not pass.
    Rejected,
    /// Was held, and a later complete delivery of its scope has passed.
    Overtaken,
}

#[derive(Debug, Args)]
pub(crate) struct DeliveryList {
    /// Only those in this state; may be given several times.
    #[arg(long, value_enum, value_name = "STATE")]
    pub(crate) state: Vec<DeliveryState>,
    /// Only those of this feed, such as register/trainees.
    #[arg(
        long,
        value_name = "SOURCE/FEED",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) feed: String,
    /// At most so many.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..=1_000))]
    pub(crate) count: i32,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DeliveryShow {
    /// Its id, as `ltr delivery list` has it.
    pub(crate) id: String,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is decided goes on the log and stays there: name no person.
#[derive(Debug, Args)]
pub(crate) struct DeliveryDecided {
    /// Its id, as `ltr delivery list` has it.
    pub(crate) id: String,
    /// Who: a role or account, never a person's name.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) actor: String,
    /// Why, such as the reference of a case.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Feeds {
    /// Each scope by itself too, such as each provider and cycle.
    #[arg(long)]
    pub(crate) scopes: bool,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print metrics in the text format of Prometheus.
    #[arg(long, conflicts_with = "json")]
    pub(crate) prometheus: bool,
}
