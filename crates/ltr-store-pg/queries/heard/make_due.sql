-- The answers that wait for one of these providers are due for review from that day on.
update ltr.person_:generation
set review_on = $2
where awaits = any($1::text[]) and (review_on is null or review_on > $2)
