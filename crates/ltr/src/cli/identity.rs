//! What can be asked and said about who is one person.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum Identity {
    /// List what waits for an operator, the longest waiting first, with its evidence.
    Review(IdentityReview),
    /// Confirm that two records are one person's that a rule matched or a key joins.
    Confirm(IdentityPair),
    /// Say that two records are not one person's: no match joins them. A key still does; that takes a split.
    Reject(IdentityPair),
    /// Take back what was decided of two records.
    Retract(IdentityPair),
    /// Ask that two people become one; takes effect once somebody else approves.
    Join(IdentityPair),
    /// Ask that records be cut off from their person; takes effect once somebody else approves.
    Split(IdentitySplit),
    /// Approve a join or split that somebody else asked for.
    Approve(IdentityAnswer),
    /// Refuse a join or split.
    Refuse(IdentityAnswer),
    /// Withdraw a join or split that one asked for oneself.
    Withdraw(IdentityAnswer),
}

#[derive(Debug, Args)]
pub(crate) struct IdentityReview {
    /// Only those of this kind; may be given more than once.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Vec<ReviewKind>,
    /// At most so many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i32).range(1..=1_000))]
    pub(crate) count: i32,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReviewKind {
    /// Rules propose that two records are one person's.
    Proposal,
    /// A join or split waits for a second person.
    Request,
    /// A link would bring together what is held apart.
    Refused,
    /// A record of TRS may be somebody else's.
    Suspect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum AssuranceChoice {
    /// Judged from what is on record here.
    RecordsCompared,
    /// A source or provider that knows the person confirmed it.
    SourceConfirmed,
    /// The person's documents were seen.
    DocumentsSeen,
}

/// Who says so, how surely and why. It goes on the log and stays there: name no person.
#[derive(Debug, Args)]
pub(crate) struct Said {
    /// Who: a role or account, never a person's name.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) actor: String,
    /// How well it was made sure.
    #[arg(long, value_enum)]
    pub(crate) assurance: AssuranceChoice,
    /// Why, such as the reference of a case.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct IdentityPair {
    /// The one record: source/kind/key, such as register/trainee/abc.
    pub(crate) one: String,
    /// The other.
    pub(crate) other: String,
    #[command(flatten)]
    pub(crate) said: Said,
}

#[derive(Debug, Args)]
pub(crate) struct IdentitySplit {
    /// The records to cut off, all of one person; the person's others stay.
    #[arg(required = true, value_name = "RECORD")]
    pub(crate) cut_off: Vec<String>,
    #[command(flatten)]
    pub(crate) said: Said,
}

#[derive(Debug, Args)]
pub(crate) struct IdentityAnswer {
    /// The number of the request, as `ltr identity review` lists it.
    pub(crate) request: u64,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// The name of a choice as it is typed.
pub(crate) fn typed(choice: &impl ValueEnum) -> String {
    let value = choice.to_possible_value().expect("no choice is hidden");
    value.get_name().to_owned()
}
