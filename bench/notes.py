"""What a table cannot say: what bounds a figure. Kept here so that a new run keeps it."""

from typing import Final

NOTES: Final[dict[str, str]] = {
    "scale": """
Both ledgers hold ten years, so a day of the large one has some forty rows in the daily totals and a
day of the small one three. A summary reads the totals of its period: what grows with it is that
number, not the number of expenses before it. Ten years by month read 290,000 totals; only totals by
the month could make that less. Sums by tag, by account and of words read every row of the period
and of the one before it: 200,000 rows for a year of the large ledger, and no total knows them.

A word that is common only in old rows, or several common words that rarely meet, are found through
the index: PostgreSQL gathers all matches before it can sort them by date. The figure at worst is of
fifteen tries beside whatever else the machine did.
""",
    "searching": """
The two plain ways answer a bare statement; ours also counts, sums up the days shown and reads whole
rows. Plain full text finds no mistyped word at all.
""",
    "writers": """
All writers of one ledger wait for its row, which carries the ledger's order of changes: one commit
after the other, so the disk's flush bounds them, and pgbench on one ledger as well.
""",
}
