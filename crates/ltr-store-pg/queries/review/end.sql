delete from ltr.review
where id = any($1::text[])
