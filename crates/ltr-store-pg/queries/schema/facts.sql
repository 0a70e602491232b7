select
    current_setting('server_version') as server_version,
    current_database()::text as database,
    current_user::text as role,
    to_regclass('ltr.schema_migration') is not null as is_migrated
