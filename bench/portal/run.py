"""`make bench-portal`: how long the portal's pages take with a million notes; table and JSON."""

import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from flask.testing import FlaskClient

from bench.portal.pages import (
    LIST,
    NOTE,
    Asked,
    Served,
    asked,
    first_page_bytes,
    logged_in,
    served,
)
from bench.portal.seed import seed
from tests.servers.postgresql import private_postgresql

ROWS = 1_000_000
TIMES = 40
WARM = 3
LIMITS = {LIST: 200.0, NOTE: 100.0}
FIRST_LOOKS = 5
FIRST_LOOK = 1000.0
BYTES = 300_000
RESULT = Path("var/bench-portal.json")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table, in milliseconds or bytes."""

    name: str
    p50: float
    p95: float
    must: str
    holds: bool


def main() -> int:
    """Measure with so many rows as are named, a million by default; 1 when a figure fails."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with private_postgresql() as postgresql, served(postgresql.url) as app:
        begun = time.monotonic()
        seeded = seed(app.engine, rows, app.digests)
        print(f"{rows:,} notes seeded in {time.monotonic() - begun:.0f} s", flush=True)
        client = logged_in(app.flask)
        figures = [_shown(figure) for figure in _measured(client, asked(client, seeded))]
        figures += [_shown(figure) for figure in _of_dashboard(app, client)]
        size = first_page_bytes(app.flask, client)
        figures.append(
            _shown(Figure(name="bytes of the first page", p50=size, p95=size,
                          must=f"< {BYTES:,}", holds=size < BYTES))
        )  # fmt: skip
    _keep(rows, figures)
    failed = [figure.name for figure in figures if not figure.holds]
    print(f"\n{len(figures)} figures, {len(failed)} do not hold; {RESULT}")
    return 1 if failed else 0


def _measured(client: FlaskClient, pages: Sequence[Asked]) -> Iterator[Figure]:
    for page in pages:
        took = []
        for number in range(WARM + TIMES):
            address = page.addresses[number % len(page.addresses)]
            begun = time.perf_counter()
            answer = client.get(address)
            took.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            assert page.shows in answer.text, f"{address} does not show {page.shows}"
        measured = took[WARM:]
        p95 = statistics.quantiles(measured, n=20, method="inclusive")[-1]
        limit = LIMITS[page.kind]
        yield Figure(
            name=page.name,
            p50=statistics.median(measured),
            p95=p95,
            must=f"p95 < {limit:.0f} ms",
            holds=p95 < limit,
        )


def _of_dashboard(app: Served, client: FlaskClient) -> Iterator[Figure]:
    """Measure it as it is looked at, and the first look after a restart, when nothing is kept."""
    looks = [_took(client, "/dashboard") for _ in range(WARM + TIMES)][WARM:]
    first = [_took(logged_in(app.anew()), "/dashboard") for _ in range(FIRST_LOOKS)]
    for name, took, limit in (
        ("the dashboard", looks, LIMITS[LIST]), ("its first look", first, FIRST_LOOK),
    ):  # fmt: skip
        p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
        yield Figure(name=name, p50=statistics.median(took), p95=p95,
                     must=f"p95 < {limit:.0f} ms", holds=p95 < limit)  # fmt: skip


def _took(client: FlaskClient, address: str) -> float:
    begun = time.perf_counter()
    assert client.get(address).status_code == 200, address
    return (time.perf_counter() - begun) * 1000


def _shown(figure: Figure) -> Figure:
    word = "holds" if figure.holds else "FAILS"
    line = f"{figure.name:44} {figure.p50:10,.1f} {figure.p95:10,.1f}  {figure.must:>14}  {word}"
    print(line, flush=True)
    return figure


def _keep(rows: int, figures: Sequence[Figure]) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    told = {"rows": rows, "figures": [asdict(figure) for figure in figures]}
    RESULT.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
