//! A page on its way: rows that were mapped or set aside, and records that nobody delivered any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use ltr_domain::delivery::Counts;
use ltr_domain::ids::{Feed, RecordId};
use ltr_domain::observation::MessageRef;
use ltr_domain::time::ObservedAt;
use ltr_proto::digest::content_digest;
use ltr_proto::hex;
use ltr_sources::fields::without_dropped;
use ltr_sources::{Defect, Mapped, MappedRow, Row, map_row, record_of};

/// Rows, or records that are gone, that are settled together.
pub(crate) struct Page {
    pub(crate) rows: Vec<PageRow>,
    /// Records absent from enough complete deliveries, to be told so.
    pub(crate) gone: Vec<RecordId>,
    /// What rows said that were read before and are not kept, because nothing in them was new.
    pub(crate) settled: Summary,
    pub(crate) observed_at: ObservedAt,
    /// Where the feed got to.
    pub(crate) cursor: String,
}

/// What a page says of rows that are not there any more.
#[derive(Default)]
pub(crate) struct Summary {
    /// The records in them; sorted, each once.
    pub(crate) seen: Vec<RecordId>,
    /// How often each field occurred that the mapping does not know.
    pub(crate) unknown_fields: BTreeMap<String, u64>,
    /// How many rows met which end.
    pub(crate) counts: Counts,
}

/// One row.
pub(crate) struct PageRow {
    pub(crate) file: Arc<str>,
    pub(crate) place: String,
    pub(crate) content: Content,
    /// Where it is kept, as evidence or in quarantine, once it is published.
    pub(crate) evidence: Option<MessageRef>,
}

/// What a row came to.
pub(crate) enum Content {
    /// It says something.
    Told(Told),
    /// It goes to quarantine.
    Bad(Bad),
}

/// A row that says something.
pub(crate) struct Told {
    /// The records that it speaks of, the one it is named after first.
    pub(crate) records: Vec<Mapped>,
    /// The row as JSON text, less the fields that may not be held.
    pub(crate) evidence: Vec<u8>,
    unknown_fields: Vec<String>,
}

/// A row for the quarantine.
pub(crate) struct Bad {
    /// Names the row, the same one each time it comes.
    pub(crate) id: String,
    pub(crate) defect: Defect,
    /// The records it is about, where they are known, the one it is named after first: seen, though not understood.
    pub(crate) records: Vec<RecordId>,
    /// The row as it is kept, as JSON text: less what is never held. `None`: there is none, or it is too long.
    pub(crate) kept: Option<Vec<u8>>,
    /// How long the row is, where it could be parsed.
    pub(crate) bytes: Option<u64>,
}

impl PageRow {
    /// Maps a row. One of more than `bytes_max` bytes would not fit a message.
    pub(crate) fn read(feed: Feed, bytes_max: usize, file: Arc<str>, row: Row) -> Self {
        let Row { value, place } = row;
        let content = match value {
            Ok(value) => match map_row(feed, &value) {
                Ok(mapped) => Content::Told(Told::of(mapped)),
                Err(defect) => {
                    let text = value.to_string();
                    let kept = without_dropped(feed, &value).to_string().into_bytes();
                    Content::Bad(Bad {
                        id: id_of(feed, text.as_bytes()),
                        defect,
                        records: record_of(feed, &value).into_iter().collect(),
                        kept: Some(kept).filter(|kept| kept.len() <= bytes_max),
                        bytes: Some(text.len() as u64),
                    })
                }
            },
            // There is no row to digest: what is named is the place.
            Err(defect) => {
                let named = format!("{file} {place} {}", defect.code);
                Content::Bad(Bad {
                    id: id_of(feed, named.as_bytes()),
                    defect,
                    records: Vec::new(),
                    kept: None,
                    bytes: None,
                })
            }
        };
        let mut row = Self {
            file,
            place,
            content,
            evidence: None,
        };
        if row.told().is_some_and(|told| told.evidence.len() > bytes_max) {
            let reason = format!("the row has more than {bytes_max} bytes");
            row.set_aside(feed, Defect::new("row_too_large", reason));
            row.leave_out();
        }
        row
    }

    /// The most messages that it can come to.
    pub(crate) fn messages_max(&self) -> usize {
        self.told().map_or(1, |told| told.records.len())
    }

    pub(crate) fn told(&self) -> Option<&Told> {
        match &self.content {
            Content::Told(told) => Some(told),
            Content::Bad(_) => None,
        }
    }

