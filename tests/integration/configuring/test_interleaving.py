"""A setting saved while a note is judged by the older ones is never missed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from sqlalchemy import text

from services.shiphero_push.consumer import follow
from shared.clock import Pace
from shared.configuring.change import LEFT_OUT, SettingsChange, WarehouseChoice
from shared.configuring.saving import Saved, save
from shared.journal.settle import hold
from shared.messaging.ending import End, write_ends
from shared.outcome import Held, Skipped
from tests.integration.configuring.shop import ANN, Shop
from tests.integration.journal.books import MORNING
from tests.waiting import until

TO_MAIN = {3: WarehouseChoice.to("WAREHOUSE-1")}
UNDECIDED = Held(cause="warehouse_undecided:3", reason="Where to?", settings_version=2)


def test_a_warehouse_mapped_while_its_note_is_judged_does_not_hold_it(shop: Shop) -> None:
    note = shop.make_note(501, warehouse_id=3)
    shop.brightpearl.meanwhile = partial(shop.save, warehouses=TO_MAIN)

    shop.work()

    ends = [attempt.reason_code for attempt in shop.books.attempts(note)]
    assert ends == ["settings_changed", ""]
    assert shop.shown(501).order_stage == "done"
    assert shop.books.row(note).failures == 0


def test_order_sync_switched_off_while_a_note_is_judged_lets_that_note_finish(shop: Shop) -> None:
    shop.make_note(501)
    shop.brightpearl.meanwhile = partial(shop.save, order_sync_on=False)

    shop.work()

    assert shop.shown(501).order_stage == "done"


def test_a_warehouse_mapped_while_its_note_is_skipped_is_judged_anew(shop: Shop) -> None:
    note = shop.make_note(501, warehouse_id=9)
    shop.brightpearl.meanwhile = partial(
        shop.save, warehouses={9: WarehouseChoice.to("WAREHOUSE-1")}
    )

    shop.work()

    ends = [attempt.reason_code for attempt in shop.books.attempts(note)]
    assert ends == ["settings_changed", ""]
    assert shop.shown(501).order_stage == "done"


def test_go_live_moved_back_while_a_note_is_skipped_is_judged_anew(shop: Shop) -> None:
    earlier = MORNING - timedelta(hours=1)
    shop.make_note(501, created_on=earlier)
    shop.brightpearl.meanwhile = partial(shop.save, go_live_at=earlier)

    shop.work()

    assert shop.shown(501).order_stage == "done"


def test_a_skip_that_no_setting_decided_is_written_whatever_was_saved(shop: Shop) -> None:
    shop.make_note(501, shipped=True)
    shop.brightpearl.meanwhile = partial(shop.save, order_sync_on=False)

    shop.work()

    row = shop.shown(501)
    assert (row.order_stage, row.order_reason_code) == ("skipped", "already_shipped")


def test_saving_waits_for_a_hold_that_is_just_written_and_releases_it(
    postgresql_shop: Shop,
) -> None:
    shop = postgresql_shop
    event = shop.books.a_claim("501")

    with ThreadPoolExecutor(1) as threads, shop.books.session() as session:
        hold(session, event, UNDECIDED, code="warehouse_undecided", now=MORNING)
        saving = threads.submit(_save_mapping, shop)
        _until_it_waits(shop)
        session.commit()
        saved = saving.result(timeout=10)

    assert saved.effect.released == {"warehouse_undecided:3": 1}
    assert shop.waits_for(event.id) is None


def test_saving_waits_for_a_skip_that_is_just_written_and_looks_again(
    postgresql_shop: Shop,
) -> None:
    shop = postgresql_shop
    shop.save(warehouses={3: LEFT_OUT})
    shop.keep_note(501, warehouse_id=3)
    left_out = Skipped(code="warehouse_not_sent", reason="Left out.", settings_version=3)
    skipped = End(event=shop.books.a_claim("501"), result=left_out)

    with ThreadPoolExecutor(1) as threads, shop.books.session() as session:
        write_ends(session, [skipped], now=MORNING, pace=Pace(), follow=follow)
        saving = threads.submit(_save_mapping, shop)
        _until_it_waits(shop)
        session.commit()
        saved = saving.result(timeout=10)

    assert saved.effect.looked_at_again == {"warehouse_not_sent": 1}


def test_two_people_who_save_at_once_both_have_their_way(postgresql_shop: Shop) -> None:
    shop = postgresql_shop
    before = shop.settings().settings_version

    with ThreadPoolExecutor(1) as threads, shop.books.session() as session:
        first = save(
            session, shop.account, SettingsChange(order_sync_on=False), by=ANN, now=MORNING
        )
        second = threads.submit(_save_mapping, shop)
        _until_it_waits(shop)
        session.commit()

    assert (first.version, second.result(timeout=10).version) == (before + 1, before + 2)
    assert shop.settings().order_sync_on is False


def _save_mapping(shop: Shop) -> Saved:
    return shop.save(warehouses=TO_MAIN)


def _until_it_waits(shop: Shop) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def look() -> bool:
        with shop.books.open_session() as session:
            return bool(session.execute(waiting).scalar_one())

    until(look, within=5, what="the saving waits")
