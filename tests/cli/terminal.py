"""A person's terminal: runs commands against a service on a real port."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from outlay.cli.main import run_command
from world import Person


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What `--json` printed."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass
class Terminal:
    person: Person
    env: dict[str, str]

    async def run(
        self, *args: str, input: str | None = None, code: int = 0, **env: str | None
    ) -> Result:
        """Run `outlay ARGS`, which must end with `code`."""
        return await asyncio.to_thread(self._run, args, input, code, env)

    def _run(
        self, args: tuple[str, ...], text: str | None, code: int, env: dict[str, str | None]
    ) -> Result:
        with CliRunner().isolation(input=text, env={**self.env, **env}) as (out, err, _):
            found = run_command(args)
            result = Result(found, out.getvalue().decode(), err.getvalue().decode())
        assert result.code == code, result
        return result

    async def json(self, *args: str, **more: Any) -> Any:
        return (await self.run(*args, "--json", **more)).data

    async def add(self, *args: str) -> dict[str, Any]:
        return await self.json("add", *args)
