"""Shadow mode from its switch to going live: nothing is written, nothing is lost."""

from sqlmodel import Session, col, select

from shared.configuring.change import MethodChoice
from shared.db.portal_tables import ShadowNote
from tests.integration.configuring.shop import Shop
from tests.integration.journal.books import MORNING


def shown(shop: Shop) -> list[tuple[int, str, str, bool, list[dict[str, str]]]]:
    with shop.books.open_session() as session:
        return [_told(row) for row in _rows(session)]


def _rows(session: Session) -> list[ShadowNote]:
    return list(session.exec(select(ShadowNote).order_by(col(ShadowNote.note_id))))


def _told(row: ShadowNote) -> tuple[int, str, str, bool, list[dict[str, str]]]:
    return row.note_id, row.outcome, row.reason_code, row.sent_at is not None, row.differences


def test_notes_are_shown_by_the_present_settings_and_sent_once_it_ends(shop: Shop) -> None:
    shop.save(order_sync_on=False, go_live_at=None)
    waited = shop.make_note(501)
    shop.work()
    was_held = shop.waits_for(waited)

    on = shop.save(shadow_on=True)
    shop.make_note(502, method=6)
    shop.work()
    first = shown(shop)
    mapped = shop.save(methods={6: MethodChoice(title="Next day")})
    shop.work()
    second = shown(shop)
    written = list(shop.shiphero.calls)
    off = shop.save(shadow_on=False, order_sync_on=True, go_live_at=MORNING)
    shop.work()

    assert was_held == "order_sync_off"
    assert on.effect.looked_at_again == {"shadow_mode": 1}
    assert first == [
        (501, "would_send", "", False, []),
        (502, "held", "shipping_method_unmapped", False, []),
    ]
    assert mapped.effect.looked_at_again == {"shadow_mode": 2}
    assert second == [(501, "would_send", "", False, []), (502, "would_send", "", False, [])]
    assert written == []
    assert off.effect.released == {"shadow_mode": 2}
    assert sorted(order.partner_order_id for order in shop.shiphero.orders) == [
        "GO-acme-501",
        "GO-acme-502",
    ]
    assert shown(shop) == [(501, "would_send", "", True, []), (502, "would_send", "", True, [])]


def test_what_was_made_before_go_live_is_skipped_once_it_ends(shop: Shop) -> None:
    shop.save(shadow_on=True)
    note = shop.make_note(501)
    shop.work()
    held = shop.waits_for(note)

    shop.save(shadow_on=False, go_live_at=MORNING.replace(year=2027))
    shop.work()

    assert held == "shadow_mode"
    assert shop.shown(501).order_reason_code == "before_go_live"
    assert shop.shiphero.orders == []
