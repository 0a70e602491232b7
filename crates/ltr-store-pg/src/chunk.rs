//! Chunks of a record's history: how entries are laid out in one, and into which one they go.
//!
//! Few large rows instead of many small ones: a record's states resemble each other, so a chunk compresses well, and a
//! record is read with few rows.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use ltr_domain::ids::RecordId;
use ltr_domain::time::KnownAt;
use ltr_ports::store::HistoryEntry;

/// At most so many entries in a chunk.
const ENTRIES_MAX: usize = 64;

/// At most so many bytes in a chunk that has more than one entry.
const BYTES_MAX: usize = 16 * 1024;

/// Before an entry's payload: sequence, known time in microseconds since 1970, length of the payload.
const HEAD_BYTES: usize = 8 + 8 + 4;

/// The last chunk of a record, as it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tail {
    pub(crate) chunk: i32,
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
    pub(crate) to_sequence: u64,
}

/// What is appended to one chunk, be it new or not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) record: &'a RecordId,
    pub(crate) chunk: i32,
    pub(crate) entries: i32,
    pub(crate) from_sequence: u64,
    pub(crate) to_sequence: u64,
    pub(crate) data: Vec<u8>,
}

/// Cuts new entries into pieces, after what each record has already. Entries that are there are left out.
pub(crate) fn cut<'a>(entries: &'a [HistoryEntry], tails: &BTreeMap<String, Tail>) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut ends: BTreeMap<&RecordId, End> = BTreeMap::new();
    for entry in entries {
        let end = ends
            .entry(&entry.record)
            .or_insert_with(|| End::of(tails.get(&entry.record.to_string())));
        if entry.sequence <= end.to_sequence {
            continue;
        }
        let bytes = HEAD_BYTES + entry.payload.len();
        if end.entries >= ENTRIES_MAX || (end.entries > 0 && end.bytes + bytes > BYTES_MAX) {
            *end = End {
                chunk: end.chunk + 1,
                entries: 0,
                bytes: 0,
                piece: None,
                ..*end
            };
        }
        end.entries += 1;
        end.bytes += bytes;
        end.to_sequence = entry.sequence;
        let piece = *end.piece.get_or_insert_with(|| {
            pieces.push(Piece::empty(&entry.record, end.chunk, entry.sequence));
            pieces.len() - 1
        });
        pieces[piece].push(entry);
    }
    pieces
}

/// Where a record's history ends while entries are dealt out.
#[derive(Clone, Copy)]
struct End {
    chunk: i32,
    entries: usize,
    bytes: usize,
    to_sequence: u64,
    /// The piece for this chunk, once there is one.
    piece: Option<usize>,
}

impl End {
    fn of(tail: Option<&Tail>) -> Self {
        Self {
            chunk: tail.map_or(0, |tail| tail.chunk),
            entries: tail.map_or(0, |tail| tail.entries),
            bytes: tail.map_or(0, |tail| tail.bytes),
            to_sequence: tail.map_or(0, |tail| tail.to_sequence),
            piece: None,
        }
    }
}

impl<'a> Piece<'a> {
    fn empty(record: &'a RecordId, chunk: i32, from_sequence: u64) -> Self {
        Self {
            record,
            chunk,
            entries: 0,
            from_sequence,
            to_sequence: from_sequence,
            data: Vec::new(),
        }
    }

    fn push(&mut self, entry: &HistoryEntry) {
        let length = u32::try_from(entry.payload.len()).expect("the log takes no message of that size");
        self.data.extend_from_slice(&entry.sequence.to_be_bytes());
        self.data
            .extend_from_slice(&entry.known_at.0.as_microsecond().to_be_bytes());
        self.data.extend_from_slice(&length.to_be_bytes());
        self.data.extend_from_slice(&entry.payload);
        self.entries += 1;
        self.to_sequence = entry.sequence;
    }
}

/// Reads the entries of a chunk that were known by then; `None`: it is not a chunk.
pub(crate) fn read(
    record: &RecordId,
    mut data: &[u8],
    known: Option<KnownAt>,
    into: &mut Vec<HistoryEntry>,
) -> Option<()> {
    while !data.is_empty() {
        let sequence = u64::from_be_bytes(*data.split_off(..8)?.first_chunk()?);
        let microseconds = i64::from_be_bytes(*data.split_off(..8)?.first_chunk()?);
        let length = u32::from_be_bytes(*data.split_off(..4)?.first_chunk()?);
        let payload = data.split_off(..usize::try_from(length).ok()?)?;
        let known_at = KnownAt(Timestamp::from_microsecond(microseconds).ok()?);
        if known.is_none_or(|known| known_at <= known) {
            into.push(HistoryEntry {
                record: record.clone(),
                sequence,
                known_at,
                payload: Bytes::copy_from_slice(payload),
            });
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
