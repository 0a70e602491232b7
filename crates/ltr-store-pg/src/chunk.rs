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

use crate::text;

/// At most so many entries in a chunk.
const ENTRIES_MAX: usize = 64;

/// At most so many bytes in a chunk that has more than one entry.
const BYTES_MAX: usize = 16 * 1024;

/// At most so many bytes in a chunk that another batch appends to: appending writes the whole chunk anew.
const APPENDED_BYTES_MAX: usize = 4 * 1024;

/// Before an entry's payload: sequence, known time in microseconds since 1970, length of the payload.
const HEAD_BYTES: usize = 8 + 8 + 4;

/// The last chunk of a record, as it stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tail {
    pub(crate) chunk: i32,
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
    pub(crate) to_sequence: u64,
}

/// What one batch writes into one chunk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) record: &'a RecordId,
    pub(crate) chunk: i32,
    pub(crate) entries: i32,
    pub(crate) from_sequence: u64,
    pub(crate) to_sequence: u64,
    pub(crate) data: Vec<u8>,
}

/// Everything one batch writes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pieces<'a> {
    /// More for chunks that are there.
    pub(crate) appended: Vec<Piece<'a>>,
    /// New chunks.
    pub(crate) new: Vec<Piece<'a>>,
}

/// Cuts new entries into pieces, after what each record has already. Entries that are there are left out.
pub(crate) fn cut<'a>(entries: &'a [HistoryEntry], tails: &BTreeMap<String, Tail>) -> Pieces<'a> {
    let mut pieces = Pieces::default();
    let mut ends: BTreeMap<&RecordId, End> = BTreeMap::new();
    for entry in entries {
        let end = ends
            .entry(&entry.record)
            .or_insert_with(|| End::of(tails.get(&text::key(&entry.record))));
        if entry.sequence <= end.to_sequence {
            continue;
        }
        let bytes = HEAD_BYTES + entry.payload.len();
        if !end.has_room_for(bytes) {
            end.begin_chunk();
        }
        let into = match end.kind {
            Kind::Kept => &mut pieces.appended,
            Kind::New => &mut pieces.new,
        };
        let piece = *end.piece.get_or_insert_with(|| {
            into.push(Piece::empty(&entry.record, end.chunk, entry.sequence));
            into.len() - 1
        });
        into[piece].push(entry);
        end.entries += 1;
        end.bytes += bytes;
        end.to_sequence = entry.sequence;
    }
    pieces
}

/// Where a record's history ends while entries are dealt out.
struct End {
    chunk: i32,
    kind: Kind,
    entries: usize,
    bytes: usize,
    to_sequence: u64,
    /// Which of the pieces is this chunk's, once there is one.
    piece: Option<usize>,
}

/// Whether a chunk is there already.
#[derive(Clone, Copy)]
enum Kind {
    Kept,
    New,
}

impl End {
    fn of(tail: Option<&Tail>) -> Self {
        let (kind, tail) = match tail {
            Some(tail) => (Kind::Kept, *tail),
            None => (Kind::New, Tail::default()),
        };
        Self {
            chunk: tail.chunk,
            kind,
            entries: tail.entries,
            bytes: tail.bytes,
            to_sequence: tail.to_sequence,
            piece: None,
        }
    }

    fn has_room_for(&self, bytes: usize) -> bool {
        let bytes_max = match self.kind {
            Kind::Kept => APPENDED_BYTES_MAX,
            Kind::New => BYTES_MAX,
        };
        self.entries == 0 || (self.entries < ENTRIES_MAX && self.bytes + bytes <= bytes_max)
    }

    fn begin_chunk(&mut self) {
        self.chunk += 1;
        self.kind = Kind::New;
        self.entries = 0;
        self.bytes = 0;
        self.piece = None;
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
