-- Whose review is due, each with one record, and one row without anybody where nobody's is: the next free ordinal of a
-- sequence is told either way.
select
    due.person, due.record,
    (
        select coalesce(max(change.ordinal) + 1, 0)
        from ltr.change_:generation as change
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
