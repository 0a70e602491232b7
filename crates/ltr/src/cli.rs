//! The command line: what a stranger reads with `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

mod asking;
mod connecting;
mod demo;
mod feeds;
mod identity;
mod linking;
mod quarantine;

pub(crate) use asking::{
    Asked, Axis, Printed, SourcesOver, TeacherDiff, TeacherDossier, TeacherExplain, TeacherSources,
};
pub(crate) use connecting::{IngestRun, Upstreams};
pub(crate) use demo::Demo;
pub(crate) use feeds::{Delivery, DeliveryDecided, DeliveryList, DeliveryShow, Feeds};
pub(crate) use identity::{Identity, IdentityAnswer, IdentityPair, IdentityReview, Said, typed};
pub(crate) use linking::Link;
pub(crate) use quarantine::{
    Quarantine, QuarantineFilter, QuarantineList, QuarantineRedrive, QuarantineRelease,
};

/// The Lifetime Teacher Record: one record per teacher from Apply, Register, TRS and Teaching Vacancies.
///
/// Rows go in with `ltr ingest`, become events on NATS JetStream, are folded into PostgreSQL by `ltr project`, and are
/// served over gRPC by `ltr serve`. To see all of it at once, on servers of its own: `ltr demo`.
///
/// Data goes to standard output, everything else to standard error. Exit codes: 0 done · 1 failed · 2 wrong usage ·
/// 3 not found · 4 refused (the input or the server is not what it must be) · 5 held (a delivery left its bounds).
#[derive(Debug, Parser)]
#[command(name = "ltr", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the servers are. Flags win over the environment, the environment over the file.
#[derive(Debug, Clone, Args)]
pub(crate) struct Connection {
    /// Configuration file (TOML); see `ltr config check`.
    #[arg(
        long,
        global = true,
        env = "LTR_CONFIG",
        value_name = "FILE",
        help_heading = "Connection"
    )]
    pub(crate) config: Option<PathBuf>,
    /// NATS server, such as nats://127.0.0.1:4222.
    #[arg(
        long,
        global = true,
        env = "LTR_NATS_URL",
        hide_env_values = true,
        value_name = "URL",
        help_heading = "Connection"
    )]
    pub(crate) nats_url: Option<String>,
    /// PostgreSQL database, such as postgres://user@127.0.0.1/ltr.
    #[arg(
        long,
        global = true,
        env = "LTR_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        help_heading = "Connection"
    )]
    pub(crate) database_url: Option<String>,
    /// File with the key-encryption key (64 hex digits); on loopback servers a development key is made without it.
    #[arg(
        long,
        global = true,
        env = "LTR_KEK_FILE",
        value_name = "FILE",
        help_heading = "Connection"
    )]
    pub(crate) kek_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See it work: made-up trainees walk an academic year, and every evening we are held against the truth.
    Demo(Demo),
    /// Run private servers and every role for development; its data is thrown away at the end.
    Up(Up),
    /// Turn rows into observations on the log.
    #[command(subcommand)]
    Ingest(Ingest),
    /// Fold the log into the store and keep it up to date.
    Project(Project),
    /// Find the applications of trainees who name none.
    Link(Link),
    /// Serve the gRPC API.
    Serve(Serve),
    /// Ask about one teacher.
    #[command(subcommand)]
    Teacher(Teacher),
    /// Decide whose records are one person's: what waits, and what operators say.
    #[command(subcommand)]
    Identity(Identity),
    /// List when the source of truth changed, of all teachers over a period.
    Sources(SourcesOver),
    /// Look at the event log (not at application logs).
    #[command(subcommand)]
    Log(LogCommand),
    /// Show how each feed stands: when it was last heard, how late it is, what is held and in quarantine.
    Feeds(Feeds),
    /// Look at deliveries, and decide on those that are held back.
    #[command(subcommand)]
    Delivery(Delivery),
    /// Work off rows that could not be mapped: look, drive them again, release them.
    #[command(subcommand)]
    Quarantine(Quarantine),
    /// Check, adopt and show the source-of-truth policy: whom to believe, about which fact, when.
    #[command(subcommand)]
    Policy(Policy),
    /// Show the academic year: its milestones and windows, what each changes, and which this log has passed.
    #[command(long_about = CALENDAR)]
    Calendar(CalendarAsked),
    /// Bring the database schema up to date.
    Migrate,
    /// Move the time of a simulated log.
    #[command(subcommand)]
    Clock(Clock),
    /// Check the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Examine servers, schema, clock and lag, and say what to do.
    Doctor(Json),
}

