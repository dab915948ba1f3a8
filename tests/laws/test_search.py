"""What stands in a description is found by it, however it is typed."""

import random
import unicodedata
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from world import Person, World

LIST = "/ledgers/default/expenses"
SETTINGS = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LATIN = (
    "abcdefghijklmnopqrstuvwxyz0123456789àáâäãåçèéêëìíîïñòóôöõøùúûüýÿßœæčďěňřšťůžąćęłńśźżğışőűāēīōū"  # noqa: RUF001
)
GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ"
# Without its mark this one is another letter, not one with an accent left out.
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя".replace("й", "")
WORD = st.one_of(
    *(st.text(letters, min_size=3, max_size=12) for letters in (LATIN, GREEK, CYRILLIC))
)
# Whatever a keyboard or a bank can put into a line: any script, symbol, mark and kind of blank.
ANYTHING = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


async def found(ada: Person, typed: str) -> list[str]:
    params = {"q": typed, "limit": 500}
    answer = (await ada.call("GET", LIST, params=params, status=200)).json()
    return [item["description"] for item in answer["items"]]


async def recorded(ada: Person, texts: list[str]) -> None:
    rows = [{"amount": "1", "description": text} for text in texts]
    await ada.call("POST", f"{LIST}/bulk", json={"create": rows}, status=200)


def without_accents(word: str) -> str:
    split = unicodedata.normalize("NFD", word)
    return "".join(c for c in split if not unicodedata.combining(c))


@given(words=st.lists(WORD, min_size=1, max_size=3), others=st.lists(WORD, max_size=3))
@SETTINGS
async def test_a_word_is_found_in_any_case_without_accents_and_by_its_beginning(
    world: World, words: list[str], others: list[str]
) -> None:
    ada = await world.person()
    line = " ".join(words)
    await recorded(ada, [line, *others])
    for word in words:
        for typed in (
            word, word.upper(), word.capitalize(), without_accents(word), word[:3], word[:-1],
            unicodedata.normalize("NFD", word), f"  {word} ", f"({word})!", line,
        ):  # fmt: skip
            if len(typed.strip()) >= 3:
                assert line in await found(ada, typed), typed


@given(
    before=ANYTHING,
    word=WORD,
    after=ANYTHING,
    blank=st.sampled_from(" \u00a0\u2009\u202f\u3000/-.,'\u2019·"),
)
@SETTINGS
async def test_a_word_is_found_whatever_stands_around_it(
    world: World, before: str, word: str, after: str, blank: str
) -> None:
    ada = await world.person()
    line = f"{before}{blank}{word}{blank}{after}".strip()
    await recorded(ada, [line])
    assert await found(ada, word) == [line]


@given(text=ANYTHING)
@SETTINGS
async def test_a_line_is_found_by_itself_if_it_has_words(world: World, text: str) -> None:
    ada = await world.person()
    await recorded(ada, [text])
    folded = await world.service.pool.fetchval("select public.fold_text($1)", text.strip())
    assume(folded.strip())
    assert await found(ada, text) == [text.strip()]


async def test_however_letters_are_composed_the_word_is_the_same(world: World) -> None:
    ada = await world.person()
    lines = ["ｽｰﾊﾟｰ", "чай", "Ｃａｆé", "ﬁlm", "x²"]
    await recorded(ada, lines)
    for typed in ("スーパー", unicodedata.normalize("NFD", "чай"), "cafe", "film", "X2"):
        assert len(await found(ada, typed)) == 1, typed


async def test_a_word_is_found_in_a_note_of_any_length(world: World) -> None:
    ada = await world.person()
    note = "x" * 5000 + " needle " + "é" * 4990
    await ada.expense("1", "haystack", note=note)
    assert await found(ada, "needle") == ["haystack"]
    assert await found(ada, "x" * 200) == ["haystack"]
    assert await found(ada, "e" * 150) == ["haystack"]
    growing = await ada.expense("1", "\u3316" * 500, note="\u3316" * 99)
    assert await found(ada, "\u3316" * 30) == [growing["description"]]


async def test_no_blank_part_of_a_word_and_no_symbol_is_a_word(world: World) -> None:
    ada = await world.person()
    await recorded(ada, ["bread"])
    for typed in ("...", "'", "\\", "€", "\u00a0", "''''", ":*", "& |", "\u200d"):
        assert await found(ada, typed) == [], typed


VOCABULARY = [
    "groceries",
    "restaurant",
    "pharmacy",
    "electricity",
    "insurance",
    "supermarket",
    "bakery",
    "cinema",
    "dentist",
    "furniture",
    "parking",
    "gasoline",
    "internet",
    "telephone",
    "subscription",
    "holiday",
    "birthday",
    "present",
    "haircut",
    "laundry",
    "kindergarten",
    "bookshop",
    "gardening",
    "hardware",
    "stationery",
    "veterinary",
    "newspaper",
    "charity",
    "membership",
    "museum",
    "theatre",
    "swimming",
    "bicycle",
    "mechanic",
    "airport",
    "luggage",
    "breakfast",
    "vegetables",
    "chocolate",
    "detergent",
]


def misspelt(word: str, chance: random.Random) -> str:
    """One letter dropped, two swapped, or one taken for another."""
    place = chance.randrange(1, len(word) - 1)
    match chance.randrange(3):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case _:
            return word[:place] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[place + 1 :]


async def test_most_words_are_found_with_one_letter_wrong(world: World) -> None:
    ada = await world.person()
    await recorded(ada, VOCABULARY)
    chance = random.Random(20260101)
    tries: list[tuple[str, str]] = []
    for word in VOCABULARY:
        tries += [(word, misspelt(word, chance)) for _ in range(6)]
    hits: dict[bool, list[Any]] = {True: [], False: []}
    for word, typed in tries:
        hits[word in await found(ada, typed)].append((word, typed))

    assert len(hits[True]) >= 0.95 * len(tries), hits[False]
