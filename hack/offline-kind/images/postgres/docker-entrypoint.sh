#!/bin/bash
# docker-entrypoint.sh [postgres] [-c NAME=VALUE ...], or any other command. An empty PGDATA is initialised first, by
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB (each also as NAME_FILE), POSTGRES_INITDB_ARGS and
# POSTGRES_HOST_AUTH_METHOD, and by the scripts in /docker-entrypoint-initdb.d; until they are done, TCP is off.
set -Eeuo pipefail

# setting NAME [DEFAULT]: exports NAME, from NAME, from the file that NAME_FILE names, or the default.
setting() {
  local file_name=$1_FILE
  if [ -n "${!1:-}" ] && [ -n "${!file_name:-}" ]; then
    echo "docker-entrypoint.sh: set either $1 or $file_name, not both" >&2
    exit 1
  fi
  local value=${!1:-${2:-}}
  if [ -n "${!file_name:-}" ]; then value=$(<"${!file_name}"); fi
  export "$1=$value"
  unset "$file_name"
}

run_as_postgres_when_root() {
  if [ "$(id -u)" != 0 ]; then return; fi
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid postgres --regid postgres --clear-groups "$0" "$@"
}

initialise_database() {
  if [ -z "$POSTGRES_PASSWORD" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo "docker-entrypoint.sh: set POSTGRES_PASSWORD, the superuser's password" >&2
    exit 1
  fi
  local arguments
  read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
  printf 'host all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
}

sql() { psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"; }

# shellcheck disable=SC1090  # whatever scripts there are
run_initialisation_scripts() {
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      # What can't be executed is sourced: a ConfigMap's files often can't.
      *.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
      *.sql) sql --dbname "$POSTGRES_DB" --file "$script" ;;
      *.sql.gz) gunzip --stdout "$script" | sql --dbname "$POSTGRES_DB" ;;
      */\*) ;;
      *) echo "docker-entrypoint.sh: $script is left alone: neither .sh nor .sql nor .sql.gz" >&2 ;;
    esac
  done
}

initialise() {
  setting POSTGRES_PASSWORD
  setting POSTGRES_USER postgres
  setting POSTGRES_DB "$POSTGRES_USER"
  initialise_database
  PGUSER=$POSTGRES_USER pg_ctl --wait start --options "$(printf '%q ' "${@:2}" -c listen_addresses= -p 5432)"
  if [ "$POSTGRES_DB" != postgres ]; then
    sql --dbname postgres --set database="$POSTGRES_DB" <<<'CREATE DATABASE :"database";'
  fi
  run_initialisation_scripts
  PGUSER=$POSTGRES_USER pg_ctl --wait --mode fast stop
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$1" = postgres ]; then
  run_as_postgres_when_root "$@"
  mkdir -p "$PGDATA"
  # A volume's own mode may be out of a container's hands; Postgres itself says so when it minds.
  chmod 0700 "$PGDATA" || true
  if [ ! -s "$PGDATA/PG_VERSION" ]; then initialise "$@"; fi
fi
exec "$@"
