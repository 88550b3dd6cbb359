"""What was asked of a vendor and answered, as a person reads it; pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from itertools import zip_longest
from typing import Any, Final

from services.portal.log.calls import VendorCall, calls_of
from shared.db.journal_tables import AttemptRow
from shared.journal.exchanges import Kept
from shared.vendors.personal import masked, shown

NOT_KEPT: Final = "Not kept: only what concerns a note and its order is."
NO_BODY: Final = "(nothing)"


@dataclass(frozen=True, kw_only=True)
class ExchangeView:
    """One vendor call with its two bodies as text, `why_not` where they were not kept."""

    call: VendorCall
    line: str = ""
    asked: str = ""
    answered: str = ""
    why_not: str = ""
    # Among how many notes the answer was shared; 1 is this note alone.
    sharers: int = 1
    # Whether the attempt before asked the same kind of thing, and what was asked and answered
    # otherwise then, line by line; "" where nothing was.
    is_compared: bool = False
    changed: str = ""
    answer_changed: str = ""


def exchanges_in(
    attempt: AttemptRow,
    kept: Sequence[Kept | None],
    *,
    before: Sequence[ExchangeView] = (),
    personal: bool,
) -> list[ExchangeView]:
    """Read an attempt's calls with what was kept of them, personal data shown or as initials.

    `before` are those of the attempt before it, with which a question of the same kind is compared.
    """
    calls = calls_of(attempt.vendor_calls)
    earlier = {(one.call.operation, one.line): one for one in before if one.asked}
    views = (_view(call, one, personal=personal) for call, one in zip_longest(calls, kept) if call)
    return [_beside(view, earlier.get((view.call.operation, view.line))) for view in views]


def as_text(body: Any, *, personal: bool) -> str:
    """Write a kept body for reading."""
    told = shown(body) if personal else masked(body)
    if told is None:
        return NO_BODY
    return told if isinstance(told, str) else json.dumps(told, indent=2, ensure_ascii=False)


def _beside(view: ExchangeView, before: ExchangeView | None) -> ExchangeView:
    if before is None or view.why_not:
        return view
    return replace(
        view,
        is_compared=True,
        changed=_changed(before.asked, view.asked),
        answer_changed=_changed(before.answered, view.answered),
    )


def _changed(before: str, after: str) -> str:
    if before == after:
        return ""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _view(call: VendorCall, kept: Kept | None, *, personal: bool) -> ExchangeView:
    if not kept:
        return ExchangeView(call=call, why_not=NOT_KEPT)
    return ExchangeView(
        call=call,
        line=f"{kept.get('method', '')} {kept.get('path', '')}".strip(),
        asked=as_text(kept.get("asked"), personal=personal),
        answered=as_text(kept.get("answered"), personal=personal),
        sharers=int(kept.get("sharers") or 1),
    )
