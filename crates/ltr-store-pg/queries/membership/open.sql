insert into ltr.membership (record, person, known_from, known_to, strength)
select * from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[])
