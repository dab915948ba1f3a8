"""What a table cannot say: what bounds a figure. Kept here so that a new run keeps it."""

from typing import Final

NOTES: Final[dict[str, str]] = {
    "requests": """
A program without any framework that runs the month summary's two statements reaches a third of
pgbench here: 0.34 of it in one run, 0.30 in another. So 0.30 of pgbench would leave a service with
routing, rights, validation, metrics and a log line next to nothing, and this one does not reach it.
py-spy over ten seconds of summaries (of the samples in Python's thread): 27% in asyncpg's protocol and
the loop, 22% in checking the token and lending the connection, 19% in making the SQL and the sums, 12%
in Litestar's routing and error handling, 10% in the log line, metrics and headers, the rest in granian.
No single part is left that would bring it to 0.70 of the bare program.

Without app/outlay/direct.py, which calls JSON routes past Litestar's own way, a create costs an eighth
more: 0.80 of the bare program would be about 0.70. It stays for that reason.

List and summary were 0.77 and 0.61 of the bare program in another run of the same day, on a quieter
machine: shares vary by a fifth between runs here.
""",
    "scale": """
Both ledgers hold ten years, so a day of the large one has forty rows in the daily totals and a day of
the small one two or three. The plain summary of a month grows by 1.1; by category or by month of a year
it reads more totals and grows with their number (1.5 times at a hundred times the rows, 4 ms in all).

Over 150 ms stay those that no total answers, because they read every row of their period: a year's sums
by tag, by account and of a common word or tag (50,000 to 200,000 rows), and the list of a common tag,
whose index PostgreSQL reads whole to sort it by date. The figure at worst is of nine tries beside
whatever else the machine did; "no tag" took 7 ms as a rule.
""",
    "searching": """
The two plain ways answer a bare statement; ours also counts, sums up the days shown and reads whole
rows, so its times are not like for like. Plain trigrams run at our threshold (0.35); at PostgreSQL's own
of 0.6 they find no mistyped word.
""",
    "memory and start": """
Of the 1.9 to 2.8 seconds until it is ready, 1.1 to 1.5 are Python reading modules: Litestar 0.37,
Outlay's own routes with their structs 0.35, asyncpg, granian, prometheus-client and click 0.30 in one
run (`python -X importtime`), 0.18 more build the routes. The processor here adds ten million numbers in
1.1 to 1.6 s in Python, about a third of a current laptop's speed.
""",
    "writers": """
Creates on one ledger wait for each other: every one takes the ledger's next number. The target's second
half, 0.30 of pgbench over many ledgers, is what this machine can show.
""",
    "backup": """
Counting and checking costs a second reading of every row: writing rows as text is three quarters of it,
md5 the rest (hashing binary values would halve it, and would not be the same in the next major). On two
processors it runs beside the dump; where others take them, it adds to it: the two rounds here were 1.95
and 1.20, at a load average of 15, and one round of 200,000 rows 1.32. Restoring builds the indexes and
takes most of a verify, so the comparison weighs little there; the throw-away server's start is included.
""",
}
