-- Run by the superuser, as often as one likes. Passwords stay out of the log and out of the statistics.
set log_statement = 'none';
set log_min_error_statement = 'panic';
set log_min_duration_statement = -1;
set pg_stat_statements.track = 'none';
set client_min_messages = 'warning';
\set owner_password `cat "$SECRETS/owner-password"`
\set service_password `cat "$SECRETS/service-password"`
\set exporter_password `cat "$SECRETS/exporter-password"`
\set backup_password `cat "$SECRETS/backup-password"`
-- Made by an older version, or by somebody else, the Secret may lack this one.
\set may_restore `test -s "$SECRETS/restore-password" && echo true || echo false`

select format('create role %I', name)
from unnest(array['outlay_owner', 'outlay_service', 'outlay_exporter', 'outlay_backup', 'outlay_restore']) as name
where not exists (select from pg_catalog.pg_roles where rolname = name) \gexec

-- The owner migrates, the service reads and writes rows, the exporter and the backup read. A restore makes a database
-- for the owner, ends the sessions of the one before, and takes its place.
alter role outlay_owner login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'owner_password';
alter role outlay_service login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'service_password';
alter role outlay_exporter login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'exporter_password';
alter role outlay_backup login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'backup_password';
\if :may_restore
\set restore_password `cat "$SECRETS/restore-password"`
alter role outlay_restore login nosuperuser createdb nocreaterole noreplication nobypassrls password :'restore_password';
\else
alter role outlay_restore nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls password null;
\endif
alter role outlay_exporter set statement_timeout = '10s';
grant pg_monitor to outlay_exporter;
grant pg_read_all_data to outlay_backup;
grant outlay_owner to outlay_restore with inherit true, set true;
grant pg_signal_backend, pg_read_all_stats to outlay_restore;

select 'create database outlay owner outlay_owner'
where not exists (select from pg_catalog.pg_database where datname = 'outlay') \gexec
revoke all on database outlay from public;
grant connect, temporary on database outlay to outlay_service;
grant connect on database outlay to outlay_backup;

create extension if not exists pg_stat_statements;
alter extension pg_stat_statements update;

\connect outlay
set client_min_messages = 'warning';
grant select, insert, update, delete on all tables in schema public to outlay_service;
grant usage, select on all sequences in schema public to outlay_service;
alter default privileges for role outlay_owner in schema public
  grant select, insert, update, delete on tables to outlay_service;
alter default privileges for role outlay_owner in schema public
  grant usage, select on sequences to outlay_service;

-- What changed about TLS, if anything.
select pg_catalog.pg_reload_conf();
