//! What is asked about one teacher beyond showing where they stand, and about all of them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

/// How an answer is printed.
#[derive(Debug, Args)]
pub(crate) struct Printed {
    /// Print JSON for programs to read.
    #[arg(long, conflicts_with = "html")]
    pub(crate) json: bool,
    /// Write one printable page, which needs nothing beside it, to FILE; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// Whom an answer is about, and as of when.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// A TRN, a person id, or kind:value with kind apply-choice, apply-candidate, register-trainee.
    pub(crate) id: String,
    /// The day it was true (London); today, unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// What was known by then: an instant, or the end of a London day; all that is known, unless given.
    #[arg(long, value_name = "DATE|INSTANT")]
    pub(crate) known: Option<String>,
    /// Show restricted facts (alerts).
    #[arg(long)]
    pub(crate) allow_restricted: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TeacherExplain {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Explain only this: headline, qualified_status, training, place, induction, employment, restriction.
    #[arg(long, value_name = "FACT")]
    pub(crate) fact: Vec<String>,
    #[command(flatten)]
    pub(crate) printed: Printed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Axis {
    /// What was answered at each time: about --on, or about each moment's own day.
    Known,
    /// What is believed of each day up to --on, with what is known.
    Effective,
}

#[derive(Debug, Args)]
pub(crate) struct TeacherSources {
    /// A TRN, a person id, or kind:value with kind apply-choice, apply-candidate, register-trainee.
    pub(crate) id: String,
    /// Along which axis of time.
    #[arg(long, value_enum, default_value_t = Axis::Known)]
    pub(crate) along: Axis,
    /// About this day (along known time), or up to it (along effective time).
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// What was known by then: an instant, or the end of a London day; all that is known, unless given.
    #[arg(long, value_name = "DATE|INSTANT")]
    pub(crate) known: Option<String>,
    /// Of which answer: headline, qualified_status, training, place, induction, employment, restriction.
    #[arg(long, value_name = "FACT", default_value = "headline")]
    pub(crate) fact: String,
    /// Show restricted facts (alerts).
    #[arg(long)]
    pub(crate) allow_restricted: bool,
    #[command(flatten)]
    pub(crate) printed: Printed,
}

#[derive(Debug, Args)]
pub(crate) struct TeacherDiff {
    /// A TRN, a person id, or kind:value with kind apply-choice, apply-candidate, register-trainee.
    pub(crate) id: String,
    /// What was known before: an instant, or the end of a London day.
    #[arg(long, value_name = "DATE|INSTANT", required_unless_present = "from_on")]
    pub(crate) from_known: Option<String>,
    /// The day asked about before; the day of --from-known, unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) from_on: Option<Date>,
    /// What was known after; all that is known, unless given.
    #[arg(long, value_name = "DATE|INSTANT")]
    pub(crate) to_known: Option<String>,
    /// The day asked about after; the day of --to-known, or today, unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) to_on: Option<Date>,
    /// Show restricted facts (alerts).
    #[arg(long)]
    pub(crate) allow_restricted: bool,
    #[command(flatten)]
    pub(crate) printed: Printed,
}

#[derive(Debug, Args)]
pub(crate) struct TeacherDossier {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Where to write it; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Write JSON instead of a page.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SourcesOver {
    /// The first day of the period (London); from the beginning, unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// Its last day, included; until now, unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    /// Of which answer: headline, qualified_status, training, place, induction, employment, restriction.
    #[arg(long, value_name = "FACT", default_value = "headline")]
    pub(crate) fact: String,
    /// Show restricted facts (alerts).
    #[arg(long)]
    pub(crate) allow_restricted: bool,
    #[command(flatten)]
    pub(crate) printed: Printed,
}
