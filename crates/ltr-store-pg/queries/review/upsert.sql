-- Records come joined by what no stored text holds: an array of arrays must be rectangular.
insert into ltr.review (id, kind, records, known_at, sequence, view)
select id, kind, string_to_array(records, e'\x01' || '2'), known_at, sequence, view
from
    unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::bytea[])
        as given (id, kind, records, known_at, sequence, view)
on conflict (id) do update
set
    kind = excluded.kind,
    records = excluded.records,
    known_at = excluded.known_at,
    sequence = excluded.sequence,
    view = excluded.view
