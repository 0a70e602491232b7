-- The people whose answer changed from $1 until $2, each by the first change. A row holds the changes of a batch. Known
-- times never decrease along the sequence, so halving finds the first batch with a change known at or after an instant
-- without an index on known times.
with recursive search as (
    select
        wanted.edge, wanted.at, 0::bigint as low,
        coalesce((select max(from_sequence) from ltr.change_:generation), 0) + 1 as high
    from (values ('from', $1::timestamptz), ('to', $2::timestamptz + interval '1 microsecond')) as wanted (edge, at)
    union all
    select
        search.edge, search.at,
        case when probe.to_known_at < search.at then probe.from_sequence + 1 else search.low end as low,
        case when probe.to_known_at < search.at then search.high else (search.low + search.high) / 2 end as high
    from
        search
        cross join lateral (
            select from_sequence, to_known_at
            from ltr.change_:generation
            where from_sequence >= (search.low + search.high) / 2
            order by from_sequence, from_ordinal
            limit 1
        ) as probe
    where search.low < search.high
),

edges as (
    select
        found.first,
        -- The first change known later, however far behind the last one known by then.
        (
            select min(later.sequence)
            from
                (
                    select sequences, known_times
                    from ltr.change_:generation
                    where from_sequence >= found.after_last
                    order by from_sequence, from_ordinal
                    limit 1
                ) as batch
                cross join lateral unnest(batch.sequences, batch.known_times) as later (sequence, known_at)
            where later.known_at > $2::timestamptz
        ) as after_last
    from (
        select max(low) filter (where edge = 'from') as first, max(low) filter (where edge = 'to') as after_last
        from search
    ) as found
),

firsts as (
    select distinct on (changed.person)
        changed.person, changed.sequence, changed.ordinal, changed.digest, changed.known_at
    from
        edges
        inner join ltr.change_:generation as batch
            on
                batch.from_sequence >= edges.first
                and (edges.after_last is null or batch.from_sequence < edges.after_last + $3::bigint)
        cross join lateral unnest(batch.sequences, batch.ordinals, batch.people, batch.digests, batch.known_times)
            as changed (sequence, ordinal, person, digest, known_at)
    where
        changed.known_at >= $1::timestamptz
        and (edges.after_last is null or changed.sequence < edges.after_last + $3::bigint)
    order by changed.person, changed.sequence, changed.ordinal
)

select person, sequence, ordinal, digest, known_at
from firsts
where (sequence, ordinal) > ($4::bigint, $5::integer)
order by sequence, ordinal
limit $6
