-- More for chunks that have room. Entries that are there already are never appended again.
update ltr.record_history as kept
set
    entries = kept.entries + more.entries,
    to_sequence = more.to_sequence,
    data = kept.data || more.data
from
    unnest($1::text[], $2::integer[], $3::integer[], $4::bigint[], $5::bigint[], $6::bytea[])
    as more (record, chunk, entries, from_sequence, to_sequence, data)
where kept.record = more.record and kept.chunk = more.chunk and kept.to_sequence < more.from_sequence
