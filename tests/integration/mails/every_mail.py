"""One mail of each sort that Goodsout sends of its own accord, with plausible contents.

`python -m tests.integration.mails.every_mail FOLDER` takes their pictures, to be looked at.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from playwright.sync_api import sync_playwright

from services.notifier.telling.alert_words import WORDS, ended_notice, opened_notice
from services.notifier.telling.assigned_words import AssignedLine, assigned_notice
from services.notifier.telling.first_fetch import Setup, done_notice, stopped_notice
from services.notifier.telling.gathered_words import Gathered, gathered_notice
from services.notifier.telling.gathering import Act
from shared import differences
from shared.catalogue.parts import Part
from shared.catalogue.progress import DONE, FAILED, PartProgress
from shared.db.vendor_tables import Alert
from shared.mails import Letter, Notice, to_letter
from shared.notifications import (
    DEAD_LETTERS,
    DIFFERENCES_FOUND,
    FIRST_FETCH_DONE,
    ISSUE_ASSIGNED,
    KINDS,
    ORDERS_FAILING,
)
from tests.servers.browser import executable

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PORTAL: Final = "https://portal.goodsout.example"
BROKEN: Final = (
    "Brightpearl refuses our credentials: the staff member who connected was removed. Everything "
    "that needs Brightpearl is held and nothing is lost; it goes on by itself when you reconnect."
)
ABOUT: Final[Mapping[str, tuple[str, str]]] = {
    "connection_broken": ("brightpearl", BROKEN),
    "webhook_unhealthy": (
        "shiphero:Shipment Update",
        "The webhook Shipment Update was switched off; Goodsout registers it again.",
    ),
    "silence": ("notes", "Between 09:00 and 10:00 on a Monday 30-50 notes usually come; today 0."),
}
LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "600-light": {"viewport": {"width": 600, "height": 400}, "color_scheme": "light"},
    "600-dark": {"viewport": {"width": 600, "height": 400}, "color_scheme": "dark"},
    "320-light": {"viewport": {"width": 320, "height": 400}, "color_scheme": "light"},
    "320-dark": {"viewport": {"width": 320, "height": 400}, "color_scheme": "dark"},
}


def every_mail() -> dict[str, Letter]:
    """Give one letter of each sort, by a short name."""
    return {name: _letter(kind, notice) for name, kind, notice in _notices()}


def _letter(kind: str, notice: Notice) -> Letter:
    link = f"{PORTAL}/unsubscribe/WzEsIm9yZGVyc19mYWlsaW5nIl0.RjFzdGhpbmdFbHNlVGhhdElzTG9uZw"
    return to_letter(notice, to="ann@acme.example", unsubscribe=link, kind=KINDS[kind].label)


def _notices() -> Iterator[tuple[str, str, Notice]]:
    for act in (Act.FIRST, Act.AGAIN, Act.ENDED):
        yield f"orders-{act}", ORDERS_FAILING, _gathered(ORDERS_FAILING, "sku_unknown", act)
    for code in ("warehouse_undecided", "address_missing", "vendor_trouble", "order_canceled"):
        yield f"orders-{code}", ORDERS_FAILING, _gathered(ORDERS_FAILING, code, Act.FIRST)
    yield "dead-letters", DEAD_LETTERS, _gathered(DEAD_LETTERS, "bug", Act.FIRST)
    for kind in sorted(differences.KINDS.keys() - differences.TOLD_OTHERWISE):
        yield f"difference-{kind}", DIFFERENCES_FOUND, _gathered(DIFFERENCES_FOUND, kind, Act.FIRST)
    for kind, words in WORDS.items():
        alert = _alert(kind)
        yield f"alert-{kind}", words.kind, opened_notice(alert, portal_url=PORTAL)
        yield f"alert-{kind}-ended", words.kind, ended_notice(alert, portal_url=PORTAL)
    for number in (1, 25):
        told = assigned_notice([_line(one) for one in range(number)], portal_url=PORTAL)
        yield f"assigned-{number}", ISSUE_ASSIGNED, told
    setup = Setup(warehouses=2, methods=5, go_live_unset=True)
    fetched = done_notice(_parts(), setup, portal_url=PORTAL)
    yield "fetch-done", FIRST_FETCH_DONE, fetched
    yield "fetch-stopped", FIRST_FETCH_DONE, stopped_notice(_parts(FAILED), portal_url=PORTAL)


def _gathered(kind: str, cause: str, act: Act) -> Notice:
    told = Gathered(
        cause=cause,
        act=act,
        fresh=1234 if act is Act.FIRST else 12,
        names=() if kind == DEAD_LETTERS else ("4001 (WEB-1)", "4002 (WEB-2)", "note 7003"),
        example="" if kind == DEAD_LETTERS else "ShipHero does not have KETTLE-RED, KETTLE-BLUE.",
        standing=1246,
        things=1246,
        since=NOON,
    )
    return gathered_notice(kind, told, portal_url=PORTAL)


def _line(number: int) -> AssignedLine:
    return AssignedLine(
        title=f"Shipping method DPD Saturday before twelve, number {number}, is not mapped",
        notes=number + 1,
        since=NOON,
        by="ann@acme.example",
    )


def _alert(kind: str) -> Alert:
    subject, sentence = ABOUT.get(kind, ("", "This is what the alert itself says of it."))
    return Alert(
        id=UUID(int=1), account_id=UUID(int=2), kind=kind, subject=subject, sentence=sentence,
        raised_at=NOON,
    )  # fmt: skip


def _parts(products: str = DONE) -> tuple[PartProgress, ...]:
    return tuple(
        PartProgress(
            part=part,
            state=products if part is Part.PRODUCTS else DONE,
            done=12_345 if part is Part.PRODUCTS else 7,
            total=None,
            started_at=NOON,
            moved_at=NOON + timedelta(minutes=4),
            ended_at=None,
            sentence="Brightpearl answered 503 twelve times." if products == FAILED else "",
        )
        for part in Part
    )


def main(folder: Path) -> None:
    """Take a picture of each in every look."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        for look, options in LOOKS.items():
            page = browser.new_page(**options)
            for name, letter in every_mail().items():
                page.set_content(letter.html)
                page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
