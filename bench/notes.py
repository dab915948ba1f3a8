"""What a table cannot say: what bounds a figure. Kept here so that a new run keeps it."""

from typing import Final

NOTES: Final[dict[str, str]] = {
    "requests": """
A program without any framework that runs the month summary's two statements reaches a third of
pgbench here: 0.34 of it in one run, 0.30 in another. So 0.30 of pgbench would leave a service with
routing, rights, validation, metrics and a log line next to nothing, and this one does not reach it.

Processor time tells more than rates where other programs run too. Measured in turns beside the bare
program: 0.25 ms a summary there and 0.46 ms here (0.54 of bare), 1.03 ms a list and 1.25 ms (0.82).
What the summary has on top, each piece alone: 0.04 ms to build and write its sums (0.11 before amounts
were written with one look at their currency), 0.02 ms the log line, 0.015 ms the request's time limit,
0.01 ms metrics, 0.01 ms its SQL; by py-spy 5% are Litestar's routing and error handling. A third of
what it and the bare program share is a task that asyncpg's pool starts for each connection given back.
Fewer garbage collections gained nothing. The last run reached 0.66 of bare and 0.27 of pgbench; no single
part is left that would bring the rest.

Without app/outlay/direct.py, which calls JSON routes past Litestar's own way, a create costs an eighth
more: 0.80 of the bare program would be about 0.70. It stays for that reason.

Shares of rates vary by a fifth between runs here.
""",
    "scale": """
Both ledgers hold ten years, so a day of the large one has forty rows in the daily totals and a day of
the small one two or three. The plain summary of a month grows little; by category or by month of a year
it reads more totals and answers with more groups (a category in three currencies instead of one), and
grows with their number: about 1.5 times at a hundred times the rows, 4 ms in all. At equal density
nothing grows.

Sums by tag and of one tag, and the day totals of a list with a tag, come from daily_tag_totals: of two
years of a common tag 7 ms instead of 360. Sums of a common word and by account have no totals, because
they cross with everything: two years of them (a year and the one before) read 200,000 rows by date, at
0.5 us a row and processor for the index and the comparison. The figure at worst is of eleven tries,
the first ones after a start among them, beside whatever else the machine did.
""",
    "undo": """
A commit of an import holds its ledger's lock from its first row to its last, which is most of its time:
rows, log, totals and words are written once, in one order, with no gap in the numbers. Readers are not
kept waiting, other ledgers neither; a create in that ledger waits, and after OUTLAY_STATEMENT_TIMEOUT
gets 503 with Retry-After, which the pages and the command line send again.

An undo writes every row once more with its line in the log, so that it costs what the import did.
""",
    "searching": """
The two plain ways answer a bare statement; ours also counts, sums up the days shown and reads whole
rows, so its times are not like for like. Plain trigrams run at our threshold (0.35); at PostgreSQL's own
of 0.6 they find no mistyped word.
""",
    "memory and start": """
A start is 0.7 s of processor time: 0.5 s to read 770 modules (Litestar 0.15, Outlay's own 0.12, asyncpg,
yaml, charset-normalizer and anyio 0.02 each), the rest is to build the routes and open connections.
An embedded PostgreSQL comes up meanwhile. Figures
of before 2026-11-26 were taken with PYTHONDONTWRITEBYTECODE set, so that every start compiled all of it
again: that doubles the time at least, as the first start of all shows.
""",
    "writers": """
Creates on one ledger wait for each other: every one takes the ledger's next number. The target's second
half, 0.30 of pgbench over many ledgers, is what this machine can show.
""",
    "backup": """
Counting and checking is a second reading of every row, and writing rows as text is most of it. On two
processors it runs beside the dump; where others take them, it adds to it: on a machine with a load of
eleven the same ratio was 1.64, and single rounds lay between 1.38 and 2.0. In a verify the restore itself
is the largest part; the throw-away server's start is included.
""",
    "start in a pod": """
A limit of one processor; the process is killed, so the migrations' container does not run again. A pod that
was deleted is replaced by one that is Ready after three seconds, migrations' container included.
""",
    "operator": """
Beside a cluster of this machine. Every Backup is done and marked as such, as after years of nightly runs:
what is done is passed over by its label. A look at a schedule reads its own fifty Backups from the API
server's memory. The processor time while nothing happens is the pass over everything each minute.
""",
}
