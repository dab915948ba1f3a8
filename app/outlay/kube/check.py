"""`python -m outlay.kube.check` uses a running Outlay as a program would: `helm test` runs it.

OUTLAY_URL names the service. It signs in with OUTLAY_CHECK_EMAIL and the password in
OUTLAY_CHECK_PASSWORD_FILE, or takes the API token in OUTLAY_CHECK_TOKEN_FILE. It works in a ledger
of its own, which it removes again.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import click
import httpx

NAME: Final = "Check by helm test"
AMOUNT: Final = "12.34"
TOKEN_MINUTES: Final = 15


class Failed(click.ClickException):
    """What did not work, and what to do."""


def check(api: httpx.Client) -> None:
    """Write, read, sum up and delete through a client that may do all of it."""
    ledger = _call(api, "POST", "/ledgers", {"name": NAME, "currency": "EUR"}).json()
    try:
        _use(api, f"/ledgers/{ledger['id']}/expenses")
    finally:
        place = f"/ledgers/{ledger['id']}"
        etag = _call(api, "GET", place).headers["etag"]
        _call(api, "DELETE", place, params={"confirm": NAME}, headers={"If-Match": etag})
    click.echo("deleted the ledger of this check")


def _use(api: httpx.Client, place: str) -> None:
    one = f"{place}/{uuid4()}"
    body = {"amount": AMOUNT, "description": "helm test"}
    made = _call(api, "PUT", one, body, headers={"If-None-Match": "*"}).json()
    click.echo("recorded an expense")
    _same("the expense", _call(api, "GET", one).json()["amount"], AMOUNT)
    click.echo("read it")
    _same("the sum", _spent(api, place, made["date"]), [AMOUNT])
    click.echo("summed it up")
    _call(api, "DELETE", one, headers={"If-Match": made["etag"]})
    _same("the sum without it", _spent(api, place, made["date"]), [])
    click.echo("deleted it")


def _spent(api: httpx.Client, place: str, day: str) -> list[str]:
    """What was spent that day, an amount a currency."""
    sums = _call(api, "GET", f"{place}/summary", params={"from": day, "to": day}).json()
    return [each["spent"] for each in sums["totals"] if each["count"]]


@contextmanager
def own_token(api: httpx.Client, email: str, password: str) -> Iterator[str]:
    """Sign in, make a token that soon ends, and take both back at the end of the block."""
    answer = api.post("/session", json={"email": email, "password": password})
    if answer.status_code == 401:
        raise Failed(
            f"The password of {email} in the Secret does not sign in. If it was changed in Outlay,"
            " put an API token into a Secret and name that in test.existingSecret"
        )
    cookie = {"Cookie": _accepted(answer).headers["set-cookie"].partition(";")[0]}
    until = datetime.now(UTC) + timedelta(minutes=TOKEN_MINUTES)
    wanted = {"name": NAME, "scopes": ["read", "write", "admin"], "expires_at": until.isoformat()}
    made = _call(api, "POST", "/tokens", wanted, headers=cookie).json()
    click.echo(f"signed in as {email}")
    try:
        yield made["secret"]
    finally:
        _call(api, "DELETE", f"/tokens/{made['token']['id']}", headers=cookie)
        _call(api, "DELETE", "/session", headers=cookie)


def _call(
    api: httpx.Client,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    **more: Any,
) -> httpx.Response:
    return _accepted(api.request(method, path, json=body, **more))


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    asked = f"{answer.request.method} {answer.request.url.path}"
    raise Failed(f"{asked} was answered {answer.status_code}: {answer.text[:500]}")


def _same(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Failed(f"{what} is {found}, and should be {wanted}")


@click.command
@click.option("--url", envvar="OUTLAY_URL", required=True)
@click.option("--email", envvar="OUTLAY_CHECK_EMAIL")
@click.option("--password-file", envvar="OUTLAY_CHECK_PASSWORD_FILE", type=Path)
@click.option("--token-file", envvar="OUTLAY_CHECK_TOKEN_FILE", type=Path)
def main(url: str, email: str | None, password_file: Path | None, token_file: Path | None) -> None:
    """Write, read, sum up and delete an expense through the service's API."""
    base = f"{url.rstrip('/')}/api/v1"
    try:
        with httpx.Client(base_url=base, headers={"Origin": _origin(url)}, timeout=30) as api:
            if token_file is not None:
                _as_bearer(base, _read(token_file))
            elif email is not None and password_file is not None:
                with own_token(api, email, _read(password_file)) as token:
                    _as_bearer(base, token)
            else:
                raise Failed("Name a password file and its e-mail address, or a token file")
    except httpx.TransportError as error:
        raise Failed(f"{url} cannot be reached: {error}") from error
    click.echo("all of it works")


def _origin(url: str) -> str:
    """As a browser gives it: without the scheme's own port, which the Host header lacks as well."""
    parts = httpx.URL(url)
    return f"{parts.scheme}://{parts.netloc.decode()}"


def _as_bearer(base: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=base, headers=headers, timeout=30) as api:
        check(api)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Failed(f"{file} cannot be read: {os.strerror(error.errno or 0)}") from error


if __name__ == "__main__":
    main()
