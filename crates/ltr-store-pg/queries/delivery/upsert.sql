insert into ltr.delivery
    (
        id, feed, scope, complete, taken_at, opened_at, closed_at, pages, row_count, unchanged, observations, events,
        superseded, quarantined, held_sequence, comparison, reasons, decision, decided_by, decided_because, decided_at
    )
select
    id, feed, scope::jsonb, complete, taken_at, opened_at, closed_at, pages, row_count, unchanged, observations, events,
    superseded, quarantined, held_sequence, comparison::jsonb, reasons::jsonb, decision, decided_by, decided_because,
    decided_at
from
    unnest(
        $1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
        $8::integer[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
        $15::bigint[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::timestamptz[]
    ) as touched (
        id, feed, scope, complete, taken_at, opened_at, closed_at, pages, row_count, unchanged, observations, events,
        superseded, quarantined, held_sequence, comparison, reasons, decision, decided_by, decided_because, decided_at
    )
on conflict (id) do update
set
    feed = excluded.feed,
    scope = excluded.scope,
    complete = excluded.complete,
    taken_at = excluded.taken_at,
    opened_at = excluded.opened_at,
    closed_at = excluded.closed_at,
    pages = excluded.pages,
    row_count = excluded.row_count,
    unchanged = excluded.unchanged,
    observations = excluded.observations,
    events = excluded.events,
    superseded = excluded.superseded,
    quarantined = excluded.quarantined,
    held_sequence = excluded.held_sequence,
    comparison = excluded.comparison,
    reasons = excluded.reasons,
    decision = excluded.decision,
    decided_by = excluded.decided_by,
    decided_because = excluded.decided_because,
    decided_at = excluded.decided_at
