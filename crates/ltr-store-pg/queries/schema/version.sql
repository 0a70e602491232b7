select max(version) as version from ltr.schema_migration
