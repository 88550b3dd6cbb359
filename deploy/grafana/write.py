"""`python -m deploy.grafana.write`: write the dashboards as Grafana reads them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.grafana import account, pipeline, queues, vendors
from deploy.grafana.describing import Dashboard
from deploy.grafana.laying_out import as_json

FOLDER: Final = Path(__file__).parent / "dashboards"
DASHBOARDS: Final[Mapping[str, Dashboard]] = {
    "pipeline.json": pipeline.DASHBOARD,
    "queues.json": queues.DASHBOARD,
    "vendors.json": vendors.DASHBOARD,
    "account.json": account.DASHBOARD,
}


def written() -> Mapping[str, str]:
    """Give each file's text by its name."""
    return {
        name: json.dumps(as_json(dashboard), indent=2) + "\n"
        for name, dashboard in DASHBOARDS.items()
    }


def main() -> None:
    """Write them all."""
    for name, text in written().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
