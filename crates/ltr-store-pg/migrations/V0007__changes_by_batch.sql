-- One row of changes a batch instead of one a change: a change was a row and an entry of an index each, a tenth of what a
-- batch wrote, and nobody reads one without its neighbours. What is there goes into rows of at most a thousand sequences.
alter table ltr.change rename to change_before;
alter table ltr.change_1 rename to change_before_1;
alter index ltr.change_1_pkey rename to change_before_1_pkey;

-- That answers changed: the watch's feed. The arrays have one element a change, by ascending sequence and ordinal; those
-- of `digests` are all zeros when the person ended by a merge. The other columns are of the first and the last of them.
create table ltr.change (
    generation smallint not null,
    from_sequence bigint not null,
    from_ordinal integer not null,
    to_sequence bigint not null,
    to_known_at timestamptz not null,
    sequences bigint [] not null,
    ordinals integer [] not null,
    people uuid [] not null,
    digests bytea [] not null,
    known_times timestamptz [] not null
) partition by list (generation);

create table ltr.change_1 partition of ltr.change (primary key (from_sequence, from_ordinal)) for values in (1);

-- Ids and digests do not compress; of the others lz4, where the server has it, makes a fraction.
do $$
begin
    alter table ltr.change_1 alter column people set storage external, alter column digests set storage external;
    alter table ltr.change_1
        alter column sequences set compression lz4,
        alter column ordinals set compression lz4,
        alter column known_times set compression lz4;
exception
    when feature_not_supported then null;
end
$$;

insert into ltr.change
select
    generation,
    (array_agg(sequence order by sequence, ordinal))[1],
    (array_agg(ordinal order by sequence, ordinal))[1],
    max(sequence),
    max(known_at),
    array_agg(sequence order by sequence, ordinal),
    array_agg(ordinal order by sequence, ordinal),
    array_agg(person order by sequence, ordinal),
    array_agg(digest order by sequence, ordinal),
    array_agg(known_at order by sequence, ordinal)
from ltr.change_before
group by generation, sequence / 1000;

drop table ltr.change_before;
