-- New chunks. Sets in the list of columns are not gathered before they are written, unlike `from unnest(...)`.
insert into ltr.record_history (record, chunk, entries, from_sequence, to_sequence, data)
select
    unnest($1::text[]), unnest($2::integer[]), unnest($3::integer[]), unnest($4::bigint[]), unnest($5::bigint[]),
    unnest($6::bytea[])
