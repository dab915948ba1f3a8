#!/bin/sh
# Starts PostgreSQL on the volume, makes the data directory the first time, and says why it ended.
set -eu

say() { echo "outlay: $*" >&2; }

free() { df -Pk "$VOLUME" | awk 'NR == 2 { print int($4 / 1024) }'; }

explain() {
  if [ "$(free)" -lt 32 ]; then
    say "The volume is full ($(free) MiB are free): make it larger, or delete what else is on it;" \
      "see docs/operations/troubleshooting.md."
  else
    say "$* The lines above say why; see docs/operations/troubleshooting.md."
  fi
}

major=$(postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
data="$VOLUME/$major/docker"

for found in "$VOLUME"/*/docker/PG_VERSION; do
  [ -e "$found" ] || continue
  other=$(cat "$found")
  if [ "$other" != "$major" ] && [ ! -e "$data/PG_VERSION" ]; then
    say "The volume holds the data of PostgreSQL $other, and this image is PostgreSQL $major." \
      "Set postgresql.image.tag to \"$other\", or carry the data over as docs/operations/upgrade.md says."
    exit 1
  fi
done

if [ ! -e "$data/PG_VERSION" ]; then
  say "Making the data directory $data"
  # Moved into its place when it is whole: a start that is cut off begins anew.
  rm -rf "$data.new" && mkdir -p "$data.new" && initdb --pgdata="$data.new" \
    --username=postgres --encoding=UTF8 --locale=C --locale-provider=builtin \
    --builtin-locale=C.UTF-8 --data-checksums --no-instructions --auth-local=peer \
    --auth-host=reject >&2 && mv "$data.new" "$data" || {
    explain "The data directory could not be made as user $(id -u), who has to own the volume or its group."
    exit 1
  }
  sync
fi

# The memory limit in MiB decides: a quarter for PostgreSQL's own cache, and the kernel's cache counts too.
cat > /run/outlay/postgresql.conf <<CONF
include '/etc/outlay/postgresql/base.conf'
shared_buffers = $((MEMORY / 4))MB
effective_cache_size = $((MEMORY * 7 / 10))MB
maintenance_work_mem = $((MEMORY / 16 > 16 ? MEMORY / 16 : 16))MB
work_mem = $((MEMORY / 128 > 4 ? MEMORY / 128 : 4))MB
include '/etc/outlay/postgresql/own.conf'
CONF

postgres -D "$data" \
  -c config_file=/run/outlay/postgresql.conf \
  -c hba_file=/etc/outlay/postgresql/pg_hba.conf \
  -c ident_file=/etc/outlay/postgresql/pg_ident.conf &
server=$!

# The signal of Kubernetes would have PostgreSQL wait for every session to end by itself; this one ends them.
trap 'kill -INT "$server"' TERM INT
code=0
while kill -0 "$server" 2>/dev/null; do
  code=0
  wait "$server" || code=$?
done
[ "$code" -eq 0 ] || explain "PostgreSQL ended with $code."
exit "$code"
