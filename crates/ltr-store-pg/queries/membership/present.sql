-- Every present membership of everybody to whom one of the records belongs.
select record, person, known_from, known_to, strength
from ltr.membership
where
    known_to is null
    and person = any(
        array(select person from ltr.membership where record = any($1::text[]) and known_to is null)
    )
