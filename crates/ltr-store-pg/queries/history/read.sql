select record, chunk, data
from ltr.record_history
where record = any($1::text[])
