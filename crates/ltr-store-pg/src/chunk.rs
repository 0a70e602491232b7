//! Chunks of a record's history: how entries are laid out in one, and into which one they go.
//!
//! Few large rows instead of many small ones: a record's states resemble each other, so a chunk compresses well, and a
//! record is read with few rows.

use std::collections::{BTreeMap, HashMap};

use bytes::{BufMut, Bytes, BytesMut};
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

/// What one batch writes into one chunk. The payloads are copied once, to where they are sent from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) record: &'a RecordId,
    pub(crate) chunk: i32,
    pub(crate) from_sequence: u64,
    pub(crate) to_sequence: u64,
    pub(crate) entries: Vec<&'a HistoryEntry>,
}

/// Everything one batch writes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pieces<'a> {
    /// More for chunks that are there.
    pub(crate) appended: Vec<Piece<'a>>,
    /// New chunks.
    pub(crate) new: Vec<Piece<'a>>,
}

/// Cuts new entries into pieces, after what each record has already: nothing, if its first entry here is among the
/// sequences of `first`. Entries that are there are left out.
pub(crate) fn cut<'a>(
    entries: &'a [HistoryEntry],
    first: &[u64],
    tails: &BTreeMap<String, Tail>,
) -> Pieces<'a> {
    let mut pieces = Pieces::default();
    let mut ends: HashMap<&RecordId, End> = HashMap::with_capacity(entries.len());
    for entry in entries {
        let end = ends.entry(&entry.record).or_insert_with(|| {
            if is_first(entry, first) {
                return End::of(None);
            }
            End::of(tails.get(&text::key(&entry.record)))
        });
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

/// Whether it is one of the messages with which a record's history begins.
pub(crate) fn is_first(entry: &HistoryEntry, first: &[u64]) -> bool {
    first.binary_search(&entry.sequence).is_ok()
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
            from_sequence,
            to_sequence: from_sequence,
            entries: Vec::new(),
        }
    }

    fn push(&mut self, entry: &'a HistoryEntry) {
        self.entries.push(entry);
        self.to_sequence = entry.sequence;
    }

    /// Writes the entries as the chunk holds them.
    pub(crate) fn write(&self, into: &mut BytesMut) {
        for entry in &self.entries {
            let length = u32::try_from(entry.payload.len()).expect("the log takes no message of that size");
            into.put_u64(entry.sequence);
            into.put_i64(entry.known_at.0.as_microsecond());
            into.put_u32(length);
            into.put_slice(&entry.payload);
        }
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
