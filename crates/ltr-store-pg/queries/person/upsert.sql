insert into ltr.person
    (generation, person, sequence, review_on, trn, stage, phase, certainty, digest, view, sealed)
select :generation, *
from
    unnest(
        $1::uuid[], $2::bigint[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[],
        $9::bytea[], $10::bytea[]
    )
on conflict (generation, person) do update
set
    sequence = excluded.sequence,
    review_on = excluded.review_on,
    trn = excluded.trn,
    stage = excluded.stage,
    phase = excluded.phase,
    certainty = excluded.certainty,
    digest = excluded.digest,
    view = excluded.view,
    sealed = excluded.sealed
