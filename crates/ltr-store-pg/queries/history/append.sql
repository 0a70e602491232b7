-- New chunks, and more for chunks that have room. Entries that are there already are never appended again.
insert into ltr.record_history as kept (record, chunk, entries, from_sequence, to_sequence, data)
select * from unnest($1::text[], $2::integer[], $3::integer[], $4::bigint[], $5::bigint[], $6::bytea[])
on conflict (record, chunk) do update
set
    entries = kept.entries + excluded.entries,
    to_sequence = excluded.to_sequence,
    data = kept.data || excluded.data
where kept.to_sequence < excluded.from_sequence