#[derive(Debug, Args)]
pub(crate) struct Json {
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClockChoice {
    /// The machine's time.
    Real,
    /// The latest `--taken-at` seen, or what `ltr clock advance` says.
    Simulated,
}

#[derive(Debug, Args)]
pub(crate) struct Up {
    /// Where the log's times come from; fixed for its life.
    #[arg(long, value_enum, default_value_t = ClockChoice::Real)]
    pub(crate) clock: ClockChoice,
    /// Address of the gRPC service; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub(crate) grpc_address: std::net::SocketAddr,
    /// Show restricted facts (alerts) to every caller.
    #[arg(long)]
    pub(crate) allow_restricted: bool,
    #[command(flatten)]
    pub(crate) metrics: Metrics,
    #[command(flatten)]
    pub(crate) upstreams: Upstreams,
}

#[derive(Debug, Args)]
pub(crate) struct Metrics {
    /// Tell how the feeds stand at http://ADDRESS/metrics, for Prometheus; nothing in it is personal. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics_address: Option<std::net::SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ingest {
    /// Ingest files: NDJSON, JSON arrays, saved API pages and answers; `-` is standard input.
    #[command(long_about = INGEST_FILE)]
    File(IngestFile),
    /// Read the upstream services, each feed when it is due.
    Run(IngestRun),
}

const INGEST_FILE: &str = "\
Ingest files: NDJSON, JSON arrays, saved API pages and answers; `-` is standard input.

Feeds: apply candidates | recruits, register trainees, trs persons, teaching-vacancies vacancies |
job-applications | postings.

A delivery is partial unless --complete is given: then what is missing from its --scope is known to be absent, and
--taken-at is required. A complete delivery is judged before anything of it is published, beside the one before it: if too
much would be new, changed or missing at once it is held, the exit code is 5, and `ltr delivery` says why. Rows that cannot be mapped go to quarantine with a code; the rest goes on. Ingesting the same
rows again publishes nothing.

Examples:
  ltr ingest file --source trs --feed persons answers/*.json
  ltr ingest file --source register --feed trainees --taken-at 2026-10-14T06:00:00Z \\
      --complete --scope provider=10000571,cycle=2026 sweep.ndjson
  ltr ingest file --source apply --feed candidates --dry-run page-1.json";

#[derive(Debug, Args)]
pub(crate) struct IngestFile {
    /// Which service the rows come from: apply, register, trs, teaching-vacancies.
    #[arg(long)]
    pub(crate) source: String,
    /// Which of its feeds.
    #[arg(long)]
    pub(crate) feed: String,
    /// When the snapshot was taken at the source (RFC 3339); now, unless given.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) taken_at: Option<Timestamp>,
    /// Every record of the scope is in these files: what is missing is absent.
    #[arg(long, requires = "taken_at")]
    pub(crate) complete: bool,
    /// What the delivery speaks for, such as provider=10000571,cycle=2026.
    #[arg(long, value_name = "NAME=VALUE,...", value_delimiter = ',')]
    pub(crate) scope: Vec<String>,
    /// Publish rows older than what is known as history.
    #[arg(long)]
    pub(crate) backfill: bool,
    /// Print what would be published, as JSON lines, and publish nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one JSON object as the last line: {rows, unchanged, observations, events, quarantined, delivery}.
    #[arg(long)]
    pub(crate) json: bool,
    /// Files, or `-`.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Project {
    /// Stop once everything that is on the log now is in.
    #[arg(long)]
    pub(crate) until_head: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to listen on; loopback only, unless --insecure.
    #[arg(
        long,
        env = "LTR_GRPC_ADDRESS",
        default_value = "127.0.0.1:50051",
        value_name = "ADDRESS"
    )]
    pub(crate) grpc_address: std::net::SocketAddr,
    /// Listen on an address that others can reach although there is no authentication yet.
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Show restricted facts (alerts) to every caller.
    #[arg(long)]
    pub(crate) allow_restricted: bool,
    #[command(flatten)]
    pub(crate) metrics: Metrics,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Teacher {
    /// Show where a teacher stands, since when, says who, and how sure we are.
    Show(TeacherShow),
    /// Show the headline over time.
    History(TeacherHistory),
    /// Explain an answer: every claim in the order in which it became known, and the rule that took or refused it.
    Explain(TeacherExplain),
    /// Show when the source of truth changed, and why.
    Sources(TeacherSources),
    /// Show what differs between the answers at two moments, and what made the difference.
    Diff(TeacherDiff),
    /// Write one file with an answer, its claims, the messages behind it and the policy.
    Dossier(TeacherDossier),
}

#[derive(Debug, Args)]
pub(crate) struct TeacherShow {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Show names and date of birth.
    #[arg(long)]
    pub(crate) personal: bool,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TeacherHistory {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// Print messages as JSON, one a line; personal values stay sealed.
    Show(LogShow),
    /// Count messages and bytes by stream.
    Stat(Json),
    /// Check every chain and digest; any altered byte is found.
    Verify(Json),
}

#[derive(Debug, Args)]
pub(crate) struct LogShow {
    /// First sequence.
    #[arg(long, default_value_t = 1)]
    pub(crate) from: u64,
    /// At most so many messages.
    #[arg(long, default_value_t = 100)]
    pub(crate) count: usize,
    /// Only subjects that match (`*` one token, `>` the rest), such as 'ltr.record.trs.>'.
    #[arg(long, value_name = "SUBJECT")]
    pub(crate) subject: Option<String>,
    /// Only messages about this record: source/kind/key.
    #[arg(long, value_name = "RECORD", conflicts_with = "subject")]
    pub(crate) record: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Tell every mistake of a policy, with line, column and what to write instead.
    Check(PolicyCheck),
    /// Put a policy in force; answers as known before stay as they were.
    Adopt(PolicyAdopt),
    /// Show a policy as a page.
    Show(PolicyShow),
}

#[derive(Debug, Args)]
pub(crate) struct PolicyCheck {
    /// The policy (TOML); docs/how-to/add-a-policy-fact.md says how to write one.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyAdopt {
    /// The policy (TOML); its version must be higher than that of the policy in force.
    pub(crate) file: PathBuf,
    /// Say whose answers would change, from which stage to which, and publish nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print JSON for programs to read: with --dry-run one object for each person whose answer would change.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyShow {
    /// The policy of that version; the one in force, unless given.
    #[arg(long, value_name = "N", conflicts_with = "known")]
    pub(crate) version: Option<u32>,
    /// The policy in force at that time: an instant, or the end of a London day.
    #[arg(long, value_name = "DATE|INSTANT")]
    pub(crate) known: Option<String>,
    /// Print JSON for programs to read, the whole text included.
    #[arg(long)]
    pub(crate) json: bool,
}

const CALENDAR: &str = "\
Show the academic year: its milestones and windows, what each changes, and which this log has passed.

Which source is right about a trainee changes with the date. The policy parts the year into windows around the start of \
training, for each wave of starts: before the start, until the census, until providers have signed off, and after. It \
names other days too: the ends of Apply's recruitment cycle, and the day from which a recruit whom Register never lists \
is presumed not to have started.

Each such day is told once a year on the log, as a message that changes nothing by itself: `told #12` is its sequence, \
`not told` a day that this log never passed, `ahead` one that has not come. The days are those of the policy in force \
now; `ltr policy show` has all of it.

Examples:
  ltr calendar
  ltr calendar --on 2026-10-20
  ltr calendar --year 2027 --json";

#[derive(Debug, Args)]
pub(crate) struct CalendarAsked {
    /// The academic year by the calendar year in which it begins (1 August); that of --on, unless given.
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1900..=2999))]
    pub(crate) year: Option<i16>,
    /// Mark the windows in force on that London day; the log's own day, unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Clock {
    /// Advance a simulated log to an instant, through the milestones of the academic year on the way; never back.
    Advance {
        /// To when (RFC 3339).
        #[arg(long, value_name = "INSTANT")]
        to: Timestamp,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check the configuration and print what is in force, without secrets.
    Check,
}
