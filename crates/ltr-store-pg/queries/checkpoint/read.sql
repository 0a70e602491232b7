select
    stream_created_at, stream_created_nanoseconds, sequence, running_digest, known_at, policy_sequence, resolved,
    resolved_person, resolved_changes
from ltr.checkpoint
where generation = :generation
