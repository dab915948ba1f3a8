"""The built pages, read once: each file as it is and packed, with the headers it is sent with."""

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import msgspec

DIST: Final = files("outlay.pages") / "dist"
# Best first. The build packs; no request waits for it.
_PACKED: Final = (("br", ".br"), ("gzip", ".gz"))
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_TYPES: Final = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


class File(msgspec.Struct, frozen=True):
    """One file: its bodies by content coding ("" is plain), and its headers."""

    bodies: Mapping[str, bytes]
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    def packed_for(self, accepted: str) -> tuple[str, bytes]:
        """The best coding that the client takes (RFC 9110, section 12.5.3), and that body."""
        wanted = _codings(accepted)
        for coding, _ in _PACKED:
            if coding in self.bodies and wanted.get(coding, wanted.get("*", 0.0)) > 0:
                return coding, self.bodies[coding]
        return "", self.bodies[""]


def read_all(base: str) -> dict[str, File]:
    """Every file by its path ("assets/index-a1b2.js"), for pages served under `base`.

    Empty where the pages were not built.
    """
    if not DIST.is_dir():
        return {}
    found = dict(_walk(DIST, ""))
    plain = {path: body for path, body in found.items() if not path.endswith((".br", ".gz"))}
    return {
        path: _under(base, body) if path == "index.html" else _file(path, body, found)
        for path, body in plain.items()
    }


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, f"{path}/")
        else:
            yield path, entry.read_bytes()


def _file(path: str, body: bytes, found: Mapping[str, bytes]) -> File:
    bodies = {"": body}
    bodies |= {coding: found[path + end] for coding, end in _PACKED if path + end in found}
    return File(bodies, _headers(path, body))


def _under(base: str, body: bytes) -> File:
    """The page itself: its addresses are relative, and it is asked for under many paths."""
    text = body.decode()
    text = text.replace('="./', f'="{base}/').replace("<html ", f'<html data-base="{base}" ', 1)
    return File({"": text.encode()}, _headers("index.html", text.encode()))


def _headers(path: str, body: bytes) -> dict[str, str]:
    name = path.rsplit("/", 1)[-1]
    end = name[name.rfind(".") :]
    kind = _TYPES.get(end) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith(("+json", "/json", "+xml")):
        kind += "; charset=utf-8"
    return {
        "Content-Type": kind,
        "Cache-Control": _FOREVER if path.startswith("assets/") else _ASK_AGAIN,
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:24]}"',
        "Vary": "Accept-Encoding",
    }


def _codings(accepted: str) -> dict[str, float]:
    wanted = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.strip().partition(";")
        wanted[coding.strip()] = _weight(weight)
    return wanted


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
