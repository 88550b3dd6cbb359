"""A note that a person corrected is sent so, once; Brightpearl's own change counts again."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from shared.db.correction_tables import NoteCorrection
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.errors import OurTrouble, Permanent
from shared.notes.correcting import correct, take_back
from shared.outcome import Delivered, Held
from shared.pushing.corrections import Correction
from shared.secrets import SecretBox, new_key
from tests.builders import a_goods_out_note
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook, an_event
from tests.unit.shiphero_push.changing import (
    METHODS,
    at_shiphero,
    edit_order,
    forget_calls,
    told,
)
from tests.unit.shiphero_push.making import to_party
from tests.unit.shiphero_push.pushing import Pushing
from tests.unit.shiphero_push.test_shadow import live, shadowed
from tests.unit.shiphero_push.test_shadow import shown as shown_in_shadow

NOWHERE = {"address_line1": "", "address_line2": ""}


@pytest.fixture
def without_street(book: Notebook) -> Pushing:
    """Give a desk at which note 501 has failed, because its sales order has no street."""
    pushing = Pushing(book, a_goods_out_note(), to_party(**NOWHERE))
    pushing.settings = replace(pushing.settings, methods=METHODS)
    book.keep(SyncLogRow(account_id=ACCOUNT, note_id=501, inserted_at=NOON, order_stage="failed"))
    return pushing


def put_right(pushing: Pushing, **values: tuple[str, str]) -> None:
    """Correct note 501 as the portal does: by field, what it was and what it is to be."""
    row = NoteCorrection(
        account_id=ACCOUNT, note_id=501, reason="as they wrote", made_by="Ann", made_at=NOON
    )
    wanted = {name: Correction(was=was, value=value) for name, (was, value) in values.items()}
    with pushing.book.session() as session:
        assert correct(session, row, wanted, pushing.box, now=NOON) is not None
        session.commit()


def kept(pushing: Pushing) -> NoteCorrection:
    with pushing.book.session() as session:
        return session.exec(select(NoteCorrection)).one()


def change(pushing: Pushing, **fields: Any) -> None:
    row = kept(pushing)
    row.sqlmodel_update(fields)
    pushing.book.keep(row)


def test_a_note_that_failed_for_its_address_is_sent_as_it_was_corrected_once(
    without_street: Pushing,
) -> None:
    failed = without_street.fail()
    put_right(without_street, line_1=("", "7 Quay Street"))

    first, second = without_street.push(), without_street.push()

    assert isinstance(failed, Permanent)
    assert isinstance(first, Delivered)
    assert isinstance(second, Delivered)
    [asked] = without_street.shiphero.asked
    assert asked.shipping_address.address1 == "7 Quay Street"
    assert without_street.shiphero.changes == []


def test_a_note_held_for_its_method_goes_with_the_method_that_a_person_chose(
    pushing: Pushing,
) -> None:
    pushing.settings = replace(pushing.settings, methods={6: METHODS[6]})
    held = pushing.push()
    put_right(pushing, method=("5", "6"))

    pushing.push()

    assert isinstance(held, Held)
    assert held.cause == "shipping_method_unmapped:5"
    assert pushing.book.row().shipping_method_sent == "Express / ups / x"


def test_corrections_are_kept_encrypted_and_marked_on_the_note(without_street: Pushing) -> None:
    put_right(without_street, line_1=("", "7 Quay Street"))

    row = kept(without_street)

    assert "Quay" not in row.sealed
    assert without_street.box.open_mapping(row.sealed) == {
        "line_1": "7 Quay Street", "was:line_1": "",
    }  # fmt: skip
    assert without_street.book.row().corrected_at == NOON


def test_what_is_changed_in_brightpearl_counts_again_and_shiphero_is_told(
    without_street: Pushing,
) -> None:
    put_right(without_street, line_1=("", "7 Quay Street"), town=("Bristol", "Bath"))
    without_street.push()
    forget_calls(without_street)
    edit_order(without_street, to_party(address_line1="8 Hill Road", address_line2=""))

    without_street.push()

    address = told(without_street)["shipping_address"]
    assert (address.address1, address.city) == ("8 Hill Road", "Bath")
    assert kept(without_street).given_way == ["line_1"]
    assert without_street.book.row().corrected_at == NOON


def test_once_all_has_given_way_the_mark_goes_and_never_comes_back(
    without_street: Pushing,
) -> None:
    put_right(without_street, line_1=("", "7 Quay Street"))
    edit_order(without_street, to_party(address_line1="8 Hill Road"))
    without_street.push()
    edit_order(without_street, to_party(**NOWHERE))

    without_street.push_all(501)

    assert without_street.book.row().corrected_at is None
    [asked] = without_street.shiphero.asked
    assert asked.shipping_address.address1 == "8 Hill Road"


def test_a_correction_that_was_taken_back_leaves_brightpearls_word(
    without_street: Pushing,
) -> None:
    put_right(without_street, line_1=("", "7 Quay Street"))
    with without_street.book.session() as session:
        fields = take_back(session, ACCOUNT, 501, now=NOON)
        session.commit()

    assert fields == ["line_1"]
    assert isinstance(without_street.fail(), Permanent)
    assert without_street.book.row().corrected_at is None


def test_a_note_whose_corrections_were_erased_waits_for_a_person(
    without_street: Pushing,
) -> None:
    put_right(without_street, town=("Bristol", "Bath"))
    edit_order(without_street, to_party())
    change(without_street, sealed="", erased_at=NOON)

    outcome = without_street.push()

    assert isinstance(outcome, Held)
    assert outcome.cause == "correction_erased:501"
    assert without_street.shiphero.orders == []


def test_corrections_that_no_key_opens_are_our_trouble_and_send_nothing(
    without_street: Pushing,
) -> None:
    put_right(without_street, line_1=("", "7 Quay Street"))
    without_street.box = SecretBox(new_key())

    assert isinstance(without_street.fail(), OurTrouble)
    assert without_street.shiphero.orders == []


def test_one_notes_corrections_are_no_other_notes(book: Notebook) -> None:
    notes = [a_goods_out_note(), a_goods_out_note(id=502, sequence=2)]
    pushing = Pushing(book, *notes, to_party())
    book.keep(SyncLogRow(account_id=ACCOUNT, note_id=501, inserted_at=NOON, order_stage="failed"))
    put_right(pushing, town=("Bristol", "Bath"))

    pushing.push_all(501, 502)

    towns = {
        asked.partner_order_id: asked.shipping_address.city for asked in pushing.shiphero.asked
    }
    assert towns == {"GO-demo-501": "Bath", "GO-demo-502": "Bristol"}


def test_shadow_mode_shows_what_was_corrected_and_the_same_goes_live(
    without_street: Pushing,
) -> None:
    shadowed(without_street)
    put_right(without_street, line_1=("", "7 Quay Street"))
    without_street.push()
    live(without_street)

    without_street.push()

    note = shown_in_shadow(without_street)
    assert note.order_sent["shipping_address"]["address1"] == "7 Quay Street"
    assert note.differences == []


@pytest.mark.parametrize("stage", ["done", "checking", "skipped"])
def test_what_may_be_at_shiphero_is_not_corrected_on_the_way(
    without_street: Pushing, stage: str
) -> None:
    row = without_street.book.row()
    row.order_stage = stage
    without_street.book.keep(row)
    wish = NoteCorrection(account_id=ACCOUNT, note_id=501, made_by="Ann", made_at=NOON)
    wanted = {"town": Correction(was="Bristol", value="Bath")}

    with without_street.book.session() as session:
        refused = correct(session, wish, wanted, without_street.box, now=NOON)
        session.rollback()

    assert refused is None


def test_what_is_being_done_just_now_is_done_once_more(without_street: Pushing) -> None:
    event = without_street.book.journal(an_event())
    with without_street.book.session() as session:
        row = session.get_one(EventRow, event.id)
        row.published_at, row.claimed_by, row.claimed_until = NOON, "another", NOON
        session.add(row)
        session.commit()

    put_right(without_street, line_1=("", "7 Quay Street"))

    [row] = without_street.book.events()
    assert (row.generation, row.claimed_by, row.published_at) == (2, None, None)


def test_where_nothing_is_open_any_more_a_look_is_asked_for(without_street: Pushing) -> None:
    put_right(without_street, line_1=("", "7 Quay Street"))

    [row] = without_street.book.events()
    assert (row.name, row.subject) == ("goods_out_note.changed", "501")


def test_of_a_cancelled_order_nothing_is_sent_until_a_person_says_so(
    without_street: Pushing,
) -> None:
    put_right(without_street, line_1=("", "7 Quay Street"))
    without_street.push()
    at_shiphero(without_street, canceled=True)
    row = without_street.book.row()
    row.order_stage = "canceled"
    without_street.book.keep(row)
    before = len(without_street.book.events())

    put_right(without_street, line_1=("", "9 Quay Street"))

    assert len(without_street.book.events()) == before
