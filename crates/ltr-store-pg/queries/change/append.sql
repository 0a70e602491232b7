insert into ltr.change_:generation (generation, sequence, ordinal, person, digest, known_at)
select
    :generation, unnest($1::bigint[]), unnest($2::integer[]), unnest($3::uuid[]), unnest($4::bytea[]),
    unnest($5::timestamptz[])
