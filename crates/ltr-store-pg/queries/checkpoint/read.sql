select stream_created_at, stream_created_nanoseconds, sequence, running_digest, known_at
from ltr.checkpoint
where generation = :generation
