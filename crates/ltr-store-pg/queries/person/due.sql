-- Whose review is due, each with one record, and one row without anybody where nobody's is: the next free ordinal of a
-- sequence is told either way.
select
    due.person, due.record,
    (
        select coalesce(max(change.ordinal) + 1, 0)
        from
            (
                select sequences, ordinals
                from ltr.change_:generation
                where from_sequence <= $3
                order by from_sequence desc, from_ordinal desc
                limit 1
            ) as batch
            cross join lateral unnest(batch.sequences, batch.ordinals) as change (sequence, ordinal)
        where change.sequence = $3
    ) as next_ordinal
from
    (select 1) as always
    left join (
        select person.person, belonging.record, person.review_on
        from
            ltr.person_:generation as person
            cross join lateral (
                select membership.record
                from ltr.membership
                where membership.person = person.person and membership.known_to is null
                limit 1
            ) as belonging
        where person.review_on <= $1
        order by person.review_on, person.person
        limit $2
    ) as due on true
order by due.review_on, due.person
