-- For each feed and provider the latest row known by then. The primary key is walked from one to the next.
with recursive spoken as (
    (select feed, provider from ltr.word order by feed, provider limit 1)
    union all
    select next.feed, next.provider
    from
        spoken
        cross join lateral (
            select word.feed, word.provider
            from ltr.word
            where (word.feed, word.provider) > (spoken.feed, spoken.provider)
            order by word.feed, word.provider
            limit 1
        ) as next
)

select spoken.feed, spoken.provider, latest.taken_at
from
    spoken
    cross join lateral (
        select word.taken_at
        from ltr.word
        where
            word.feed = spoken.feed
            and word.provider = spoken.provider
            and word.known_at <= coalesce($1, 'infinity'::timestamptz)
        order by word.known_at desc
        limit 1
    ) as latest
