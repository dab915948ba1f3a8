"""The body of an upload: the file's bytes as they are, or a browser's form with one file in it."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import unquote

import multipart  # type: ignore[import-untyped]

from outlay.access import AnyRequest
from outlay.errors import BadRequest, TimedOut
from outlay.imports.spool import Spool, too_large

STALL_SECONDS: Final = 60.0
"""How long a client may send nothing."""
MOST_SECONDS: Final = 1800.0
"""How long an upload may take in all."""
_FORM_OVERHEAD: Final = 65_536
_NAME_CHARS: Final = 255
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


async def receive_file(request: AnyRequest, spool: Spool) -> str:
    """Put the upload into `spool` and return the file's name, as the client gave it or "".

    Raises TooLarge, TimedOut, BadRequest for a broken form, FileRefused for what is no CSV file.
    """
    kind, options = multipart.parse_options_header(request.headers.get("content-type", ""))
    is_form = kind == "multipart/form-data"
    _refuse_declared(request, spool.most + (_FORM_OVERHEAD if is_form else 0), spool.most)
    name = request.headers.get("x-file-name", "")
    try:
        async with asyncio.timeout(MOST_SECONDS):
            if is_form:
                name = await _from_form(request, spool, options.get("boundary", "")) or name
            else:
                async for chunk in _body(request):
                    await spool.take(chunk)
    except TimeoutError as error:
        raise TimedOut("The upload stopped coming; send the file again") from error
    await spool.finish()
    return clean_name(name)


def clean_name(name: str) -> str:
    """The last part of a path, percent-decoded, without control characters, 255 characters at most."""
    last = re.split(r"[/\\]", unquote(name))[-1]
    return _CONTROLS.sub("", last).strip()[:_NAME_CHARS]


def _refuse_declared(request: AnyRequest, limit: int, most: int) -> None:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(most)


async def _body(request: AnyRequest) -> AsyncIterator[bytes]:
    while True:
        async with asyncio.timeout(STALL_SECONDS):
            message = await request.receive()
        if message["type"] != "http.request":
            raise TimedOut("The connection ended before the file was whole")
        if message["body"]:
            yield message["body"]
        if not message.get("more_body", False):
            return


async def _from_form(request: AnyRequest, spool: Spool, boundary: str) -> str | None:
    """Read the first part with a file name; other parts are read over."""
    try:
        form = _Form(boundary)
        async for chunk in _body(request):
            for data in form.file_bytes(chunk):
                await spool.take(data)
        form.parser.close()
    except multipart.MultipartError as error:
        raise BadRequest(f"The form cannot be read: {error}") from error
    if form.name is None:
        raise BadRequest("The form has no file; send one part with a file name")
    return form.name


class _Form:
    """Picks the bytes of the first file out of a form."""

    def __init__(self, boundary: str) -> None:
        self.parser = multipart.PushMultipartParser(boundary, max_segment_count=16)
        self.name: str | None = None
        self._is_file = False

    def file_bytes(self, chunk: bytes) -> list[bytes]:
        found: list[bytes] = []
        for event in self.parser.parse(chunk):
            if isinstance(event, multipart.MultipartSegment):
                self._is_file = self.name is None and event.filename is not None
                if self._is_file:
                    self.name = event.filename
            elif event and self._is_file:
                found.append(bytes(event))
        return found
