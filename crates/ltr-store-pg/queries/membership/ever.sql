-- Every membership, past and present, of everybody to whom one of the records ever belonged.
with owner as (
    select person
    from ltr.membership
    where record = any($1::text[]) and known_to is null
    union
    select person
    from ltr.membership
    where record = any($1::text[]) and known_to is not null
)

select belonging.record, belonging.person, belonging.known_from, belonging.known_to, belonging.strength
from
    owner
    inner join ltr.membership as belonging on belonging.person = owner.person
