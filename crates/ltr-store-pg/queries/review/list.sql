select id, kind, records, known_at, sequence, view
from ltr.review
order by known_at, id collate "C"
limit $1
