delete from ltr.person
where generation = :generation and person = any($1::uuid[])
