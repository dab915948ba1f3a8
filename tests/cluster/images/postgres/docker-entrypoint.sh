#!/bin/bash
# Makes the database at the first start, then becomes the server.
set -euo pipefail

[[ ${1:-postgres} == -* ]] && set -- postgres "$@"
[[ ${1:-postgres} == postgres ]] || exec "$@"

if [[ $(id -u) == 0 ]]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

# The value of a variable, or of the file that <name>_FILE points to.
setting() {
  local file=$1_FILE
  if [[ -n ${!file:-} ]]; then cat "${!file}"; else printf '%s' "${!1:-$2}"; fi
}

make_database() {
  local user password name
  user=$(setting POSTGRES_USER postgres)
  password=$(setting POSTGRES_PASSWORD '')
  name=$(setting POSTGRES_DB "$user")
  if [[ -z $password ]]; then
    echo "Set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE: a superuser needs a password" >&2
    exit 1
  fi
  read -ra options <<< "${POSTGRES_INITDB_ARGS:-}"
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") --auth-local=trust \
    --auth-host=scram-sha-256 --encoding=UTF8 "${options[@]}"
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  pg_ctl --wait --options="-c listen_addresses=''" start
  [[ $name == postgres ]] || createdb --username="$user" "$name"
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) bash "$script" ;;
      *.sql) psql -v ON_ERROR_STOP=1 --username="$user" --dbname="$name" --file="$script" ;;
    esac
  done
  pg_ctl --wait --mode=fast stop
}

[[ -s $PGDATA/PG_VERSION ]] || make_database
exec "$@" -c listen_addresses='*'
