"""`make bench-budget`: what Goodsout takes of both vendors' budgets, as a table and as JSON."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.budget.figures import (
    Figure,
    a_backlog,
    a_single_note,
    beside_a_flood,
    fairness,
    found_again,
    share_used,
)
from bench.budget.merchants import open_shops
from bench.budget.naive_run import a_naive_client
from bench.budget.plant import running_plant

NOTES = 1_000
QUIET = tuple(f"quiet{number}" for number in range(1, 10))
# One account has fifty times what each of the others has.
EACH, FLOOD = 60, 3_000
RESULT = Path("var/bench-budget.json")


def main() -> int:
    """Measure everything, or what is named; 1 when a figure does not hold."""
    parts: dict[str, Callable[[], Iterator[Figure]]] = {
        "backlog": _backlog,
        "share": _share,
        "fairness": _fairness,
        "reconciliation": _reconciliation,
    }
    wanted = sys.argv[1:] or list(parts)
    if unknown := sorted(set(wanted) - set(parts)):
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(parts)}")
        return 2
    figures: list[Figure] = []
    for name in wanted:
        begun = time.monotonic()
        for figure in parts[name]():
            print(_line(figure), flush=True)
            figures.append(figure)
        print(f"  ({name}: {time.monotonic() - begun:.0f} s)", flush=True)
    _keep(figures)
    failed = [figure.name for figure in figures if figure.holds is False]
    print(f"\n{len(figures)} figures, {len(failed)} do not hold; {RESULT}")
    return 1 if failed else 0


def _backlog() -> Iterator[Figure]:
    with running_plant() as plant:
        shop, other = open_shops(plant, "demo", "naive")
        yield a_single_note(shop)
        yield from a_backlog(shop, NOTES)
        yield from a_naive_client(other)


def _share() -> Iterator[Figure]:
    # Windows of 30 s with half of what the notes could use: the budget is what they wait for.
    with running_plant(scale=0.5) as plant:
        [shop] = open_shops(plant, "demo")
        yield share_used(shop, limit=40, share=0.95, notes=NOTES)


def _fairness() -> Iterator[Figure]:
    with running_plant() as plant:
        *quiet, loud = open_shops(plant, *QUIET, "loud")
        yield beside_a_flood(quiet[0], loud, notes=20, flood=NOTES)
        yield fairness(quiet, loud, each=EACH, flood=FLOOD)


def _reconciliation() -> Iterator[Figure]:
    with running_plant() as plant:
        [shop] = open_shops(plant, "demo")
        yield found_again(shop, NOTES)


def _line(figure: Figure) -> str:
    word = {True: "holds", False: "FAILS", None: ""}[figure.holds]
    return (
        f"{figure.name:44} {figure.measured:9.2f}  {figure.must:>8}  {word:5}  {figure.remark}"
    ).rstrip()


def _keep(figures: Sequence[Figure]) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
