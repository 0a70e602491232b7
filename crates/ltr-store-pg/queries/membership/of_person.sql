-- Every record that belongs or ever belonged to a person id, the present ones first.
select record
from ltr.membership
where person = $1
group by record
order by bool_or(known_to is null) desc, record
