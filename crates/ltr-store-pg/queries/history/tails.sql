-- The last chunk of each record that has one.
select wanted.record, tail.chunk, tail.entries, tail.bytes, tail.to_sequence
from
    unnest($1::text[]) as wanted (record)
    cross join lateral (
        select chunk, entries, octet_length(data) as bytes, to_sequence
        from ltr.record_history
        where record = wanted.record
        order by chunk desc
        limit 1
    ) as tail
