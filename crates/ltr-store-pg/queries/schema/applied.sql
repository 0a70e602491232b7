select version, name, checksum
from ltr.schema_migration
order by version
