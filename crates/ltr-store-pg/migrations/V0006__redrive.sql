-- Rows in quarantine that can be worked off: the record they are named after, what they speak for, how long they are and how
-- often they came; and when they were released, which was computed by every reader before. What is there already is told
-- by its delivery, and is released if a complete delivery of the same scope came without it since.
alter table ltr.quarantine
    add column record text,
    add column row_bytes bigint,
    add column taken_at timestamptz,
    add column scope jsonb not null default '{}',
    add column times_seen bigint not null default 1,
    add column released_at timestamptz;
update ltr.quarantine
set scope = delivery.scope
from ltr.delivery
where delivery.id = quarantine.delivery;
update ltr.quarantine
set released_at = (
        select min(delivery.closed_at)
        from ltr.delivery
        where
            delivery.feed = quarantine.feed
            and delivery.scope = quarantine.scope
            and delivery.complete
            and delivery.opened_at > quarantine.last_seen_at
    );
create index quarantine_waiting on ltr.quarantine (id) where released_at is null;
