-- Everything of a run of migrations is one transaction, and no two run at a time.
select pg_advisory_xact_lock(5500000000017); -- any number, the same in every version
create schema if not exists ltr;
create table if not exists ltr.schema_migration (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
);
