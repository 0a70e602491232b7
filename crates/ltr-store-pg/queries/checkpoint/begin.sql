-- The first commit of all; no row is written when another was first.
insert into ltr.checkpoint
    (generation, stream_created_at, stream_created_nanoseconds, sequence, running_digest, known_at)
values (:generation, $1, $2, $3, $4, $5)
on conflict do nothing
