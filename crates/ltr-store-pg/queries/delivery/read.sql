select
    id, feed, scope::text as scope, complete, taken_at, opened_at, closed_at, pages, row_count, unchanged, observations,
    events, superseded, quarantined
from ltr.delivery
where id = any($1::uuid[])
