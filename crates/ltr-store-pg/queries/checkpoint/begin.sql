-- The first commit of all; no row is written when another was first.
insert into ltr.checkpoint
    (
        generation, stream_created_at, stream_created_nanoseconds, sequence, running_digest, policy_sequence, resolved,
        resolved_person, resolved_changes, known_at
    )
values (:generation, $1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
