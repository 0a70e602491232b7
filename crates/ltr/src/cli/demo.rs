//! The arguments of `ltr demo`.

use clap::Args;

#[derive(Debug, Args)]
#[command(long_about = DEMO)]
pub(crate) struct Demo {
    /// How many trainees there are; an odd number is made even. One other person comes beside every twelve.
    #[arg(long, value_name = "N", default_value_t = 7_000, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub(crate) people: u32,
    /// The seed that the people are made from, and that faults strike by.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Faults of the services, by name and between commas, or `all` (docs/upstream-doubles.md); none, unless given.
    #[arg(long, value_name = "NAME,...", default_value = "")]
    pub(crate) faults: String,
    /// Tell a short story of eight people instead, without connectors.
    #[arg(long, conflicts_with_all = ["people", "seed", "faults", "json"])]
    pub(crate) story: bool,
    /// Leave with 0 after printing, instead of keeping the gRPC address open.
    #[arg(long)]
    pub(crate) exit: bool,
    /// Print the results as one JSON object, for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

const DEMO: &str = "\
See it work: made-up trainees walk the academic year 2026/27, and every evening we are held against the truth.

Private NATS and PostgreSQL servers are started. Doubles of Apply, Register, TRS and Teaching Vacancies serve people made \
from a seed, each late and in part, as the real services do. The connectors of `ltr ingest run` read them on their \
schedules, limits and retries included, only that waiting moves a simulated clock. Every evening the log is projected, \
everybody's answer is read, and compared with where they really stood.

At the end: by month, how often the answer was right, said to be uncertain, or wrong; how many days it took to learn each \
kind of change; what was asked of the services; and three teachers worth asking about. The service then stays open until \
Ctrl-C, and everything is thrown away. Nobody in it is real.

Progress goes to standard error, results to standard output.

Examples:
  ltr demo                              the whole cohort; take a release build
  ltr demo --people 300                 a small cohort
  ltr demo --people 300 --faults all    the same while the services misbehave
  ltr demo --people 40 --exit --json    for programs
  ltr demo --story                      eight people's story, in seconds";
