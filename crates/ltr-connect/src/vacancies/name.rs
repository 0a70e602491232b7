//! What the name of an extract file says: `<feed>.<complete|partial>.<taken at>.ndjson`, the instant as
//! `20270501T060000Z`.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ltr_domain::delivery::Completeness;
use ltr_domain::ids::{Feed, Source};

/// What the name of an extract file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ExtractName {
    /// Of which feed.
    pub feed: Feed,
    /// Whether every row is in it.
    pub completeness: Completeness,
    /// When the snapshot was taken.
    pub taken_at: Timestamp,
}

impl ExtractName {
    /// Reads a name; `None` if it is no extract's. Whoever writes a file gives it this name when it is whole.
    #[must_use]
    pub(super) fn read(file: &str) -> Option<Self> {
        let mut parts = file.strip_suffix(".ndjson")?.split('.');
        let feed = Feed::from_tokens(Source::TeachingVacancies.token(), parts.next()?)?;
        let completeness = match parts.next()? {
            "complete" => Completeness::Complete,
            "partial" => Completeness::Partial,
            _ => return None,
        };
        let at = DateTime::strptime("%Y%m%dT%H%M%SZ", parts.next()?).ok()?;
        let taken_at = at.to_zoned(TimeZone::UTC).ok()?.timestamp();
        parts.next().is_none().then_some(Self {
            feed,
            completeness,
            taken_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_feed_completeness_and_instant() {
        let name = ExtractName::read("job-applications.complete.20270501T060000Z.ndjson").unwrap();
        assert_eq!(name.feed, Feed::TvJobApplications);
        assert_eq!(name.completeness, Completeness::Complete);
        assert_eq!(name.taken_at.to_string(), "2027-05-01T06:00:00Z");
    }

    #[test]
    fn what_is_no_extract_is_passed_over() {
        for other in [
            ".vacancies.complete.20270501T060000Z.ndjson",
            "vacancies.complete.20270501T060000Z.ndjson.part",
            "vacancies.whole.20270501T060000Z.ndjson",
            "vacancies.complete.20271301T060000Z.ndjson",
            "trainees.complete.20270501T060000Z.ndjson",
            "vacancies.complete.20270501T060000Z.2.ndjson",
        ] {
            assert_eq!(ExtractName::read(other), None, "{other}");
        }
    }
}
