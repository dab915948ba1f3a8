"""The service's route table, as the contracts walk it."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import uuid4

from outlay.access import Access
from outlay.main import Service


class Route(NamedTuple):
    method: str
    template: str
    rule: Access | None

    def path(self, ledger: object) -> str:
        """The template with a ledger and fresh ids put in."""
        steps = []
        for step in self.template.split("/"):
            if step == "{ledger}":
                steps.append(str(ledger))
            elif step.startswith("{"):
                steps.append("1" if step == "{seq}" else str(uuid4()))
            else:
                steps.append(step)
        return "/".join(steps)


def routes(service: Service) -> Iterator[Route]:
    for route in service.litestar.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                rule = handler.opt.get("access")
                yield Route(method, route.path_format, rule if isinstance(rule, Access) else None)


def ruled(service: Service, *who: str) -> list[tuple[Route, Access]]:
    return [(r, r.rule) for r in routes(service) if r.rule is not None and r.rule.who in who]
