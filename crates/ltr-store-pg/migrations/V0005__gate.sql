-- Complete deliveries that the gate holds: what they would have changed, why they are held, and the last decision on each.
-- Told by the log like everything else. A delivery that passed has none of these.
alter table ltr.delivery
    add column held_sequence bigint,
    add column comparison jsonb,
    add column reasons jsonb,
    add column decision text,
    add column decided_by text,
    add column decided_because text,
    add column decided_at timestamptz;
create index delivery_held on ltr.delivery (opened_at desc, id desc) where held_sequence is not null;
