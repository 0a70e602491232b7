insert into ltr.membership (record, person, known_from, known_to, strength)
select
    unnest($1::text[]), unnest($2::uuid[]), unnest($3::timestamptz[]), unnest($4::timestamptz[]), unnest($5::text[])
