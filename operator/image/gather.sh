#!/bin/sh
# In an image of PostgreSQL: gathers the programs of a major, what they load and their libraries below /programs.
# Nothing is gathered of a major that the image has not; fit.sh finds out what is missing.
set -eu
major=$1
from=/usr/lib/postgresql/$major share=/usr/share/postgresql/$major to=/programs
mkdir -p "$to/usr/lib/postgresql/libraries" "$to/usr/share/postgresql"
[ -d "$from" ] || exit 0

cp -a "$from" "$to/usr/lib/postgresql/"
# The official images have a sample of the settings elsewhere, and only a link to it here.
for part in "$share"/*; do
  case $part in */man | "$share/*") continue ;; esac
  mkdir -p "$to/usr/share/postgresql/$major"
  cp -rL "$part" "$to/usr/share/postgresql/$major/"
done
[ ! -d /usr/share/zoneinfo ] || cp -a /usr/share/zoneinfo "$to/usr/share/"

cd "$to/usr/lib/postgresql/$major"
for program in bin/*; do
  case ${program#bin/} in initdb | postgres | pg_dump | pg_restore | psql) ;; *) rm "$program" ;; esac
done
# Just-in-time compilation is off in a throw-away server, and its compiler is larger than everything else.
find . \( -name 'llvmjit*' -o -name bitcode -o -name pgxs -o -name pkgconfig -o -name include -o -name '*.a' \
     -o -name 'libecpg*' -o -name 'libpgtypes*' \) \
  -prune -exec rm -r {} +
rm -rf "$to/usr/share/zoneinfo/right" "$to/usr/share/zoneinfo/posix"

# What they need is known where they came from; later it is found by its name.
find bin lib -type f | sed "s|^|$from/|" | xargs ldd 2> /dev/null |
  sed -n 's/^\t\(\S*\) => \(\/\S*\) .*/\1 \2/p' | sort -u |
  while read -r name path; do
    cp -L "$path" "$to/usr/lib/postgresql/libraries/$name"
  done
