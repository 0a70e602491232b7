-- When a row was first seen is written once.
insert into ltr.quarantine
    (
        id, feed, delivery, recorded_at, code, reason, place, evidence_sequence, evidence_digest, sequence,
        first_seen_at, last_seen_at
    )
select *
from
    unnest(
        $1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::bigint[],
        $9::bytea[], $10::bigint[], $11::timestamptz[], $12::timestamptz[]
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
    last_seen_at = excluded.last_seen_at
