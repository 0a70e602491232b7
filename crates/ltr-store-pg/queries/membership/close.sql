update ltr.membership as kept
set known_to = ending.known_to
from unnest($1::text[], $2::uuid[], $3::timestamptz[]) as ending (record, person, known_to)
where kept.record = ending.record and kept.person = ending.person and kept.known_to is null
