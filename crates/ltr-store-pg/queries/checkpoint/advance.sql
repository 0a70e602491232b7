-- The fence: no row is written when the cursor is not the one the batch started from. It locks the row until the end of
-- the transaction, so that projectors write one after the other.
update ltr.checkpoint
set stream_created_at = $1, stream_created_nanoseconds = $2, sequence = $3, running_digest = $4, known_at = $5
where
    generation = :generation
    and stream_created_at = $6
    and stream_created_nanoseconds = $7
    and sequence = $8
    and running_digest = $9
