-- Who the record belonged to at a known time, all records that belonged to that person then, and their history. What of
-- it became known later is left out by the reader of the chunks.
with owner as (
    select person
    from ltr.membership
    where record = $1 and known_to is null and known_from <= $2
    union all
    select person
    from ltr.membership
    where record = $1 and known_to > $2 and known_from <= $2
)

select belonging.record, belonging.person, belonging.known_from, belonging.known_to, belonging.strength, kept.chunk, kept.data
from
    owner
    inner join ltr.membership as belonging
        on
            belonging.person = owner.person
            and belonging.known_from <= $2
            and (belonging.known_to is null or belonging.known_to > $2)
    left join ltr.record_history as kept on kept.record = belonging.record
