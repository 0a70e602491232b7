select
    id, feed, scope::text as scope, complete, taken_at, opened_at, closed_at, pages, row_count, unchanged, observations,
    events, superseded, quarantined, held_sequence, comparison::text as comparison, reasons::text as reasons, decision,
    decided_by, decided_because, decided_at
from ltr.delivery
where id = any($1::uuid[])
