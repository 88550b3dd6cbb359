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
    # What was asked otherwise than in the attempt before, line by line; "" where nothing was.
    changed: str = ""


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
    earlier = {(one.call.operation, one.line): one.asked for one in before if one.asked}
    views = (_view(call, one, personal=personal) for call, one in zip_longest(calls, kept) if call)
    return [
        replace(view, changed=_changed(earlier.get((view.call.operation, view.line)), view.asked))
        for view in views
    ]


def as_text(body: Any, *, personal: bool) -> str:
    """Write a kept body for reading."""
    told = shown(body) if personal else masked(body)
    if told is None:
        return NO_BODY
    return told if isinstance(told, str) else json.dumps(told, indent=2, ensure_ascii=False)


def _changed(before: str | None, asked: str) -> str:
    if before is None or before == asked:
        return ""
    lines = unified_diff(before.splitlines(), asked.splitlines(), n=0, lineterm="")
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
