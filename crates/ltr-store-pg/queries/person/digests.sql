select person, digest
from ltr.person_:generation
where person = any($1::uuid[])
