"""What a table cannot say: what bounds a figure. Kept here so that a new run keeps it."""

from typing import Final

NOTES: Final[dict[str, str]] = {
    "scale": """
Both ledgers hold ten years, so a day of the large one has forty rows in the daily totals and a day of
the small one two or three; two years of the large one are 29,412 totals, of the small one 1,732. A
summary reads the totals of its period, and grows with their number. Sums by tag, by account and of
words read every row of the period and of the one before it.

A word that is common only in old rows, or several common words that rarely meet, are found through
the index: PostgreSQL gathers all matches before it can sort them by date. The figure at worst is of
nine tries beside whatever else the machine did.

The largest amounts of a rare category took 12 ms in one run and 4.3 s in the next. PostgreSQL's
statistics decide between the category's index and a walk along the amounts; why they changed was not
looked into. The ledgers measured here share their categories' ids, which real ones never do, and
other parts had meanwhile filled other ledgers with them: a likely cause, not a proven one.
""",
    "searching": """
The two plain ways answer a bare statement; ours also counts, sums up the days shown and reads whole
rows, so its times are not like for like. The plain trigrams were measured at PostgreSQL's usual
threshold of 0.6, at which they find no mistyped word; the program has since been given ours (0.35),
and was not run again.
""",
    "memory and start": """
The start was measured beside other load (two processors, load average over 8) and not profiled: what
bounds it is not known yet.
""",
    "writers": """
Both were measured on a machine that was busy with other work, twice for two seconds: only the shares
mean something. Creates on one ledger reach their target by its second half, 0.30 of pgbench, and stay
far from 1,500 a second. Why pgbench on one ledger is slower than the service was not looked into.
""",
}
