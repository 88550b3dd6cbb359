"""The pages of `docs/` that are written from the code: `python -m tests.written_docs` writes them.

`tests/test_docs.py` compares them with what stands in the files.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from shared.notes.state import FIRST, HAPPENINGS, MOVES, NOT_BEGUN, SIDES, STAGES, status_words
from shared.reasons.listed import REASONS
from shared.reasons.reason import Reason

DOCS = Path(__file__).parents[1] / "docs"

REASONS_HEAD = """# Reasons

Why a note waits, was not sent, or failed: the code that the journal keeps, what it means, whose
turn it is, what to do and what follows. This page is written from `shared/reasons/` by
`python -m tests.written_docs`, and a test keeps both equal. The portal shows the same words.

Settings are made on the portal's page Sync configuration, or with `goodsout settings set` and
`goodsout map`. A note is retried on its page, or with `goodsout retry`. What goes on by itself says
whose turn it is once Goodsout has given up.
"""

STATES_HEAD = """# States of a goods-out note

A note has two sides: its order's way to ShipHero, and its shipment's way back. Each is at one
stage. This page is written from `shared/notes/state.py` by `python -m tests.written_docs`, and a
test keeps both equal. Nothing but `move` of `shared/notes/progress.py` writes a stage.

What happens is named by the stage that it leads to; what a table does not name changes nothing.
Stages from which the same leads to the same are drawn as one box. Where the note is deleted and
ShipHero has its order, a failure is that of cancelling the order: it leads to `cancel_refused`.

| happens | when |
|---|---|
"""

BOXES = {"order": ("not at ShipHero", "at ShipHero"), "shipment": ("not in Brightpearl",)}


def pages() -> dict[str, str]:
    """Give every written page by its file's name."""
    return {"reasons.md": reasons_page(), "states.md": states_page()}


def reasons_page() -> str:
    """Write the table of reasons."""
    head = ["code", "means", "by itself", "whose turn", "what to do", "what follows"]
    rows = ([f"`{code}`", *_told(reason)] for code, reason in sorted(REASONS.items()))
    return f"{REASONS_HEAD}\n{_table(head, rows)}"


def states_page() -> str:
    """Draw both sides of a note, and give the table behind each drawing."""
    happens = "".join(f"| `{stage}` | {words} |\n" for stage, words in HAPPENINGS.items())
    return STATES_HEAD + happens + "".join(_side(side) for side in SIDES)


def drawing(side: str) -> str:
    """Draw one side's table of moves for mermaid."""
    groups = _groups(side)
    boxes = [stages for stages, _ in groups if len(stages) > 1]
    lines = ["stateDiagram-v2"]
    for stages, name in zip(boxes, BOXES[side], strict=True):
        lines.append(f'    state "{name} (each leads to each)" as {_box(stages)} {{')
        lines += [f"        {_shown(stage)}" for stage in stages]
        lines.append("    }")
    lines.append(f"    [*] --> {_shown(FIRST[side])}")
    for stages, moves in groups:
        lines += [f"    {edge}" for edge in _edges(stages, moves)]
    return "\n".join(lines)


def _side(side: str) -> str:
    head = ["stage", "Order Status" if side == "order" else "Shipment Status", "what leads where"]
    rows = [
        [f"`{_shown(stage)}`", _word(side, stage), _leads(side, stage)] for stage in STAGES[side]
    ]
    return f"\n## {side.title()}\n\n```mermaid\n{drawing(side)}\n```\n\n{_table(head, rows)}"


def _groups(side: str) -> list[tuple[tuple[str, ...], Mapping[str, str]]]:
    """Put stages together from which the same leads to the same."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for stage in STAGES[side]:
        alike[tuple(sorted(MOVES[side][stage].items()))].append(stage)
    return [(tuple(stages), dict(moves)) for moves, stages in alike.items()]


def _edges(stages: Sequence[str], moves: Mapping[str, str]) -> Iterator[str]:
    for after in sorted(set(moves.values()) - set(stages)):
        yield f"{_box(stages)} --> {_shown(after)}"
    for happening, after in sorted(moves.items()):
        if happening != after:
            yield f"{_box(stages)} --> {_shown(after)} : {happening}"


def _leads(side: str, stage: str) -> str:
    [alike] = [stages for stages, _ in _groups(side) if stage in stages]
    return _moves(MOVES[side][stage]) if stage == alike[0] else f"as from `{_shown(alike[0])}`"


def _moves(moves: Mapping[str, str]) -> str:
    same = [f"`{one}`" for one, after in sorted(moves.items()) if one == after]
    other = [f"`{one}` to `{after}`" for one, after in sorted(moves.items()) if one != after]
    return ", ".join([*same, *other])


def _box(stages: Sequence[str]) -> str:
    return _shown(stages[0]) if len(stages) == 1 else "_or_".join(map(_shown, stages[:2]))


def _shown(stage: str) -> str:
    return stage or "not_begun"


def _word(side: str, stage: str) -> str:
    if side == "order":
        return status_words(stage, NOT_BEGUN).order
    return status_words(FIRST["order"], stage).shipment or "blank"


def _told(reason: Reason) -> list[str]:
    by_itself = "yes" if reason.by_itself else ""
    return [reason.sentence, by_itself, reason.whose_turn, reason.remedy, reason.then]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text)
