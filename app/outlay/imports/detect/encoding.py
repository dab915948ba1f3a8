"""The encoding of a file, from its first bytes and from whether the whole of it is UTF-8."""

import codecs
import re
from typing import NamedTuple, cast

from charset_normalizer import from_bytes

from outlay.imports.layout import Encoding
from outlay.imports.model import FileRefused

_BOMS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EIGHT_BIT: tuple[Encoding, ...] = ("cp1252", "iso-8859-15", "cp1250", "iso-8859-2", "cp850", "mac-roman")  # fmt: skip
# The letters beyond ASCII of the languages that banks in Europe and America write in, by how
# little they surprise: those of Western Europe, then those of Central Europe.
_COMMON = frozenset("äöüßÄÖÜéèêëàâçîïôûùáíóúñãõÉÈÀÇÁÍÓÚÑÃÕåøæÅØÆòìœ€£§°«»¿¡ºª\u2013\u2019\xa0")
_CENTRAL = frozenset("ąćęłńśźżĄĆĘŁŃŚŹŻčďěňřšťůžýČĎĚŇŘŠŤŮŽÝőűŐŰăâîșțţşĂÂÎȘȚŢŞ")
_CONTROLS = bytes((*range(9), *range(14, 32)))
_HIGH = re.compile(rb"[\x80-\xff]+")
_BAD = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_KNOWN = frozenset(Encoding.__args__)  # type: ignore[attr-defined]
_GUESSED_BYTES = 16_384


class Guess(NamedTuple):
    """`bad` counts the bytes that the encoding cannot explain."""

    encoding: Encoding
    confidence: float
    bad: int = 0


class Utf8Check:
    """Fed with the chunks of an upload, it knows whether the whole file is UTF-8."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.ok = True

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        if self.ok:
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self.ok = False


def find_encoding(sample: bytes, *, whole_is_utf8: bool | None = None) -> Guess:
    """Return the encoding of `sample`; raises FileRefused for binary content.

    `whole_is_utf8` is what a Utf8Check said of the whole file: a sample without any accent says
    nothing by itself.
    """
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return Guess(encoding, 1.0)
    if wide := _without_bom(sample):
        return Guess(wide, 0.9)
    if sample.count(0) > len(sample) // 100 or _controls(sample) > len(sample) // 20:
        raise FileRefused("binary", "The file holds binary data, not text; export it as CSV")
    text = sample.decode("utf-8", "surrogateescape")
    bad = len(_BAD.findall(text))
    good = len(_BEYOND_ASCII.findall(text)) - bad
    if not bad and (good or whole_is_utf8 is not False):
        return Guess("utf-8", 1.0 if good or whole_is_utf8 else 0.9)
    if good > bad:
        return Guess("utf-8", 0.7, bad)
    return _eight_bit(sample)


def _controls(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _CONTROLS))


def _without_bom(sample: bytes) -> Encoding | None:
    """UTF-16 without a mark shows in the zeros: nearly every second byte of ASCII text is one."""
    pairs = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.7 * pairs and sample[::2].count(0) < 0.05 * pairs:
        return "utf-16-le"
    if sample[::2].count(0) > 0.7 * pairs and sample[1::2].count(0) < 0.05 * pairs:
        return "utf-16-be"
    return None


def _eight_bit(sample: bytes) -> Guess:
    runs = _HIGH.findall(sample)
    if not runs:
        return Guess("cp1252", 0.6)
    best = max(_EIGHT_BIT, key=lambda encoding: _score(runs, encoding))
    score = _score(runs, best)
    if score < 0.6 and (other := _normalizer(sample)):
        return Guess(other, 0.5)
    return Guess(best, 0.5 + score / 2.5)


def _score(runs: list[bytes], encoding: Encoding) -> float:
    text = b"".join(runs).decode(encoding, "replace")
    common, central = sum(c in _COMMON for c in text), sum(c in _CENTRAL for c in text)
    return (common + 0.9 * central) / len(text)


def _normalizer(sample: bytes) -> Encoding | None:
    """Ask charset-normalizer about the lines that have bytes beyond ASCII."""
    lines = [line for line in sample.splitlines() if _HIGH.search(line)]
    best = from_bytes(b"\n".join(lines)[:_GUESSED_BYTES]).best()
    name = best.encoding.replace("_", "-") if best else ""
    name = {"shift-jis": "shift_jis", "cp932": "shift_jis"}.get(name, name)
    return cast("Encoding", name) if name in _KNOWN else None
