//! The command line.

use anyhow::{Context, bail};

pub(crate) const HELP: &str = "\
Measures ingest and projection beside the limits of NATS and PostgreSQL, on private servers.

Usage: ltr-bench [fold|delivery|sweep|projection] [--rows N] [--rounds N] [--json]

  fold        measures folding and resolving one person instead; no servers
  delivery    measures one large complete delivery instead, and the same with a twentieth changed: wall time and
              peak memory
  sweep       measures sweeps in which nothing is new instead, one after the other on one log, with the processor
              time of a row; no PostgreSQL
  projection  measures projection alone, and what a message costs each process

  --rows N    rows in the first delivery (20000; of a large delivery 500000)
  --rounds N  rounds of which the median is told (5); a large delivery is made once
  --json      one JSON object on standard output instead of a table";

/// What to measure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) what: What,
    /// Rows in the first delivery.
    pub(crate) rows: usize,
    /// Rounds of which the median is told.
    pub(crate) rounds: usize,
    pub(crate) format: Format,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Ingest and projection, on servers.
    Roles,
    /// One large complete delivery, on a server.
    Delivery,
    /// Sweeps in which nothing is new, on a server.
    Sweep,
    /// Folding and resolving one person, in memory.
    Fold,
    /// Projection alone, on servers, with what it costs each process.
    Projection,
}

impl What {
    /// Rows of a first delivery where nothing else is asked for.
    fn usual_rows(self) -> usize {
        match self {
            Self::Roles | Self::Sweep | Self::Fold | Self::Projection => 20_000,
            Self::Delivery => 500_000,
        }
    }
}

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
}

impl Options {
    /// Reads the arguments; `None`: help is asked for.
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Option<Self>> {
        let mut options = Self {
            what: What::Roles,
            rows: 0,
            rounds: 5,
            format: Format::Table,
        };
        let mut rows = None;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "fold" => options.what = What::Fold,
                "projection" => options.what = What::Projection,
                "delivery" => options.what = What::Delivery,
                "sweep" => options.what = What::Sweep,
                "--rows" => rows = Some(number(&argument, arguments.next())?),
                "--rounds" => options.rounds = number(&argument, arguments.next())?,
                "--json" => options.format = Format::Json,
                "--help" | "-h" => return Ok(None),
                _ => bail!("there is no option {argument}\n\n{HELP}"),
            }
        }
        options.rows = rows.unwrap_or(options.what.usual_rows());
        Ok(Some(options))
    }
}

fn number(option: &str, value: Option<String>) -> anyhow::Result<usize> {
    let value = value.with_context(|| format!("{option} takes a number"))?;
    match value.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => bail!("{option} takes a number from 1 up, not {value:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<Option<Options>> {
        Options::read(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn what_is_not_given_has_a_usual_value() {
        let given = read("--rounds 3 --json").unwrap().unwrap();
        let expected = Options {
            what: What::Roles,
            rows: 20_000,
            rounds: 3,
            format: Format::Json,
        };
        assert_eq!(given, expected);
        assert_eq!(read("fold").unwrap().unwrap().what, What::Fold);
        let rows_of = |text| read(text).unwrap().map(|options| (options.what, options.rows));
        assert_eq!(rows_of("delivery"), Some((What::Delivery, 500_000)));
        assert_eq!(rows_of("projection"), Some((What::Projection, 20_000)));
        assert_eq!(rows_of("--rows 7 delivery"), Some((What::Delivery, 7)));
        assert_eq!(rows_of("sweep"), Some((What::Sweep, 20_000)));
        assert_eq!(read("--help").unwrap(), None);
    }

    #[test]
    fn a_mistake_is_named() {
        let told = |text| read(text).unwrap_err().to_string();
        assert_eq!(told("--rows"), "--rows takes a number");
        assert_eq!(told("--rows 0"), "--rows takes a number from 1 up, not \"0\"");
        assert!(told("--fast").starts_with("there is no option --fast"));
    }
}
