"""The web interface: its files, and its one page for every address that is not the API's."""

from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.params import FromPath

from outlay.access import anyone
from outlay.errors import NotFound
from outlay.pages.built import File, read_all
from outlay.settings import Settings

_STYLE: Final = (files("outlay.pages") / "files" / "style.css").read_bytes()
_MISSING: Final = (files("outlay.pages") / "files" / "unbuilt.html").read_bytes()
# What the pages' own router knows (app/web/src/features/shell/routes.ts); a test compares them.
PATHS: Final = frozenset(
    {"/", "/sign-in", "/join", "/reset", "/add", "/expenses", "/import", "/import/:id", "/export", "/more", "/ledger/new", "/ledger", "/members", "/tags", "/accounts/:id", "/accounts", "/categories", "/history", "/history/:seq", "/me", "/people", "/tokens", "/backups"}
)  # fmt: skip

AnyRequest = Request[Any, Any, Any]


class Pages:
    """The built files, for pages served under the public address's path."""

    def __init__(self, settings: Settings) -> None:
        base = urlsplit(settings.public_url or "").path.rstrip("/")
        self.files = read_all(base)

    def answer(self, request: AnyRequest, path: str) -> Response[bytes]:
        """A file, or the page: with 404 where its own router will say that there is nothing."""
        file = self.files.get(path)
        if file is not None and path != "index.html":
            return _sent(request, file, 200)
        if path.startswith(("api/", "assets/")):
            raise NotFound("There is nothing at this address")
        page = self.files.get("index.html")
        if page is None:
            return Response(_MISSING, status_code=503, media_type="text/html; charset=utf-8")
        return _sent(request, page, 200 if _is_known(path) else 404)


def _is_known(path: str) -> bool:
    steps = f"/{path}".rstrip("/").split("/") if path else [""]
    return any(
        len(known) == len(steps)
        and all(
            mine.startswith(":") or mine == step for mine, step in zip(known, steps, strict=True)
        )
        for known in ([""] if each == "/" else each.split("/") for each in PATHS)
    )


def _sent(request: AnyRequest, file: File, status: int) -> Response[bytes]:
    headers = dict(file.headers)
    if request.headers.get("if-none-match") == file.etag and status == 200:
        return Response(b"", status_code=304, headers=headers)
    coding, body = file.packed_for(request.headers.get("accept-encoding", ""))
    if coding:
        headers["Content-Encoding"] = coding
    return Response(body, status_code=status, headers=headers, media_type=headers["Content-Type"])


@get("/", opt=anyone(db="none"), include_in_schema=False)
async def index(request: AnyRequest) -> Response[bytes]:
    return _pages(request).answer(request, "")


@get("/{path:path}", opt=anyone(db="none"), include_in_schema=False)
async def any_page(request: AnyRequest, path: FromPath[str]) -> Response[bytes]:
    return _pages(request).answer(request, str(path).lstrip("/"))


@get("/pages/style.css", opt=anyone(db="none"), include_in_schema=False)
async def style() -> Response[bytes]:
    """Of the API's description, which stands without the built pages."""
    return Response(_STYLE, media_type="text/css; charset=utf-8")


def _pages(request: AnyRequest) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


handlers = [index, any_page, style]
