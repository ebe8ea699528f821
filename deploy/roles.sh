#!/bin/sh
# The roles that sign in and the database, made where they are missing; passwords as in the files. Repeatable.
#   sh roles.sh [DATABASE]        runs as the operator of the server; the container does it at its first start
set -eu
read_secret() { cat "${SECRETS:-/run/secrets}/$1"; }
OWNER_PASSWORD=$(read_secret owner_password) APP_PASSWORD=$(read_secret app_password)
JOB_PASSWORD=$(read_secret job_password) BACKUP_PASSWORD=$(read_secret backup_password)
DATABASE=${1:-community_solutions}
export OWNER_PASSWORD APP_PASSWORD JOB_PASSWORD BACKUP_PASSWORD DATABASE

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner OWNER_PASSWORD
\getenv app APP_PASSWORD
\getenv job JOB_PASSWORD
\getenv backup BACKUP_PASSWORD
\getenv database DATABASE
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['cs_owner', 'cs_app', 'cs_job', 'cs_backup']) name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE cs_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE PASSWORD :'owner';
ALTER ROLE cs_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app';
ALTER ROLE cs_job LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'job';
ALTER ROLE cs_backup LOGIN NOSUPERUSER BYPASSRLS PASSWORD :'backup';
ALTER ROLE cs_backup SET default_transaction_read_only = on;
GRANT cs_app, cs_job TO cs_owner WITH ADMIN TRUE, INHERIT FALSE, SET TRUE;
GRANT pg_read_all_data TO cs_backup;
SELECT format('CREATE DATABASE %I OWNER cs_owner', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO cs_app, cs_job, cs_backup;
SQL
