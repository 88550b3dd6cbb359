"""The Reconciliation page: what it shows, what a person asks for, and what that records."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from shared.db.account_tables import Account
from shared.db.journal_tables import EventRow
from shared.db.portal_tables import Difference
from shared.db.vendor_tables import MissingNote
from shared.differences import (
    CANCELED_THERE,
    DOUBLED,
    MISSING,
    NEVER_SENT,
    NOT_CANCELED,
    NOT_WRITTEN_BACK,
    WITHOUT_NOTE,
)
from shared.events import GOODS_OUT_NOTE_CHANGED, GOODS_OUT_NOTE_DESTROYED, SHIPMENT_SUSPECTED
from shared.watermarks import NOTES, move_watermark
from tests.integration.portal.dead_letters import acts, post
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, NOON, Merchants, token_on

PAGE = "/reconciliation"


def a_difference(
    merchants: Merchants,
    kind: str,
    subject: str,
    *,
    account_id: UUID = FERNLEAF,
    found_at: datetime = NOON,
) -> UUID:
    """Keep an open difference; a missing note waits for a person."""
    row = Difference(
        id=uuid4(),
        account_id=account_id,
        kind=kind,
        subject=subject,
        sentence=f"Something differs about {subject}.",
        found_at=found_at,
        seen_at=found_at,
    )
    with merchants.open_session() as session:
        session.add(row)
        if kind == MISSING:
            note = MissingNote(account_id=account_id, note_id=int(subject), suspected_at=NOON)
            session.add(note.model_copy(update={"waits_for_person": True}))
        session.commit()
    return row.id


def recorded(merchants: Merchants) -> list[tuple[str, str]]:
    """Give name and subject of the journal's events."""
    with merchants.open_session() as session:
        rows = session.exec(select(EventRow).order_by(EventRow.name, EventRow.subject))
        return [(row.name, row.subject) for row in rows]


def open_subjects(merchants: Merchants) -> list[str]:
    with merchants.open_session() as session:
        found = select(Difference.subject).where(col(Difference.ended_at).is_(None))
        return sorted(session.exec(found))


def test_comparing_now_asks_both_vendors_once_a_minute(merchants: Merchants) -> None:
    client = merchants.viewer()
    too_early = post(client, PAGE, f"{PAGE}/compare")
    with merchants.open_session() as session:
        session.get_one(Account, FERNLEAF).go_live_at = NOON
        session.commit()

    shown = post(client, PAGE, f"{PAGE}/compare")
    post(client, PAGE, f"{PAGE}/compare")

    assert recorded(merchants) == [
        ("reconciliation.requested", "fernleaf"),
        ("shiphero_reconciliation.requested", "fernleaf"),
    ]
    assert "before a go-live date is set" in too_early.text
    assert shown.text.count("Comparing</span>") == 3
    assert acts(merchants) == [(EMAILS[FERNLEAF], "compared", "both vendors")]


