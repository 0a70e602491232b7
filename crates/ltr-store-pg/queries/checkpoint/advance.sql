-- The fence: no row is written when the cursor is not the one the batch started from. It locks the row until the end of
-- the transaction, so that projectors write one after the other.
update ltr.checkpoint
set
    stream_created_at = $1,
    stream_created_nanoseconds = $2,
    sequence = $3,
    running_digest = $4,
    policy_sequence = $5,
    resolved = $6,
    resolved_person = $7,
    resolved_changes = $8,
    known_at = $9
where
    generation = :generation
    and stream_created_at = $10
    and stream_created_nanoseconds = $11
    and sequence = $12
    and running_digest = $13
    and policy_sequence = $14
    and resolved = $15
    and resolved_person is not distinct from $16
    and resolved_changes is not distinct from $17
