#!/bin/sh
# In the image that the programs come into: leaves out the libraries that it has itself, and proves that every program
# and every module of a server finds its own, and that the image's user makes a database with each major of $1.
set -eu
majors=$1 to=/programs libraries=/usr/lib/postgresql/libraries
for library in "$to$libraries"/*; do
  ldconfig -p | grep -q "^.${library##*/} " && rm "$library"
done
[ ! -e /usr/share/zoneinfo/UTC ] || rm -rf "$to/usr/share/zoneinfo"
mkdir -p "$to/etc/ld.so.conf.d"
echo "$libraries" > "$to/etc/ld.so.conf.d/postgresql.conf"

cp -a "$to/." /
# initdb and PostgreSQL want to know the name of whoever runs them.
echo 'outlay:x:10001:10001:Outlay:/tmp:/usr/sbin/nologin' >> /etc/passwd
echo 'outlay:x:10001:' >> /etc/group
ldconfig
cp -a /etc/passwd /etc/group /etc/ld.so.cache "$to/etc/"
for major in $majors; do
  of=/usr/lib/postgresql/$major
  [ -d "$of" ] || { echo "There are no programs of PostgreSQL $major: name an image that has them" >&2; exit 1; }
  find "$of" -type f \( -path '*/bin/*' -o -name '*.so' \) -exec ldd {} + > /tmp/needed 2>&1 || true
  if grep -E 'not found|No such file' /tmp/needed; then
    echo "PostgreSQL $major and this image do not fit: both must be of the same Debian" >&2
    exit 1
  fi
  install -d -o 10001 -g 10001 /tmp/data
  for program in "$of"/bin/*; do "$program" --version; done
  setpriv --reuid=10001 --regid=10001 --clear-groups \
    "$of/bin/initdb" --pgdata=/tmp/data --username=postgres --auth=trust --no-sync --locale=C > /dev/null
  rm -r /tmp/data
done