def test_the_last_comparison_is_told(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        move_watermark(session, FERNLEAF, NOTES, reached=NOON, now=NOON, found=1234, missed=2)
        session.commit()

    page = merchants.viewer().get(PAGE).text

    assert "1,234 to be sent" in page
    assert "No differences" in page


@pytest.mark.parametrize(
    ("kind", "subject", "event"),
    [
        (NEVER_SENT, "7001", GOODS_OUT_NOTE_CHANGED),
        (WITHOUT_NOTE, "7001:A", GOODS_OUT_NOTE_CHANGED),
        (NOT_WRITTEN_BACK, "7001", SHIPMENT_SUSPECTED),
        (NOT_CANCELED, "7001", GOODS_OUT_NOTE_DESTROYED),
    ],
)
def test_a_repair_is_an_event_and_the_difference_stays_until_it_is_gone(
    sqlite_merchants: Merchants, kind: str, subject: str, event: str
) -> None:
    id_ = a_difference(sqlite_merchants, kind, subject)
    client = sqlite_merchants.viewer()

    post(client, PAGE, f"{PAGE}/{kind}/repair", id=id_)
    again = post(client, PAGE, f"{PAGE}/{kind}/repair", id=id_)

    assert recorded(sqlite_merchants) == [(event, "7001")]
    assert "Asked" in again.text
    assert open_subjects(sqlite_merchants) == [subject]
    assert acts(sqlite_merchants)[0] == (EMAILS[FERNLEAF], "repaired", "note 7001")


def test_all_of_a_kind_are_repaired_after_a_plan_and_none_found_later(
    merchants: Merchants,
) -> None:
    for note in ("1", "2", "3"):
        a_difference(merchants, NEVER_SENT, note)
    client = merchants.viewer()
    plan = client.get(f"{PAGE}/{NEVER_SENT}/repair")
    a_difference(merchants, NEVER_SENT, "4", found_at=NOON + timedelta(minutes=1))
    until = re.findall(r'name="until" value="([^"]+)"', plan.text)[0]

    done = post(client, PAGE, f"{PAGE}/{NEVER_SENT}/repair", until=until)

    assert "Look again: 3 differences?" in plan.text
    assert "3 differences" in done.text
    assert [subject for _, subject in recorded(merchants)] == ["1", "2", "3"]
    assert [subject for _, _, subject in acts(merchants)] == ["3 differences"]


@pytest.mark.parametrize(
    ("answer", "events"), [("deleted", [(GOODS_OUT_NOTE_DESTROYED, "1")]), ("exist", [])]
)
def test_a_person_decides_about_missing_notes(
    merchants: Merchants, answer: str, events: list[tuple[str, str]]
) -> None:
    id_ = a_difference(merchants, MISSING, "1")
    a_difference(merchants, MISSING, "2")
    client = merchants.viewer()

    question = client.get(f"{PAGE}/{MISSING}/repair?id={id_}")
    post(client, PAGE, f"{PAGE}/decide", id=id_, answer=answer)

    assert "cancel its order" in question.text
    assert recorded(merchants) == events
    assert open_subjects(merchants) == ["2"]
    with merchants.open_session() as session:
        assert [row.note_id for row in session.exec(select(MissingNote))] == [2]


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("decide", {"answer": "deleted"}, 400),
        ("decide", {"answer": "perhaps", "until": "2026-11-25T00:00:00+00:00"}, 400),
        (f"{NEVER_SENT}/repair", {}, 400),
        (f"{NEVER_SENT}/repair", {"id": "nonsense"}, 400),
        (f"{NEVER_SENT}/repair", {"until": "yesterday"}, 400),
        (f"{MISSING}/repair", {"until": "2026-11-25T00:00:00+00:00"}, 404),
        (f"{CANCELED_THERE}/repair", {"until": "2026-11-25T00:00:00+00:00"}, 404),
        ("nonsense/repair", {}, 404),
    ],
)
def test_what_nobody_may_ask_changes_nothing(
    sqlite_merchants: Merchants, path: str, fields: dict[str, str], status: int
) -> None:
    for kind in (MISSING, NEVER_SENT, CANCELED_THERE):
        a_difference(sqlite_merchants, kind, "1")

    answer = post(sqlite_merchants.viewer(), PAGE, f"{PAGE}/{path}", **fields)

    assert answer.status_code == status
    assert recorded(sqlite_merchants) == []


def test_another_ones_differences_are_neither_seen_nor_repaired(merchants: Merchants) -> None:
    theirs = a_difference(merchants, NEVER_SENT, "77", account_id=HARBOUR)
    missing = a_difference(merchants, MISSING, "78", account_id=HARBOUR)
    client = merchants.viewer(FERNLEAF)

    page = client.get(PAGE)
    asked = post(client, PAGE, f"{PAGE}/{NEVER_SENT}/repair", id=theirs)
    decided = post(client, PAGE, f"{PAGE}/decide", id=missing, answer="deleted")

    assert "about 77" not in page.text
    assert ["Nothing was done" in one.text for one in (asked, decided)] == [True, True]
    assert recorded(merchants) == []
    assert open_subjects(merchants) == ["77", "78"]


def test_one_who_may_only_look_is_offered_no_repair(sqlite_merchants: Merchants) -> None:
    id_ = a_difference(sqlite_merchants, NEVER_SENT, "7001")
    client = sqlite_merchants.looker()

    page = client.get(PAGE)

    assert "about 7001" in page.text
    assert (f"{NEVER_SENT}/repair" in page.text, "Compare now" in page.text) == (False, False)
    form = {"csrf_token": token_on(page), "id": id_, "answer": "deleted"}
    for path in ("compare", "decide", f"{NEVER_SENT}/repair"):
        assert client.post(f"{PAGE}/{path}", data=form).status_code == 403


def test_a_long_list_is_read_page_by_page(sqlite_merchants: Merchants) -> None:
    for number in range(1, 121):
        found_at = NOON + timedelta(seconds=number)
        a_difference(sqlite_merchants, DOUBLED, f"{number}:A", found_at=found_at)
    client = sqlite_merchants.viewer()

    first = client.get(f"{PAGE}/{DOUBLED}")
    older = re.findall(r'rel="next" href="([^"]+)"', first.text)[0]
    second = client.get(older)

    seen = [re.findall(r"about (\d+):A", page.text) for page in (first, second)]
    assert [len(one) for one in seen] == [100, 20]
    assert sorted(map(int, seen[0] + seen[1])) == list(range(1, 121))
