select sequence, known_at, version, digest, text
from ltr.policy
order by sequence
