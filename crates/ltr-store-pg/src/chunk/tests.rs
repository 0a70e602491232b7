use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::time::KnownAt;
use ltr_ports::store::HistoryEntry;

use super::{BYTES_MAX, HEAD_BYTES, Piece, Tail, cut, read};

fn entry(key: &str, sequence: u64, bytes: usize) -> HistoryEntry {
    let microseconds = i64::try_from(sequence).unwrap() - 2;
    HistoryEntry {
        record: RecordId::new(RecordKind::TrsPerson, key),
        sequence,
        known_at: KnownAt(Timestamp::from_microsecond(microseconds).unwrap()),
        payload: Bytes::from(vec![7; bytes]),
    }
}

/// What a piece writes.
fn data(piece: &Piece<'_>) -> Vec<u8> {
    let mut written = BytesMut::new();
    piece.write(&mut written);
    written.to_vec()
}

/// The pieces that entries of one record, of these sizes, are cut into after a tail: chunk, entries, first and last
/// sequence.
fn check(tail: Option<Tail>, sizes: &[usize], expected: &[(i32, usize, u64, u64)]) {
    let entries: Vec<_> = (1..)
        .zip(sizes)
        .map(|(sequence, bytes)| entry("1", sequence, *bytes))
        .collect();
    let tails = tail
        .map(|tail| ("trs/person/1".to_owned(), tail))
        .into_iter()
        .collect();
    let pieces = cut(&entries, &[], &tails);
    let appended = pieces.appended.iter().map(|piece| piece.chunk);
    assert!(
        appended.eq(tail
            .map(|tail| tail.chunk)
            .filter(|chunk| expected.iter().any(|one| one.0 == *chunk)))
    );
    let pieces: Vec<Piece<'_>> = pieces.appended.into_iter().chain(pieces.new).collect();
    let told = |piece: &Piece<'_>| {
        (
            piece.chunk,
            piece.entries.len(),
            piece.from_sequence,
            piece.to_sequence,
        )
    };
    assert_eq!(pieces.iter().map(told).collect::<Vec<_>>(), expected);

    let mut back = Vec::new();
    for piece in &pieces {
        read(piece.record, &data(piece), None, &mut back).expect("what was written can be read");
    }
    let skipped = tail.map_or(0, |tail| tail.to_sequence);
    assert!(
        back.iter()
            .eq(entries.iter().filter(|entry| entry.sequence > skipped))
    );
}

#[test]
fn a_chunk_is_full_at_64_entries_or_16_kib() {
    let exact = BYTES_MAX - HEAD_BYTES;
    check(None, &[], &[]);
    check(None, &[10, 10], &[(0, 2, 1, 2)]);
    check(None, &[1; 64], &[(0, 64, 1, 64)]);
    check(
        None,
        &[1; 130],
        &[(0, 64, 1, 64), (1, 64, 65, 128), (2, 2, 129, 130)],
    );
    check(None, &[exact, 0], &[(0, 1, 1, 1), (1, 1, 2, 2)]);
    check(None, &[exact - HEAD_BYTES, 0], &[(0, 2, 1, 2)]);
    check(
        None,
        &[5, 200_000, 200_000, 5],
        &[(0, 1, 1, 1), (1, 1, 2, 2), (2, 1, 3, 3), (3, 1, 4, 4)],
    );
}

#[test]
fn entries_go_on_where_the_record_ends() {
    let tail = |entries, bytes, to_sequence| {
        Some(Tail {
            chunk: 3,
            entries,
            bytes,
            to_sequence,
        })
    };
    check(tail(63, 2_000, 0), &[1, 1], &[(3, 1, 1, 1), (4, 1, 2, 2)]);
    check(tail(63, 5_000, 0), &[1, 1], &[(4, 2, 1, 2)]);
    check(tail(64, 2_000, 0), &[1], &[(4, 1, 1, 1)]);
    check(tail(1, 2_000, 0), &[2_076, 1], &[(3, 1, 1, 1), (4, 1, 2, 2)]);
    check(tail(1, 2_000, 0), &[2_077, 9_000], &[(4, 2, 1, 2)]);
    check(tail(1, 200_000, 0), &[1], &[(4, 1, 1, 1)]);
    check(tail(2, 100, 2), &[9, 9, 9], &[(3, 1, 3, 3)]);
    check(tail(2, 100, 3), &[9, 9, 9], &[]);
}

/// Whatever is told of its end: who says that a history begins is believed, or finds out.
#[test]
fn the_first_message_of_a_record_begins_its_history() {
    let entries = [entry("1", 7, 9), entry("2", 8, 9), entry("1", 9, 9)];
    let tail = Tail {
        chunk: 3,
        entries: 1,
        bytes: 30,
        to_sequence: 2,
    };
    let tails = ["1", "2"].map(|key| (format!("trs/person/{key}"), tail));
    let pieces = cut(&entries, &[7], &BTreeMap::from(tails));
    let told = |pieces: &[Piece<'_>]| -> Vec<_> {
        let told = pieces
            .iter()
            .map(|piece| (piece.record.key.to_string(), piece.chunk, piece.entries.len()));
        told.collect()
    };
    assert_eq!(told(&pieces.new), [("1".to_owned(), 0, 2)]);
    assert_eq!(told(&pieces.appended), [("2".to_owned(), 3, 1)]);
}

#[test]
fn records_are_cut_apart() {
    let entries = [entry("1", 1, 9), entry("2", 2, 9), entry("1", 3, 9)];
    let pieces = cut(&entries, &[], &BTreeMap::new());
    let told: Vec<_> = pieces
        .new
        .iter()
        .map(|piece| (&piece.record.key[..], piece.entries.len()))
        .collect();
    assert_eq!(told, [("1", 2), ("2", 1)]);
}

#[test]
fn what_was_known_later_is_left_out() {
    let entries = [entry("1", 1, 9), entry("1", 2, 9), entry("1", 3, 9)];
    let pieces = cut(&entries, &[], &BTreeMap::new());
    let mut back = Vec::new();
    read(
        &entries[0].record,
        &data(&pieces.new[0]),
        Some(entries[1].known_at),
        &mut back,
    )
    .unwrap();
    assert_eq!(back, entries[..2]);
}

#[test]
fn what_is_not_a_chunk_is_not_read() {
    let record = RecordId::new(RecordKind::TrsPerson, "1");
    let entries = [entry("1", 1, 9)];
    let whole = data(&cut(&entries, &[], &BTreeMap::new()).new[0]);
    for cut_at in 1..whole.len() {
        assert_eq!(
            read(&record, &whole[..cut_at], None, &mut Vec::new()),
            None,
            "cut at {cut_at}"
        );
    }
    let mut impossible_time = whole;
    impossible_time[8] = 0x7F;
    assert_eq!(read(&record, &impossible_time, None, &mut Vec::new()), None);
}
