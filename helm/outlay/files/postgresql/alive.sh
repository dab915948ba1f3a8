#!/bin/sh
# Is it there at all? Also while it starts, recovers or stops (1), which a restart would only prolong.
pg_isready --quiet --timeout=3 --username=postgres --dbname=postgres
[ $? -le 1 ]
