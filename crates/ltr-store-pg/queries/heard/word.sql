insert into ltr.word (feed, provider, known_at, taken_at)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
on conflict (feed, provider, known_at) do update set taken_at = excluded.taken_at
