"""Shadow mode: notes are read and transformed, nothing is written, and all is sent later."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from shared.accounts import NOT_SENT, Warehouse
from shared.db.portal_tables import ShadowNote
from shared.errors import Transient
from shared.outcome import Delivered, Held, Skipped
from shared.pushing.comparing import told
from tests.builders import a_goods_out_note, a_party, a_sales_order, an_order_row
from tests.unit.shiphero_push.changing import destroy, forget_calls
from tests.unit.shiphero_push.pushing import Pushing

READS = {"goods_out_notes", "sales_orders", "products"}


def shadowed(pushing: Pushing, **chosen: Any) -> Pushing:
    """Switch shadow mode on, before go-live unless other things are chosen."""
    before = {"order_sync_on": False, "go_live_at": None, **chosen}
    pushing.settings = replace(pushing.settings, shadow_on=True, **before)
    return pushing


def live(pushing: Pushing) -> None:
    """Go live, and end shadow mode."""
    pushing.settings = replace(
        pushing.settings, shadow_on=False, order_sync_on=True, go_live_at=GO_LIVE
    )


GO_LIVE = a_goods_out_note().created_on


def shown(pushing: Pushing, note_id: int = 501) -> ShadowNote:
    """Read what was kept of a note."""
    with pushing.book.session() as session:
        return session.exec(select(ShadowNote).where(ShadowNote.note_id == note_id)).one()


def test_a_note_is_shown_and_nothing_is_written(pushing: Pushing) -> None:
    outcome = shadowed(pushing).push()

    assert isinstance(outcome, Held)
    assert (outcome.cause, outcome.settings_version) == ("shadow_mode", 3)
    assert pushing.shiphero.calls == []
    assert set(pushing.brightpearl.calls) <= READS
    assert (pushing.book.links(), pushing.book.events()) == ([], [])
    kept = shown(pushing)
    assert (kept.outcome, kept.reason_code, kept.settings_version) == ("would_send", "", 3)
    assert kept.order_sent["order_number"] == "WEB-4001"


def test_what_went_live_is_compared_with_what_was_shown(pushing: Pushing) -> None:
    shadowed(pushing).push()
    before = shown(pushing).order_sent
    live(pushing)

    pushing.push()

    kept = shown(pushing)
    assert [told(new) for new in pushing.shiphero.asked] == [before]
    assert (kept.sent_at, kept.differences) == (pushing.book.now, [])


def test_what_was_changed_after_it_was_shown_is_named(pushing: Pushing) -> None:
    shadowed(pushing).push()
    pushing.brightpearl.notes[501] = a_goods_out_note(priority=True)
    live(pushing)

    pushing.push()

    assert shown(pushing).differences == [{"field": "priority_flag", "shown": "", "sent": "yes"}]


def test_what_went_live_stays_as_it_was_shown(pushing: Pushing) -> None:
    shadowed(pushing).push()
    live(pushing)
    pushing.push()
    at = shown(pushing).sent_at
    shadowed(pushing)

    outcome = pushing.push()

    assert isinstance(outcome, Held)
    assert (shown(pushing).outcome, shown(pushing).sent_at) == ("would_send", at)


def test_what_is_never_sent_need_not_wait(pushing: Pushing) -> None:
    shadowed(pushing, warehouses={2: Warehouse(name="Main", decision=NOT_SENT)})

    outcome = pushing.push()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "warehouse_not_sent"
    assert shown(pushing).outcome == "skipped"


def test_a_note_that_is_shipped_by_hand_meanwhile_stays_as_it_was_shown(pushing: Pushing) -> None:
    shadowed(pushing).push()
    pushing.brightpearl.notes[501] = a_goods_out_note(shipped=True)

    outcome = pushing.push()

    assert isinstance(outcome, Skipped)
    assert shown(pushing).outcome == "would_send"


def test_a_note_that_would_fail_says_why(pushing: Pushing) -> None:
    pushing.brightpearl.orders[4001] = a_sales_order(an_order_row(product_sku="TEA-NEW"))

    outcome = shadowed(pushing).push()

    assert isinstance(outcome, Held)
    assert "ShipHero does not have TEA-NEW" in outcome.reason
    assert (shown(pushing).outcome, shown(pushing).reason_code) == ("failed", "sku_unknown")
    assert pushing.shiphero.calls == []


def test_an_order_that_is_there_already_is_neither_changed_nor_cancelled(pushing: Pushing) -> None:
    pushing.push()
    forget_calls(pushing)
    party = a_party(address_line1="8 Quay Street")
    pushing.brightpearl.orders[4001] = a_sales_order(parties={"delivery": party})
    shadowed(pushing)

    changed, destroyed = pushing.push(), destroy(pushing)

    assert isinstance(changed, Held)
    assert isinstance(destroyed, Held)
    assert (pushing.shiphero.calls, pushing.brightpearl.calls) == ([], [])


def test_a_note_that_was_deleted_needs_no_sending(pushing: Pushing) -> None:
    shadowed(pushing).push()

    destroyed, looked_at = destroy(pushing), pushing.push()

    assert isinstance(destroyed, Skipped)
    assert isinstance(looked_at, Skipped)
    assert shown(pushing).reason_code == "note_deleted"


def test_what_brightpearl_does_not_show_is_tried_again(pushing: Pushing) -> None:
    pushing.brightpearl.notes.clear()

    with pytest.raises(Transient, match="does not show note 501"):
        shadowed(pushing).push()


def test_a_lost_answer_is_looked_for_once_shadow_mode_has_ended(pushing: Pushing) -> None:
    pushing.shiphero.loses_answers = True
    pushing.fail()
    pushing.shiphero.loses_answers = False
    shadowed(pushing).push()
    live(pushing)

    outcome = pushing.push()

    assert isinstance(outcome, Delivered)
    assert len(pushing.shiphero.orders) == 1
