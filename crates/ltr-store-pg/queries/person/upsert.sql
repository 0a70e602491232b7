insert into ltr.person_:generation
    (generation, person, sequence, review_on, trn, stage, phase, certainty, digest, view, sealed, awaits)
select
    :generation, unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::date[]), unnest($4::text[]), unnest($5::text[]),
    unnest($6::text[]), unnest($7::text[]), unnest($8::bytea[]), unnest($9::bytea[]), unnest($10::bytea[]), unnest($11::text[])
on conflict (person) do update
set
    sequence = excluded.sequence,
    review_on = excluded.review_on,
    trn = excluded.trn,
    stage = excluded.stage,
    phase = excluded.phase,
    certainty = excluded.certainty,
    digest = excluded.digest,
    view = excluded.view,
    sealed = excluded.sealed,
    awaits = excluded.awaits
