insert into ltr.provider (name, ukprn, known_from)
select * from unnest($1::text[], $2::text[], $3::timestamptz[])
on conflict (name, ukprn) do nothing
