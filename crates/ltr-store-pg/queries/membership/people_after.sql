-- Every present membership of the next people who have an answer; the nil id is before everybody's.
select record, person, known_from, known_to, strength
from ltr.membership
where
    known_to is null
    and person = any(array(select person from ltr.person_:generation where person > $1 order by person limit $2))
order by person, record
