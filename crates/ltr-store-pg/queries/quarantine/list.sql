select
    id, feed, delivery, recorded_at, code, reason, place, evidence_sequence, evidence_digest, sequence,
    first_seen_at, last_seen_at, record, row_bytes, taken_at, scope::text as scope, times_seen, released_at
from ltr.quarantine
order by last_seen_at desc, sequence desc
limit $1
