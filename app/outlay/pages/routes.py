"""The few pages served until the web interface comes with its own."""

from importlib.resources import files
from typing import Final

from litestar import Response, get

from outlay.access import anyone

_FILES: Final = files("outlay.pages") / "files"
_INDEX: Final = (_FILES / "index.html").read_bytes()
_STYLE: Final = (_FILES / "style.css").read_bytes()
_SCRIPT: Final = (_FILES / "sign-in.js").read_bytes()


@get(["/", "/sign-in"], opt=anyone(db="none"), include_in_schema=False)
async def index() -> Response[bytes]:
    return Response(_INDEX, media_type="text/html; charset=utf-8")


@get("/pages/style.css", opt=anyone(db="none"), include_in_schema=False)
async def style() -> Response[bytes]:
    return Response(_STYLE, media_type="text/css; charset=utf-8")


@get("/pages/sign-in.js", opt=anyone(db="none"), include_in_schema=False)
async def script() -> Response[bytes]:
    return Response(_SCRIPT, media_type="text/javascript; charset=utf-8")


handlers = [index, style, script]
