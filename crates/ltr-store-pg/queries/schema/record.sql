insert into ltr.schema_migration (version, name, checksum)
values ($1, $2, encode(sha256(convert_to($3::text, 'UTF8')), 'hex'))
