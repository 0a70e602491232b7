insert into ltr.change (generation, sequence, ordinal, person, digest, known_at)
select :generation, * from unnest($1::bigint[], $2::integer[], $3::uuid[], $4::bytea[], $5::timestamptz[])
