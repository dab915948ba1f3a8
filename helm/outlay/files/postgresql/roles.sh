#!/bin/sh
# Beside PostgreSQL, over its socket: makes the database and the roles, and gives the roles the passwords of
# the Secret whenever that changes.
set -u
trap 'exit 0' TERM INT

say() { echo "outlay: $*" >&2; }

# In the background, so that a signal is heard at once.
nap() { sleep "$1" & wait $!; }

# Files of a Secret change without an event that this image has a tool for.
fingerprint() { cat "$SECRETS"/*-password "$TLS"/* 2>/dev/null | cksum; }

missing() {
  for key in owner-password service-password exporter-password backup-password; do
    [ -s "$SECRETS/$key" ] || echo "$key"
  done
}

apply() {
  psql --no-psqlrc --quiet --username=postgres --dbname=postgres --set=ON_ERROR_STOP=1 \
    --output=/dev/null --file=/etc/outlay/postgresql/roles.sql
}

done_with=""
told=""
while :; do
  seen=$(fingerprint)
  lacks=$(missing)
  if [ -n "$lacks" ]; then
    [ "$told" = "$lacks" ] || say "The Secret $SECRET has no" $lacks": add it, and PostgreSQL's roles take it."
    told=$lacks
    nap 5
  elif [ "$seen" = "$done_with" ] || ! pg_isready --quiet --username=postgres --dbname=postgres; then
    nap 2
  else
    if [ -n "$done_with" ]; then
      say "The Secret $SECRET changed: the roles take its passwords in $ROTATION_SECONDS seconds."
      nap "$ROTATION_SECONDS"
      seen=$(fingerprint)
    fi
    if apply; then
      done_with=$seen
      told=""
      : > /run/outlay/roles-are-made
      say "The database and its roles are as they should be."
      [ -s "$SECRETS/restore-password" ] || say "The Secret $SECRET has no restore-password: until it has" \
        "one, nobody can restore a backup into this server."
    else
      say "The roles could not be made: the line above says why. It is tried again."
      nap 5
    fi
  fi
done
