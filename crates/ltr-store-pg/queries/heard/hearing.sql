-- What had been heard by a known time: under which numbers the providers asked about ($1; null: all) turned up, how many
-- of their recruits did, the shares under those numbers, and the deliveries that cover them. Of `people`, `counted` are
-- recognised, or have turned up.
with named as (
    select name, ukprn
    from ltr.provider
    where ($1::text[] is null or name = any($1)) and known_from <= $2
),

numbers as (select distinct ukprn from named)

select
    'provider' as part, name, ukprn as provider, 0::smallint as year, 0 as people, 0 as counted,
    null::timestamptz as spoke_at
from named
union all
select 'turnout', turnout.name, '', turnout.year, turnout.recruits, turnout.turned_up, null
from
    (
        select distinct on (name, year) name, year, recruits, turned_up
        from ltr.turnout
        where known_at <= $2 and ($1::text[] is null or name = any($1))
        order by name asc, year asc, known_at desc
    ) as turnout
union all
select 'share', '', share.ukprn, share.year, share.trainees, share.recognised, null
from
    (
        select distinct on (ukprn, year) ukprn, year, trainees, recognised
        from ltr.share
        where known_at <= $2 and ($1::text[] is null or ukprn in (select ukprn from numbers))
        order by ukprn asc, year asc, known_at desc
    ) as share
union all
select 'sweep', '', sweep.provider, sweep.year, 0, 0, sweep.spoke_at
from
    (
        select distinct on (provider, year) provider, year, spoke_at
        from ltr.sweep
        where
            known_at <= $2
            and (
                $1::text[] is null
                or provider = ''
                or provider in (select ukprn from numbers)
                or provider = any($3::text[])
            )
        order by provider asc, year asc, known_at desc
    ) as sweep
