"""The evidence pack: one note's story as files, for a warehouse's or a vendor's support; pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from services.portal.corrections.showing import Shown
from services.portal.log.calls import NOT_SAID, calls_of
from services.portal.log.note_story import NoteStory
from services.portal.log.story_lines import Line, lines_of
from shared.db.note_tables import OrderLink
from shared.db.portal_tables import AuditEntry
from shared.journal.exchanges import Kept
from shared.vendors.personal import initials, masked, shown

MASKED: Final = "Personal data stands as initials."
IN_THE_CLEAR: Final = "Personal data stands in the clear: pass this on with care."
LARGEST: Final = 8 * 1024 * 1024  # bytes of requests and answers, before they are packed

_LEFT_OUT: Final = {
    "leased_by",
    "leased_until",
    "handled_by",
    "handled_note",
    "stopped_by",
    "parcels_told",
}
_NOT_A_NAME: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a pack is made of; `exchanges` are by event and attempt."""

    story: NoteStory
    exchanges: Mapping[tuple[UUID, int], Sequence[Kept | None]] = field(default_factory=dict)
    corrected: Sequence[Shown] = ()
    account: str
    made_at: datetime
    made_by: str
    with_personal: bool = False


def pack(evidence: Evidence) -> bytes:
    """Build the ZIP: facts, timeline, each request with its answer, the vendors' request ids."""
    lines = lines_of(_without_names(evidence.story))
    files = {
        "README.txt": _read_me(evidence),
        "facts.json": _json(_facts(evidence)),
        "timeline.txt": "\n".join(_told(line) for line in lines) + "\n",
        "timeline.json": _json([_as_json(line) for line in lines]),
        "request-ids.txt": "\n".join(_request_ids(evidence.story)) + "\n",
        **_bounded(_bodies(evidence)),
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(_info(f"note-{evidence.story.row.note_id}/{name}", evidence), content)
    return packed.getvalue()


def _without_names(story: NoteStory) -> NoteStory:
    """Say what the merchant's people did, and not which of them."""
    entries = [AuditEntry(**{**entry.model_dump(), "who": "A person"}) for entry in story.entries]
    return replace(story, entries=entries)


def _info(name: str, evidence: Evidence) -> ZipInfo:
    info = ZipInfo(name, evidence.made_at.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    return info


def _read_me(evidence: Evidence) -> str:
    row = evidence.story.row
    return (
        f"Evidence of goods-out note {row.note_id} of {evidence.account}\n"
        f"Made by Goodsout on {evidence.made_at:%d %b %Y %H:%M:%S} UTC for {evidence.made_by}\n\n"
        f"{IN_THE_CLEAR if evidence.with_personal else MASKED} Passwords and tokens are never "
        "kept, so none can be in here.\n\n"
        "facts.json       what is known of the note and its order\n"
        "timeline.txt     what happened, oldest first, times in UTC\n"
        "timeline.json    the same for programs\n"
        "request-ids.txt  what to tell a vendor's support: Brightpearl's Ruid, ShipHero's "
        "request_id\n"
        "requests/        each request to a vendor that concerned the note, with its answer\n"
    )


def _facts(evidence: Evidence) -> dict[str, Any]:
    row = evidence.story.row.model_dump(mode="json", exclude=_LEFT_OUT)
    return {
        "note": row,
        "warehouse": evidence.story.warehouse,
        "orders": [_link(link) for link in evidence.story.links],
        "corrected_by_hand": [_corrected(one, evidence) for one in evidence.corrected],
    }


def _corrected(one: Shown, evidence: Evidence) -> dict[str, Any]:
    is_hidden = one.is_personal and not evidence.with_personal
    return {
        "field": one.label,
        "in_brightpearl_then": initials(one.was) if is_hidden else one.was,
        "sent_instead": initials(one.value) if is_hidden else one.value,
        "counts": one.counts,
    }


def _link(link: OrderLink) -> dict[str, Any]:
    return link.model_dump(mode="json", exclude={"sent"})


def _told(line: Line) -> str:
    words = f"{line.at:%Y-%m-%d %H:%M:%S}  {line.title}"
    if line.seconds:
        words += f" ({line.seconds})"
    told = [words, *(f"    {part}" for part in (line.sentence, line.code) if part)]
    told += [
        f"    {call.vendor} {call.operation}: {call.status}, {call.seconds}, request id "
        f"{call.request_id}"
        for call in line.calls
    ]
    return "\n".join(told)


def _as_json(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "at": line.at.isoformat(),
        "title": line.title,
        "sentence": line.sentence,
        "code": line.code,
        "event_id": line.id,
        "calls": [asdict(call) for call in line.calls],
    }


def _request_ids(story: NoteStory) -> Iterator[str]:
    for attempt in story.attempts:
        for call in calls_of(attempt.vendor_calls):
            if call.request_id != NOT_SAID:
                where = f"{call.vendor}  {call.operation}  {call.status}"
                yield f"{attempt.started_at:%Y-%m-%d %H:%M:%S} UTC  {where}  {call.request_id}"


def _bodies(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Give each request with its answer, the newest attempt first, named in their order."""
    show = shown if evidence.with_personal else masked
    for attempt in reversed(evidence.story.attempts):
        kept = evidence.exchanges.get((attempt.event_id, attempt.number), ())
        for place, (call, one) in enumerate(zip(attempt.vendor_calls, kept, strict=False), start=1):
            if one:
                name = _NOT_A_NAME.sub("-", f"{call.get('vendor')}-{call.get('operation')}".lower())
                at = f"{attempt.started_at:%Y%m%dT%H%M%S}"
                path = f"requests/{at}-{str(attempt.event_id)[-6:]}-{attempt.number}-{place}-{name}"
                yield f"{path}.json", _json({"call": call, **show(dict(one))})


def _bounded(files: Iterator[tuple[str, str]]) -> dict[str, str]:
    taken: dict[str, str] = {}
    room = LARGEST
    for name, content in files:
        room -= len(content)
        if room < 0:
            taken["requests/LEFT-OUT.txt"] = "Older requests were left out: there are too many.\n"
            break
        taken[name] = content
    return taken


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
