"""A note that cannot be sent as Brightpearl has it is corrected on the way, and goes out once."""

from typing import Any
from uuid import uuid4

import requests
from sqlmodel import Session, select

from deploy.embedded.smoke import reading
from services.portal.tokens.token import NOTES_CORRECT, SHOWN, digest_of, new_token
from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.correction_tables import NoteCorrection
from shared.db.portal_tables import ApiToken
from tests.end_to_end.room import Room
from tests.end_to_end.test_settings_change import NEXT_DAY, STANDARD

NOWHERE = {"line1": "", "line2": "", "city": "Bristol", "postcode": "BS1 4XX"}
WHY = "as the customer wrote"


def corrected(room: Room, note_id: int, **fields: str) -> dict[str, Any]:
    """Correct a note as a merchant's program does; gives what it was told."""
    token = new_token()

    def keep(session: Session, account: Account) -> None:
        session.add(
            ApiToken(
                id=uuid4(), account_id=account.id, name="Desk", beginning=token[:SHOWN],
                digest=digest_of(token), scopes=[NOTES_CORRECT], made_by="Ann", made_at=utc_now(),
            )
        )  # fmt: skip

    room.write(keep)
    answer = requests.put(
        f"http://127.0.0.1:{room.run.ports.portal}/api/v1/sync-log/{note_id}/corrections",
        json={"fields": fields, "reason": WHY},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def sent_to(room: Room, note_id: int) -> dict[str, Any]:
    """Give the address that the only order of a note was made with, and its title."""
    assert room.keys(note_id) == ["pending"]
    told = room.order(note_id)["told"]
    return {**told["shipping_address"], "title": told["shipping_lines"]["title"]}


def test_a_note_that_failed_for_its_address_arrives_corrected_once(room: Room) -> None:
    note_id = room.made(**NOWHERE)
    room.wait(note_id, order_stage="failed", order_reason_code="address_missing")

    told = corrected(room, note_id, line_1="7 Quay Street", phone="0117 555 0100")

    room.wait(note_id, order_stage="done")
    address = sent_to(room, note_id)
    assert told["fields"] == ["line_1", "phone"]
    assert (address["address1"], address["phone"]) == ("7 Quay Street", "0117 555 0100")
    assert room.row(note_id).corrected_at is not None
    room.change(note_id, priority=True)
    room.wait_for_event("goods_out_note.changed", count=3, subject=str(note_id))
    assert sent_to(room, note_id)["address1"] == "7 Quay Street"


def test_a_note_that_waits_for_its_method_goes_with_the_one_that_a_person_chose(room: Room) -> None:
    room.goodsout("map", "method", "demo", str(STANDARD), "--title", "")
    note_id = room.made(shippingMethodId=STANDARD)
    room.wait(note_id, order_stage="held", order_reason_code="shipping_method_unmapped")

    corrected(room, note_id, method=str(NEXT_DAY))

    row = room.wait(note_id, order_stage="done")
    assert row.shipping_method_sent.startswith(sent_to(room, note_id)["title"])


def test_a_note_whose_correction_was_erased_waits_until_it_is_corrected_again(room: Room) -> None:
    note_id = room.made(**NOWHERE)
    room.wait(note_id, order_stage="failed")
    room.write(lambda session, account: erased(session, account, note_id))
    room.goodsout("retry", "demo", str(note_id))
    room.wait(note_id, order_stage="held", order_reason_code="correction_erased")
    nothing = room.keys(note_id)

    corrected(room, note_id, line_1="7 Quay Street")

    room.wait(note_id, order_stage="done")
    assert nothing == []
    assert sent_to(room, note_id)["address1"] == "7 Quay Street"
    with reading(room.run.environment) as session:
        kept = session.exec(select(NoteCorrection).where(NoteCorrection.note_id == note_id)).one()
    assert (kept.erased_at, "QUAY" in kept.sealed.upper()) == (None, False)


def erased(session: Session, account: Account, note_id: int) -> None:
    """Keep what retention leaves of a correction."""
    session.add(
        NoteCorrection(
            account_id=account.id, note_id=note_id, fields=["line_1"], reason=WHY, made_by="Ann",
            made_at=utc_now(), erased_at=utc_now(),
        )
    )  # fmt: skip
