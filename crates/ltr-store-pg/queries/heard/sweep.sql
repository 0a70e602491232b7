insert into ltr.sweep (provider, year, known_at, spoke_at)
select * from unnest($1::text[], $2::smallint[], $3::timestamptz[], $4::timestamptz[])
on conflict (provider, year, known_at) do update set spoke_at = excluded.spoke_at
