-- Every present membership of everybody to whom one of the records belongs. Looked up one by one whatever the planner
-- thinks of the tables' sizes: most records of a batch are new and belong to nobody.
with people as (
    select distinct belonging.person
    from
        unnest($1::text[]) as wanted (record)
        cross join lateral (
            select person
            from ltr.membership
            where record = wanted.record and known_to is null
            limit 1
        ) as belonging
)

select belonging.record, belonging.person, belonging.known_from, belonging.known_to, belonging.strength
from
    people
    cross join lateral (
        select record, person, known_from, known_to, strength
        from ltr.membership
        where person = people.person and known_to is null
        offset 0
    ) as belonging
