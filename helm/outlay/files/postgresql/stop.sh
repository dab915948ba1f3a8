#!/bin/sh
# What a stop would write is written while everybody still works: so the stop itself is short, and the
# next start has nothing to recover.
psql --no-psqlrc --quiet --username=postgres --dbname=postgres --command=checkpoint || true
