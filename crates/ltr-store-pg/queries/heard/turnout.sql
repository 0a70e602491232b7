insert into ltr.turnout (name, year, known_at, recruits, turned_up)
select * from unnest($1::text[], $2::smallint[], $3::timestamptz[], $4::integer[], $5::integer[])
on conflict (name, year, known_at) do update
set recruits = excluded.recruits, turned_up = excluded.turned_up
