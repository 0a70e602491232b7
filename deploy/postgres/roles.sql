-- The three roles of the store, and their rights in the database this is run in.
--
-- Run it as a superuser or the database's owner who may create roles; running it again changes nothing.
-- It holds no passwords: give each role its own way in, for example
--   ALTER ROLE ltr_serve PASSWORD '…';

BEGIN;

-- Roles belong to the whole server, so they may be there already.
DO $$
BEGIN
    -- Owns the tables: migrations, and rebuilds, which attach and detach partitions.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ltr_owner') THEN
        CREATE ROLE ltr_owner LOGIN;
    END IF;
    -- Writes rows: the projector.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ltr_project') THEN
        CREATE ROLE ltr_project LOGIN;
    END IF;
    -- Reads rows: the API.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ltr_serve') THEN
        CREATE ROLE ltr_serve LOGIN;
        ALTER ROLE ltr_serve SET default_transaction_read_only = on;
    END IF;
END
$$;

-- Whoever runs this may act for the owner below; a superuser may anyway.
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'ltr_owner', 'MEMBER') THEN
        EXECUTE format('GRANT ltr_owner TO %I', current_user);
    END IF;
    EXECUTE format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO ltr_owner', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO ltr_project', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO ltr_serve', current_database());
END
$$;

GRANT USAGE, CREATE ON SCHEMA public TO ltr_owner;
GRANT USAGE ON SCHEMA public TO ltr_project, ltr_serve;

-- What the owner makes from now on, in whatever schema, the others may use in their way.
ALTER DEFAULT PRIVILEGES FOR ROLE ltr_owner GRANT USAGE ON SCHEMAS TO ltr_project, ltr_serve;
ALTER DEFAULT PRIVILEGES FOR ROLE ltr_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ltr_project;
ALTER DEFAULT PRIVILEGES FOR ROLE ltr_owner GRANT USAGE, SELECT ON SEQUENCES TO ltr_project;
ALTER DEFAULT PRIVILEGES FOR ROLE ltr_owner GRANT SELECT ON TABLES TO ltr_serve;

COMMIT;