    pub(crate) fn bad(&self) -> Option<&Bad> {
        match &self.content {
            Content::Told(_) => None,
            Content::Bad(bad) => Some(bad),
        }
    }

    /// Puts the row into quarantine, though it could be mapped.
    pub(crate) fn set_aside(&mut self, feed: Feed, defect: Defect) {
        let Content::Told(told) = &self.content else {
            return;
        };
        let records = told.records.iter().map(|mapped| mapped.record.clone()).collect();
        self.content = Content::Bad(Bad {
            id: id_of(feed, &told.evidence),
            defect,
            records,
            kept: Some(told.evidence.clone()),
            bytes: Some(told.evidence.len() as u64),
        });
    }

    /// Keeps nothing of a bad row but its name and length: it would not fit a message.
    fn leave_out(&mut self) {
        if let Content::Bad(bad) = &mut self.content {
            bad.kept = None;
        }
    }

    /// File and place.
    pub(crate) fn whereabouts(&self) -> String {
        format!("{} {}", self.file, self.place)
    }
}

impl Told {
    fn of(mapped: MappedRow) -> Self {
        let MappedRow {
            records,
            evidence,
            unknown_fields,
        } = mapped;
        Self {
            records,
            evidence: evidence.into_bytes(),
            unknown_fields,
        }
    }
}

impl Page {
    /// The records that its rows speak of, in the rows' order; one may occur several times.
    pub(crate) fn records(&self) -> impl Iterator<Item = &RecordId> {
        let mapped = self.rows.iter().filter_map(PageRow::told);
        mapped.flat_map(|row| row.records.iter().map(|mapped| &mapped.record))
    }

    /// The records that its quarantined rows are about, where they are known.
    pub(crate) fn bad_records(&self) -> impl Iterator<Item = &RecordId> {
        let bad = self.rows.iter().filter_map(PageRow::bad);
        bad.flat_map(|bad| &bad.records)
    }

    /// Every record that was seen, those in quarantined rows too where they are known; sorted, each once.
    pub(crate) fn seen(&self) -> Vec<RecordId> {
        let settled = &self.settled.seen;
        let all = self.records().chain(self.bad_records()).chain(settled);
        let mut seen: Vec<RecordId> = all.cloned().collect();
        seen.sort();
        seen.dedup();
        seen
    }

    /// How often each field occurred that the mapping does not know.
    pub(crate) fn unknown_fields(&self) -> BTreeMap<String, u64> {
        let mut counts = self.settled.unknown_fields.clone();
        for name in self
            .rows
            .iter()
            .filter_map(PageRow::told)
            .flat_map(|row| &row.unknown_fields)
        {
            match counts.get_mut(name) {
                Some(count) => *count += 1,
                None => _ = counts.insert(name.clone(), 1),
            }
        }
        counts
    }

    /// Whether it can be split.
    pub(crate) fn is_single(&self) -> bool {
        self.rows.len() + self.gone.len() <= 1
    }

    /// Takes the rows away, of which none says anything new, and keeps what the page is to say of them.
    pub(crate) fn settle(&mut self, counts: Counts) {
        self.settled = Summary {
            seen: self.seen(),
            unknown_fields: self.unknown_fields(),
            counts,
        };
        self.rows = Vec::new();
    }

    /// Names the rows whatever their order: a digest of each.
    pub(crate) fn row_digests(&self) -> impl Iterator<Item = [u8; 32]> {
        self.rows.iter().map(|row| match &row.content {
            Content::Told(told) => content_digest(&told.evidence),
            Content::Bad(bad) => content_digest(bad.id.as_bytes()),
        })
    }

    /// Keeps the first half and returns the second.
    pub(crate) fn split(&mut self) -> Self {
        let rows = self.rows.split_off(self.rows.len().div_ceil(2));
        let gone = self.gone.split_off(self.gone.len().div_ceil(2));
        let second = Self {
            rows,
            gone,
            settled: Summary::default(),
            observed_at: self.observed_at,
            cursor: self.cursor.clone(),
        };
        if let Some(last) = self.rows.last() {
            self.cursor = last.whereabouts();
        }
        second
    }

    /// Where it begins, for errors.
    pub(crate) fn whereabouts(&self) -> String {
        self.rows
            .first()
            .map_or_else(|| "closing".to_owned(), PageRow::whereabouts)
    }
}

fn id_of(feed: Feed, row: &[u8]) -> String {
    let mut named = format!("{feed}\n").into_bytes();
    named.extend_from_slice(row);
    hex::encode(&content_digest(&named)[..16])
}
