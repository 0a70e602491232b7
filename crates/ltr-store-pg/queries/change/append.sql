-- One row of all changes of a batch, in their order.
insert into ltr.change_:generation
    (
        generation, from_sequence, from_ordinal, to_sequence, to_known_at, sequences, ordinals, people, digests, known_times
    )
select
    :generation, sequences[1], ordinals[1], sequences[cardinality(sequences)], known_times[cardinality(known_times)],
    sequences, ordinals, people, digests, known_times
from
    (values ($1::bigint[], $2::integer[], $3::uuid[], $4::bytea[], $5::timestamptz[]))
        as batch (sequences, ordinals, people, digests, known_times)
