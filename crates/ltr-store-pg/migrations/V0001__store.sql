-- The store: what the projector makes of the log, and what the service reads. All of it can be dropped and rebuilt.
-- Source records are named `source/kind/key`. Known times are to the microsecond.

-- The log in another order: the observations of each record, in chunks of at most 64 entries or 16 KiB.
-- Entries are only ever appended. `data` is one entry after the other: sequence, known time in microseconds since 1970, length
-- (8, 8 and 4 bytes, big-endian), and the message's payload.
create table ltr.record_history (
    record text not null,
    chunk integer not null,
    entries integer not null,
    from_sequence bigint not null,
    to_sequence bigint not null,
    data bytea not null,
    primary key (record, chunk)
);

-- To whom a record belongs, over a stretch of known time; half-open, `known_to is null`: it is so now.
create table ltr.membership (
    record text not null,
    person uuid not null,
    known_from timestamptz not null,
    known_to timestamptz,
    strength text
);
-- A record belongs to one person at a time.
create unique index membership_present on ltr.membership (record) where known_to is null;
create index membership_past on ltr.membership (record) where known_to is not null;
create index membership_person on ltr.membership (person);

-- Rows that could not be mapped, as their messages tell it.
create table ltr.quarantine (
    id text primary key,
    feed text not null,
    delivery uuid not null,
    recorded_at timestamptz not null,
    code text not null,
    reason text not null,
    place text not null,
    evidence_sequence bigint,
    evidence_digest bytea,
    sequence bigint not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null
);
create index quarantine_last_seen on ltr.quarantine (last_seen_at desc, sequence desc);

-- Runs of feeds, as their messages tell it.
create table ltr.delivery (
    id uuid primary key,
    feed text not null,
    scope jsonb not null,
    complete boolean not null,
    taken_at timestamptz not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    pages integer not null,
    row_count bigint not null,
    unchanged bigint not null,
    observations bigint not null,
    events bigint not null,
    superseded bigint not null,
    quarantined bigint not null
);
create index delivery_opened on ltr.delivery (opened_at desc, id desc);
create index delivery_heard on ltr.delivery (feed, taken_at) where pages > 0;

-- How far the log is projected, one row a generation: one set of answers, made by one version of code and policy. The
-- creation time of the stream is exact: its nanoseconds beyond what a timestamp holds are beside it.
create table ltr.checkpoint (
    generation smallint primary key,
    stream_created_at timestamptz not null,
    stream_created_nanoseconds smallint not null,
    sequence bigint not null,
    running_digest bytea not null,
    known_at timestamptz not null
);

-- The present answers of every generation, each in a partition of its own. Statements name the partition, so the keys
-- are the partitions'. A new generation's is made like the first one's, filled, and attached.
create table ltr.person (
    generation smallint not null,
    person uuid not null,
    sequence bigint not null,
    review_on date,
    trn text,
    stage text not null,
    phase text not null,
    certainty text not null,
    digest bytea not null,
    view bytea not null,
    sealed bytea not null
) partition by list (generation);

-- Room in every page for a changed answer beside the old one spares the index an entry, and a third of the time.
create table ltr.person_1 partition of ltr.person (primary key (person)) for values in (1) with (fillfactor = 70);

-- That an answer changed: the watch's feed, likewise. `digest` is all zeros when the person ended by a merge.
create table ltr.change (
    generation smallint not null,
    sequence bigint not null,
    ordinal integer not null,
    person uuid not null,
    digest bytea not null,
    known_at timestamptz not null
) partition by list (generation);

create table ltr.change_1 partition of ltr.change (primary key (sequence, ordinal)) for values in (1);

-- lz4 where the server has it: it takes a fraction of the time of the default.
do $$
begin
    alter table ltr.record_history alter column data set compression lz4;
    alter table ltr.person alter column view set compression lz4;
    alter table ltr.person alter column sealed set compression lz4;
    alter table ltr.person_1 alter column view set compression lz4;
    alter table ltr.person_1 alter column sealed set compression lz4;
exception
    when feature_not_supported then null;
end
$$;
