"""One run of the command: its id, which also begins the id of each of its requests."""

import secrets
from dataclasses import dataclass, field


@dataclass(slots=True)
class Run:
    """Held by the context of every command."""

    id: str = field(default_factory=lambda: f"cli-{secrets.token_hex(5)}")
    requests: int = 0

    def request_id(self) -> str:
        """Return the next request's id, such as cli-3f2a9c81d0-2."""
        self.requests += 1
        return f"{self.id}-{self.requests}"
