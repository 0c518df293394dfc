-- Once, as the server's administrator: sudo -u postgres psql -f integrador.sql
-- The role owns its database and nothing else. It comes in through the socket as the system's user of that name, without
-- a password (Debian's «peer»); for a database on another machine add one: ALTER ROLE integrador PASSWORD '…'.

CREATE ROLE integrador LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 60;

-- Said, because a server that was installed without a language would take ASCII. Lists are sorted as in Spanish.
CREATE DATABASE integrador OWNER integrador TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER icu ICU_LOCALE 'es-CO' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE integrador FROM PUBLIC;

-- A claim is on the disk before its document leaves.
ALTER ROLE integrador SET synchronous_commit = on;
-- A process that hangs inside a transaction holds the row of a lane: its transaction is ended, its leases end by time.
ALTER ROLE integrador SET idle_in_transaction_session_timeout = '15min';
