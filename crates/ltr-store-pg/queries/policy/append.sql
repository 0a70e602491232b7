-- What is there is kept, so that a rebuild changes none of it.
insert into ltr.policy (sequence, known_at, version, digest, text)
select unnest($1::bigint[]), unnest($2::timestamptz[]), unnest($3::bigint[]), unnest($4::bytea[]), unnest($5::text[])
on conflict (sequence) do nothing
