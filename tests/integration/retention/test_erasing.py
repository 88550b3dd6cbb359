"""Personal data that is old is erased; the rows stay."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from shared.db.correction_tables import NoteCorrection
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import NotePerson, ShadowNote
from shared.events import MAIL_REQUESTED
from shared.mails import KIND
from tests.integration.journal.books import MORNING, Books
from tests.integration.retention.hall import (
    A_MONTH_AGO,
    BODY,
    LONG_AGO,
    a_webhook,
    an_event,
    exchanges,
    take_turns,
)


def test_what_was_asked_and_answered_is_erased_and_the_attempt_stays(books: Books) -> None:
    old = an_event(books, A_MONTH_AGO)
    young = an_event(books, MORNING - timedelta(days=29))

    take_turns(books)

    [attempt] = books.attempts(old)
    assert (attempt.reason, attempt.vendor_calls) == (
        "it went well",
        [{"operation": "order_create"}],
    )
    assert exchanges(books, old) is None
    assert exchanges(books, young) == [{"asked": "Ada Lovelace"}]


def test_a_settled_webhook_s_body_is_erased_and_its_row_stays(books: Books) -> None:
    old, young = a_webhook(books, A_MONTH_AGO), a_webhook(books, MORNING)

    take_turns(books)

    row = books.row(old)
    assert (row.payload, row.outcome) == ({"erased": "it was old"}, "delivered")
    assert row.erased_at == MORNING
    assert books.row(young).payload == BODY


def test_what_is_not_settled_or_waits_for_a_person_keeps_its_body(books: Books) -> None:
    dead = a_webhook(books, A_MONTH_AGO, outcome="dead")
    held = a_webhook(
        books, A_MONTH_AGO, settled_at=None, outcome=None, hold_cause="shipment_sync_off"
    )
    closed = a_webhook(books, A_MONTH_AGO, outcome="dead", discarded_at=MORNING)

    take_turns(books)

    assert books.row(dead).payload == books.row(held).payload == BODY
    assert "body" not in books.row(closed).payload


def test_a_letter_that_was_never_sent_is_erased_but_for_its_kind(books: Books) -> None:
    payload = {KIND: "invitation", "sealed": "Ada Lovelace"}
    mail = an_event(books, LONG_AGO, name=MAIL_REQUESTED, payload=payload, outcome="dead")
    books.rewrite(mail, discarded_at=LONG_AGO)

    take_turns(books)

    # It stays in the journal: its dedupe key keeps the same cause from being told twice.
    assert books.row(mail).payload == {KIND: "invitation", "erased": "it was old"}


def test_the_orders_that_shadow_mode_showed_are_erased(books: Books) -> None:
    def a_note(note_id: int, looked_at: datetime) -> ShadowNote:
        return ShadowNote(
            account_id=books.account,
            note_id=note_id,
            looked_at=looked_at,
            settings_version=1,
            outcome="would_send",
            order_sent={"email": "ada@example.com"},
            differences=[{"field": "email", "shown": "ada@example.com", "sent": "a@example.com"}],
        )

    with books.session() as session:
        session.add_all([a_note(1, A_MONTH_AGO), a_note(2, MORNING)])

    take_turns(books)

    with books.session() as session:
        old, young = session.scalars(select(ShadowNote).order_by(col(ShadowNote.note_id))).all()
    assert (old.order_sent, old.erased_at, old.outcome) == ({}, MORNING, "would_send")
    assert old.differences == [{"field": "email", "shown": "erased", "sent": "erased"}]
    assert young.order_sent == {"email": "ada@example.com"}


def test_by_whom_notes_were_found_goes_with_other_personal_data(books: Books) -> None:
    with books.session() as session:
        session.add_all(
            NotePerson(account_id=books.account, digest=digest, note_id=501, kept_at=at)
            for digest, at in (
                ("old", A_MONTH_AGO), ("older", LONG_AGO), ("oldest", LONG_AGO), ("y", MORNING),
            )
        )  # fmt: skip

    said = take_turns(books, batch=2)

    with books.session() as session:
        assert [one.digest for one in session.scalars(select(NotePerson))] == ["y"]
    assert said.startswith("3 erased,")


def test_what_people_corrected_is_erased_once_its_note_is_over(books: Books) -> None:
    ends: list[dict[str, Any]] = [
        {"order_stage": "done", "shipped_at": LONG_AGO},
        {"order_stage": "canceled"},
        {"order_stage": "failed", "handled_at": LONG_AGO},
        {"order_stage": "failed"},
        {"order_stage": "done", "shiphero_order_id": "SH-1"},
        {"order_stage": "change_refused", "handled_at": LONG_AGO, "shiphero_order_id": "SH-1"},
    ]
    with books.session() as session:
        for note_id, how in enumerate(ends, start=1):
            session.add(a_correction(books, note_id, A_MONTH_AGO))
            session.add(
                SyncLogRow(account_id=books.account, note_id=note_id, inserted_at=LONG_AGO, **how)
            )
        session.add(a_correction(books, 9, MORNING))
        session.add(
            SyncLogRow(account_id=books.account, note_id=9, inserted_at=MORNING, shipped_at=MORNING)
        )

    take_turns(books)

    with books.session() as session:
        rows = session.scalars(select(NoteCorrection).order_by(col(NoteCorrection.note_id))).all()
    erased = [row for row in rows if row.erased_at == MORNING]
    assert [row.note_id for row in erased] == [1, 2, 3]
    assert [(row.sealed, row.fields, row.reason) for row in erased] == [
        ("", ["postcode"], "as the customer wrote")
    ] * 3
    assert {row.sealed for row in rows if row.note_id > 3} == {"Ada Lovelace"}


def a_correction(books: Books, note_id: int, made_at: datetime) -> NoteCorrection:
    return NoteCorrection(
        account_id=books.account,
        note_id=note_id,
        sealed="Ada Lovelace",
        fields=["postcode"],
        reason="as the customer wrote",
        made_by="ann@acme.example",
        made_at=made_at,
    )
