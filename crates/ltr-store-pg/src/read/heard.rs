//! What was heard of the feeds, and who is due for review.

use ltr_domain::hearing::{Coverage, Hearing, ProviderName, Share, Turnout};
use ltr_domain::ids::{PersonId, Ukprn};
use ltr_domain::time::{KnownAt, TakenAt};
use ltr_ports::store::{Due, FeedHeard, StoreError};
use tokio_postgres::Row;

use super::Reading;
use super::feeds::feed;
use crate::text;

pub(crate) fn heard(row: &Row) -> Result<FeedHeard, StoreError> {
    let reading = Reading::of(row, "word", "feed");
    Ok(FeedHeard {
        feed: reading.parsed("feed", feed)?,
        provider: reading.text("provider")?,
        taken_at: TakenAt(reading.get("taken_at")?),
    })
}

pub(crate) fn hearing(rows: &[Row], known: KnownAt) -> Result<Hearing, StoreError> {
    let mut hearing = Hearing::nothing(known.london_date());
    for row in rows {
        match row.try_get("part") {
            Ok("provider") => {
                let reading = Reading::of(row, "provider", "name");
                let name = reading.parsed("name", |name: &str| provider(name))?;
                let ukprn = reading.parsed("provider", ukprn)?;
                hearing.providers.entry(name).or_default().insert(ukprn);
            }
            Ok("share") => {
                let reading = Reading::of(row, "share", "provider");
                let whose = (reading.parsed("provider", ukprn)?, reading.get("year")?);
                let share = Share {
                    trainees: reading.parsed("people", count)?,
                    recognised: reading.parsed("counted", count)?,
                };
                hearing.shares.insert(whose, share);
            }
            Ok("turnout") => {
                let reading = Reading::of(row, "turnout", "name");
                let whose = (
                    reading.parsed("name", |name: &str| provider(name))?,
                    reading.get("year")?,
                );
                let turnout = Turnout {
                    recruits: reading.parsed("people", count)?,
                    turned_up: reading.parsed("counted", count)?,
                };
                hearing.turnouts.insert(whose, turnout);
            }
            Ok(_) | Err(_) => {
                let reading = Reading::of(row, "sweep", "provider");
                let (provider, year) = (reading.text("provider")?, reading.get("year")?);
                let coverage = Coverage {
                    provider: (!provider.is_empty()).then_some(provider),
                    year: (year != 0).then_some(year),
                };
                hearing.sweep(coverage, reading.instant("spoke_at")?);
            }
        }
    }
    Ok(hearing)
}

pub(crate) fn due(rows: &[Row]) -> Result<Due, StoreError> {
    let mut due = Due::default();
    for row in rows {
        let reading = Reading::of(row, "person", "person");
        due.next_ordinal = reading.parsed("next_ordinal", |number: i32| u32::try_from(number).ok())?;
        if let Some(person) = reading.get("person")? {
            due.people.push((PersonId(person), reading.record()?));
        }
    }
    Ok(due)
}

/// `None`: not a provider; `Some(None)`: none.
pub(super) fn awaited(stored: Option<&str>) -> Option<Option<ProviderName>> {
    match stored {
        Some(stored) => Some(Some(provider(stored)?)),
        None => Some(None),
    }
}

fn provider(stored: &str) -> Option<ProviderName> {
    ProviderName::parse(&text::read(stored)?)
}

fn count(stored: i32) -> Option<u32> {
    u32::try_from(stored).ok()
}

fn ukprn(stored: &str) -> Option<Ukprn> {
    Ukprn::parse(stored).ok()
}
