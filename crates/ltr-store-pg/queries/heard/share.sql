insert into ltr.share (ukprn, year, known_at, trainees, recognised)
select * from unnest($1::text[], $2::smallint[], $3::timestamptz[], $4::integer[], $5::integer[])
on conflict (ukprn, year, known_at) do update
set trainees = excluded.trainees, recognised = excluded.recognised
