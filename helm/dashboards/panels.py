"""The few kinds of panel that the dashboards are made of, as Grafana's JSON."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

Json = dict[str, Any]
Steps = tuple[tuple[float | None, str], ...]

SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
RELEASE: Final = 'namespace="$namespace",release="$release"'
PLAIN: Final[Steps] = ((None, "blue"),)
WIDTH: Final = 24
# The chart puts metrics.prometheusRule.runbookUrl in its place.
RUNBOOKS: Final = "https://github.com/outlay-app/outlay/blob/main/docs/runbooks"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel; `queries` are pairs of an expression, in which @ is the release, and a legend.

    `unit` is Grafana's name of it. `steps` are thresholds, from the lowest. `runbook` is the alert
    that watches the same. `empty` is shown where there is no value.
    """

    title: str
    description: str
    queries: tuple[tuple[str, str], ...]
    unit: str
    kind: Literal["timeseries", "stat", "table"] = "timeseries"
    steps: Steps = PLAIN
    width: int = 8
    height: int = 8
    least: float | None = 0
    most: float | None = None
    stacked: bool = False
    runbook: str = ""
    text: str = ""
    empty: str = ""

    def json(self, at: Json, number: int) -> Json:
        made: Json = {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": SOURCE,
            "gridPos": at,
            "targets": [self._target(n, *query) for n, query in enumerate(self.queries)],
            "fieldConfig": {"defaults": self._defaults(), "overrides": []},
            "options": _OPTIONS[self.kind](self),
            "links": [_runbook(self.runbook)] if self.runbook else [],
        }
        if self.kind == "table":
            made["transformations"] = [_ONE_TABLE, _WITHOUT_COLUMNS]
        return made

    def _target(self, number: int, expression: str, legend: str) -> Json:
        instant = self.kind == "table"
        return {
            "refId": chr(ord("A") + number),
            "datasource": SOURCE,
            "expr": expression.replace("@", RELEASE),
            "legendFormat": legend,
            "instant": instant,
            "range": not instant,
            "format": "table" if instant else "time_series",
        }

    def _defaults(self) -> Json:
        steps = [{"value": value, "color": colour} for value, colour in self.steps]
        made: Json = {
            "unit": self.unit,
            "noValue": self.empty or ("0" if self.kind == "stat" else ""),
            "thresholds": {"mode": "absolute", "steps": steps},
            "color": {"mode": "palette-classic" if self.kind == "timeseries" else "thresholds"},
            "custom": self._custom(),
        }
        bounds = {"min": self.least, "max": self.most}
        return made | {name: value for name, value in bounds.items() if value is not None}

    def _custom(self) -> Json:
        if self.kind != "timeseries":
            return {}
        lines = "line" if len(self.steps) > 1 else "off"
        return {
            "drawStyle": "line",
            "lineWidth": 1,
            "fillOpacity": 25 if self.stacked else 5,
            "showPoints": "never",
            "spanNulls": False,
            "stacking": {"mode": "normal" if self.stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": lines},
        }


@dataclass(frozen=True)
class Row:
    """A heading and the panels below it, which fill lines of 24 columns."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    name: str
    title: str
    description: str
    variables: tuple[Json, ...]
    rows: tuple[Row, ...]
    tags: tuple[str, ...] = field(default=("outlay",))

    def json(self) -> Json:
        return {
            "uid": f"outlay-{self.name}",
            "title": self.title,
            "description": self.description,
            "tags": list(self.tags),
            "schemaVersion": 39,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"},
            "timezone": "browser",
            "links": [_OTHERS],
            "templating": {"list": [_DATASOURCE, *self.variables]},
            "annotations": {"list": []},
            "panels": list(self._panels()),
        }

    def _panels(self) -> Any:
        number, top = 1, 0
        for row in self.rows:
            yield _heading(row.title, number, top)
            number, top, left, highest = number + 1, top + 1, 0, 0
            for panel in row.panels:
                if left + panel.width > WIDTH:
                    top, left, highest = top + highest, 0, 0
                at = {"x": left, "y": top, "w": panel.width, "h": panel.height}
                yield panel.json(at, number)
                number, left = number + 1, left + panel.width
                highest = max(highest, panel.height)
            top += highest


def variable(name: str, label: str, query: str) -> Json:
    """A choice of one value, which Prometheus' labels give."""
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": name},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "multi": False,
        "includeAll": False,
        "hide": 0,
        "current": {},
        "options": [],
    }


def of_release(metric: str) -> tuple[Json, Json]:
    """Which release is shown, of those that have this metric."""
    return (
        variable("namespace", "Namespace", f"label_values({metric}, namespace)"),
        variable(
            "release", "Release", f'label_values({metric}{{namespace="$namespace"}}, release)'
        ),
    )


def _heading(title: str, number: int, top: int) -> Json:
    at = {"x": 0, "y": top, "w": WIDTH, "h": 1}
    return {"id": number, "type": "row", "title": title, "gridPos": at, "collapsed": False, "panels": []}  # fmt: skip


def _runbook(alert: str) -> Json:
    return {"title": f"Runbook: {alert}", "url": f"{RUNBOOKS}/{alert}.md", "targetBlank": True}


def _timeseries(_: Panel) -> Json:
    legend = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
    return {"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}


def _stat(panel: Panel) -> Json:
    return {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": panel.text or "auto",
        "colorMode": "value" if len(panel.steps) == 1 else "background",
        "graphMode": "none" if panel.text else "area",
        "justifyMode": "auto",
        "orientation": "auto",
    }


def _table(_: Panel) -> Json:
    return {"showHeader": True, "cellHeight": "sm", "footer": {"show": False}}


_OPTIONS: Final = {"timeseries": _timeseries, "stat": _stat, "table": _table}
_ONE_TABLE: Final = {"id": "merge", "options": {}}
_WITHOUT_COLUMNS: Final = {
    "id": "organize",
    "options": {"excludeByName": {"Time": True, "queryid": True}},
}
_DATASOURCE: Final = {
    "name": "datasource",
    "label": "Data source",
    "type": "datasource",
    "query": "prometheus",
    "refresh": 1,
    "multi": False,
    "includeAll": False,
    "hide": 0,
    "current": {},
    "options": [],
}
_OTHERS: Final = {
    "title": "Outlay",
    "type": "dashboards",
    "tags": ["outlay"],
    "asDropdown": True,
    "includeVars": True,
    "keepTime": True,
    "targetBlank": False,
    "icon": "external link",
    "url": "",
    "tooltip": "",
}
