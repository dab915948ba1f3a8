"""From words as people type them to a tsquery over the ledger's own vocabulary.

A word that the ledger knows matches as it is and as the beginning of longer words. One that it does
not know is taken as a known word with two letters swapped, as part of one, or as the most similar
known words (pg_trgm), so that typing errors find what was meant. Measured against plain trigram and
plain full-text indexes in bench/RESULTS.md.
"""

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from outlay.db import Connection

MOST_WORDS: Final = 8
MOST_SIMILAR: Final = 6
MIN_SIMILARITY: Final = 0.35
# So many words with one beginning are named to the index, which then skips through their rows;
# a beginning makes it gather all rows of all words first.
MOST_NAMED: Final = 8

_RESOLVE: Final = """
select asked.word, array(
    select w.word from public.words w where w.ledger_id = $1 and w.word >= asked.word collate "C"
      and w.word < (asked.word || U&'\\+10FFFF') collate "C" limit $4) as known
from unnest(string_to_array(trim(public.fold_text($2)), ' '))
  with ordinality as asked (word, place)
where asked.word <> '' and asked.place <= $3
order by asked.place
"""
_SIMILAR: Final = """
select word from (
  select w.word, case when w.word = any($5::text[]) then 2.0 when w.word like '%' || $2 || '%' then 1.0
    else public.similarity(w.word, $2) end as likeness
  from public.words w
  where w.ledger_id = $1
    and (w.word like '%' || $2 || '%' or w.word operator(public.%) $2 or w.word = any($5::text[]))
) found
where likeness >= $3 order by likeness desc, length(word), word limit $4
"""


async def words_query(db: Connection, ledger: UUID, text: str) -> str | None:
    """The tsquery for `text`; None when no row can match; "" when `text` holds no word at all."""
    asked = await db.fetch(_RESOLVE, ledger, text, MOST_WORDS, MOST_NAMED + 1)
    terms = []
    for row in asked:
        if len(row["known"]) > MOST_NAMED:
            terms.append(f"{_quoted(row['word'])}:*")
            continue
        if row["known"]:
            terms.append(_any_of(row["known"]))
            continue
        similar = await db.fetch(
            _SIMILAR, ledger, row["word"], MIN_SIMILARITY, MOST_SIMILAR, swapped(row["word"])
        )
        if not similar:
            return None
        terms.append(_any_of(found["word"] for found in similar))
    return " & ".join(terms)


def _any_of(words: Iterable[str]) -> str:
    return "(" + " | ".join(_quoted(word) for word in words) + ")"


def swapped(word: str) -> list[str]:
    """The word with each two neighbouring letters swapped: trigrams hardly see that likeness."""
    return [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)]


def _quoted(word: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\1\1", word) + "'"
