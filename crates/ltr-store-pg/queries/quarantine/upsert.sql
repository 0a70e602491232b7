-- When a row was first seen is written once.
insert into ltr.quarantine
    (
        id, feed, delivery, recorded_at, code, reason, place, evidence_sequence, evidence_digest, sequence,
        first_seen_at, last_seen_at, record, row_bytes, taken_at, scope, times_seen, released_at
    )
select
    id, feed, delivery, recorded_at, code, reason, place, evidence_sequence, evidence_digest, sequence,
    first_seen_at, last_seen_at, record, row_bytes, taken_at, scope::jsonb, times_seen, released_at
from
    unnest(
        $1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::bigint[],
        $9::bytea[], $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::bigint[],
        $15::timestamptz[], $16::text[], $17::bigint[], $18::timestamptz[]
    ) as given (
        id, feed, delivery, recorded_at, code, reason, place, evidence_sequence, evidence_digest, sequence,
        first_seen_at, last_seen_at, record, row_bytes, taken_at, scope, times_seen, released_at
    )
on conflict (id) do update
set
    feed = excluded.feed,
    delivery = excluded.delivery,
    recorded_at = excluded.recorded_at,
    code = excluded.code,
    reason = excluded.reason,
    place = excluded.place,
    evidence_sequence = excluded.evidence_sequence,
    evidence_digest = excluded.evidence_digest,
    sequence = excluded.sequence,
    last_seen_at = excluded.last_seen_at,
    record = excluded.record,
    row_bytes = excluded.row_bytes,
    taken_at = excluded.taken_at,
    scope = excluded.scope,
    times_seen = excluded.times_seen,
    released_at = excluded.released_at
