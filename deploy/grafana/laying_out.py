"""A description as Grafana's dashboard JSON (the classic model, which all versions read)."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from deploy.grafana.describing import GREEN, RED, YELLOW, Dashboard, Panel, Query, Row, Variable

# Provisioned under this id, so that a dashboard finds it in every Grafana.
DATA_SOURCE: Final = {"type": "prometheus", "uid": "goodsout-prometheus"}
TAG: Final = "goodsout"
COLUMNS: Final = 24
SCHEMA: Final = 39

Json = dict[str, Any]


def as_json(dashboard: Dashboard) -> Json:
    """Lay a dashboard out."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.about,
        "tags": [TAG],
        "schemaVersion": SCHEMA,
        "editable": False,
        "graphTooltip": 1,  # the same moment is marked on every panel
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "timezone": "utc",
        "links": [_link()],
        "templating": {"list": [_variable(one) for one in dashboard.variables]},
        "annotations": {"list": []},
        "panels": list(_panels(dashboard.rows)),
    }


def _panels(rows: tuple[Row, ...]) -> Iterator[Json]:
    """Place panels from left to right, a new line where one does not fit."""
    numbers, y = count(1), 0
    for row in rows:
        yield _row(row, next(numbers), y)
        y, x, height = y + 1, 0, 0
        for panel in row.panels:
            if x + panel.width > COLUMNS:
                y, x, height = y + height, 0, 0
            yield _panel(panel, next(numbers), x=x, y=y)
            x, height = x + panel.width, max(height, panel.height)
        y += height


def _row(row: Row, number: int, y: int) -> Json:
    place = {"h": 1, "w": COLUMNS, "x": 0, "y": y}
    return {
        "id": number,
        "type": "row",
        "title": row.title,
        "gridPos": place,
        "collapsed": False,
        "panels": [],
    }


def _panel(panel: Panel, number: int, *, x: int, y: int) -> Json:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": DATA_SOURCE,
        "gridPos": {"h": panel.height, "w": panel.width, "x": x, "y": y},
        "targets": [_target(panel, one, place) for place, one in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": _options(panel),
    }


def _target(panel: Panel, query: Query, place: int) -> Json:
    is_now = panel.kind != "timeseries"
    return {
        "refId": chr(ord("A") + place),
        "datasource": DATA_SOURCE,
        "editorMode": "code",
        "expr": query.expr,
        "legendFormat": query.legend or "__auto",
        "instant": is_now,
        "range": not is_now,
    }


def _defaults(panel: Panel) -> Json:
    defaults: Json = {
        "unit": panel.unit,
        "min": 0,
        "thresholds": {"mode": "absolute", "steps": _steps(panel)},
        "color": {"mode": "palette-classic" if panel.kind == "timeseries" else "thresholds"},
    }
    if panel.kind == "timeseries":
        defaults["custom"] = {
            "drawStyle": "line",
            "fillOpacity": 20 if panel.stacked else 5,
            "lineWidth": 1,
            "showPoints": "never",
            "spanNulls": False,
            "stacking": {"mode": "normal" if panel.stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": "off" if panel.wrong is None else "line"},
        }
    return defaults


def _steps(panel: Panel) -> list[Json]:
    """Give the colours from the lowest value up; the first has no bound."""
    bounds = [(panel.warns, YELLOW), (panel.wrong, RED)]
    told = [(value, colour) for value, colour in bounds if value is not None]
    if not panel.low_is_bad:
        return [{"color": GREEN, "value": None}, *({"color": c, "value": v} for v, c in told)]
    falling = [*reversed(told)]
    colours = [*(colour for _, colour in falling), GREEN]
    values = [None, *(value for value, _ in falling)]
    return [{"color": c, "value": v} for c, v in zip(colours, values, strict=True)]


def _options(panel: Panel) -> Json:
    reduced = {"calcs": ["lastNotNull"], "fields": "", "values": False}
    match panel.kind:
        case "stat":
            return {
                "reduceOptions": reduced,
                "colorMode": "background",
                "graphMode": "none",
                "textMode": "auto",
                "justifyMode": "auto",
                "orientation": "auto",
            }
        case "bargauge":
            return {
                "reduceOptions": reduced,
                "displayMode": "basic",
                "orientation": "horizontal",
                "showUnfilled": True,
            }
    return {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


def _variable(variable: Variable) -> Json:
    return {
        "name": variable.name,
        "label": variable.label,
        "type": "query",
        "datasource": DATA_SOURCE,
        "query": {"query": variable.query, "refId": "choices"},
        "definition": variable.query,
        "refresh": 2,  # anew whenever the time range changes
        "sort": 1,
        "multi": False,
        "includeAll": False,
    }


def _link() -> Json:
    return {
        "title": "Goodsout",
        "type": "dashboards",
        "tags": [TAG],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
    }
