"""Runs and their pages: late ones, doubled ones, failing ones."""

import pytest

from services.order_ingest.fetching.handler import fetch_one, fetch_reference
from services.order_ingest.fetching.runs import follow_fetch
from shared.catalogue.parts import Part
from shared.catalogue.progress import DONE, FAILED, RUNNING, WAITING
from shared.db.vendor_tables import ShipHeroProduct
from shared.errors import ConnectionBroken, GoodsoutError, Permanent, Throttled, Transient
from shared.events import REFERENCE_REQUESTED, Event, Lane
from shared.messaging.result import result_of
from shared.outcome import Delivered, Skipped
from shared.vendors.shiphero.account_models import Product
from tests.unit.core.notebook import an_event
from tests.unit.order_ingest.fetching.fetching import Fetching

REFUSED = Permanent("ShipHero wants the scope view:products.", code="scope_missing")


def skus(fetching: Fetching, count: int) -> None:
    fetching.shiphero.products = [Product(sku=f"SKU-{one}") for one in range(count)]


def a_request(**payload: object) -> Event:
    return an_event(name=REFERENCE_REQUESTED, subject="", payload=payload)


def first_page(fetching: Fetching) -> Event:
    """Begin a run of ShipHero's SKUs and give the event of its first page."""
    fetching.ask("shiphero_products")
    fetching.settle()
    return fetching.waiting[-1]


def test_a_request_for_all_begins_each_part_with_an_event_of_its_own(fetching: Fetching) -> None:
    fetching.ask("all")

    fetching.settle()

    assert [event.subject for event in fetching.waiting] == list(Part)
    assert {fetching.progress(part).state for part in Part} == {WAITING}
    assert fetching.brightpearl.calls == fetching.shiphero.calls == []


def test_short_lists_go_before_long_ones(fetching: Fetching) -> None:
    fetching.ask("all")

    fetching.settle()

    behind = {event.subject for event in fetching.waiting if event.lane is Lane.BACKFILL}
    assert behind == {Part.PRODUCTS, Part.SHIPHERO_PRODUCTS}


def test_a_part_that_does_not_exist_is_refused_with_a_sentence(fetching: Fetching) -> None:
    with pytest.raises(Permanent, match="no list called 'prices'") as raised:
        fetch_one(a_request(part="prices"), desk=fetching.desk)

    assert raised.value.code == "part_unknown"


def test_a_page_that_was_written_is_not_fetched_again(fetching: Fetching) -> None:
    skus(fetching, 60)
    page = first_page(fetching)
    fetching.settle()

    outcome = fetch_one(page, desk=fetching.desk)

    assert isinstance(outcome, Skipped)
    assert (outcome.code, fetching.shiphero.calls) == ("fetch_superseded", ["products_page"])


def test_a_page_whose_end_was_not_written_is_fetched_again(fetching: Fetching) -> None:
    skus(fetching, 60)
    page = first_page(fetching)
    fetch_one(page, desk=fetching.desk)

    fetching.go_on()

    assert len(fetching.rows(ShipHeroProduct)) == 60
    assert fetching.progress(Part.SHIPHERO_PRODUCTS).done == 60


def test_the_last_page_is_not_fetched_again(fetching: Fetching) -> None:
    skus(fetching, 3)
    page = first_page(fetching)
    fetching.settle()

    assert isinstance(fetch_one(page, desk=fetching.desk), Skipped)
    assert fetching.progress(Part.SHIPHERO_PRODUCTS).done == 3


def test_a_page_of_an_older_run_is_not_fetched(fetching: Fetching) -> None:
    skus(fetching, 60)
    late = first_page(fetching)
    fetching.waiting.clear()
    fetching.book.wait(minutes=1)
    first_page(fetching)

    assert isinstance(fetch_one(late, desk=fetching.desk), Skipped)
    assert fetching.shiphero.calls == []


def test_a_page_that_a_newer_run_overtook_while_it_was_read_writes_nothing(
    fetching: Fetching,
) -> None:
    skus(fetching, 60)
    late = first_page(fetching)
    read = fetch_one(late, desk=fetching.desk)
    fetching.waiting.clear()
    fetching.book.wait(minutes=1)
    first_page(fetching)

    fetching.write(late, read)

    assert fetching.rows(ShipHeroProduct) == []
    assert fetching.progress(Part.SHIPHERO_PRODUCTS).words == "ShipHero SKUs: waiting"


def test_the_same_page_written_twice_counts_once(fetching: Fetching) -> None:
    skus(fetching, 60)
    page = first_page(fetching)
    read = fetch_one(page, desk=fetching.desk)

    fetching.write(page, read)
    fetching.write(page, read)

    assert fetching.progress(Part.SHIPHERO_PRODUCTS).done == 25


def test_a_request_that_comes_late_does_not_replace_a_newer_run(fetching: Fetching) -> None:
    fetching.ask("channels")
    late = fetching.waiting.popleft()
    fetching.book.wait(minutes=1)
    fetching.run("channels")

    outcome = fetch_one(late, desk=fetching.desk)

    assert isinstance(outcome, Skipped)
    assert fetching.progress(Part.CHANNELS).state == DONE


def test_a_request_that_is_settled_late_does_not_replace_a_newer_run(fetching: Fetching) -> None:
    fetching.ask("channels")
    late = fetching.waiting.popleft()
    begun = fetch_one(late, desk=fetching.desk)
    fetching.book.wait(minutes=1)
    fetching.run("channels")

    fetching.write(late, begun)

    assert fetching.progress(Part.CHANNELS).state == DONE


def test_a_request_that_was_settled_twice_begins_one_run(fetching: Fetching) -> None:
    fetching.ask("channels")
    [event] = fetching.waiting
    first = fetch_one(event, desk=fetching.desk)
    assert isinstance(first, Delivered)
    fetching.go_on()

    fetching.write(event, first)

    assert fetching.progress(Part.CHANNELS).state == DONE


def test_a_refused_part_fails_with_its_sentence_while_the_others_go_on(fetching: Fetching) -> None:
    fetching.shiphero.fails_on = {"products_page": REFUSED}
    fetching.ask("all")
    fetching.settle()
    refused = next(one for one in fetching.waiting if one.subject == Part.SHIPHERO_PRODUCTS)
    fetching.waiting.remove(refused)

    fetching.go_on()
    fetching.waiting.append(refused)
    fetching.fail()

    failed = fetching.progress(Part.SHIPHERO_PRODUCTS)
    assert (failed.state, failed.sentence) == (FAILED, str(REFUSED))
    assert failed.words == f"ShipHero SKUs: stopped at 0 so far. {REFUSED}"
    others = set(Part) - {Part.SHIPHERO_PRODUCTS}
    assert {fetching.progress(part).state for part in others} == {DONE}


def test_a_replay_of_a_failed_page_goes_on_where_it_stopped(fetching: Fetching) -> None:
    skus(fetching, 60)
    first_page(fetching)
    fetching.settle()
    [stopped] = fetching.waiting
    fetching.shiphero.fails_on = {"products_page": REFUSED}
    fetching.fail()
    fetching.shiphero.fails_on.clear()

    fetching.waiting.append(an_event(name=stopped.name, payload=stopped.payload))
    fetching.go_on()

    assert fetching.progress(Part.SHIPHERO_PRODUCTS).words == "ShipHero SKUs: done, 60 fetched"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ConnectionBroken("ShipHero is not connected.", vendor="shiphero"), WAITING),
        (Transient("ShipHero is down."), RUNNING),
    ],
)
def test_a_part_that_waits_says_why_until_it_goes_on(
    fetching: Fetching, error: GoodsoutError, state: str
) -> None:
    skus(fetching, 60)
    first_page(fetching)
    fetching.settle()
    [page] = fetching.waiting
    fetching.shiphero.fails_with = error
    fetching.fail()

    progress = fetching.progress(Part.SHIPHERO_PRODUCTS)
    assert (progress.state, progress.sentence) == (state, str(error))
    assert progress.under_way
    fetching.shiphero.fails_with = None
    fetching.waiting.append(page)
    fetching.go_on()
    assert fetching.progress(Part.SHIPHERO_PRODUCTS).sentence == ""


def test_waiting_for_the_budget_is_no_trouble(fetching: Fetching) -> None:
    first_page(fetching)
    fetching.shiphero.fails_with = Throttled("No credits.", until=fetching.book.now)

    fetching.fail()

    assert fetching.progress(Part.SHIPHERO_PRODUCTS).sentence == ""


def test_a_late_failure_of_an_older_run_changes_nothing(fetching: Fetching) -> None:
    late = first_page(fetching)
    fetching.book.wait(minutes=1)
    fetching.run("shiphero_products")

    with fetching.book.session() as session:
        follow_fetch(session, late, result_of(late, REFUSED), fetching.book.now)
        session.commit()

    assert fetching.progress(Part.SHIPHERO_PRODUCTS).state == DONE


def test_every_request_of_a_group_is_answered_by_itself(fetching: Fetching) -> None:
    events = [a_request(part="channels"), a_request(part="warehouses")]

    units = list(fetch_reference(events, desk=lambda _event: fetching.desk))

    assert [unit.events for unit in units] == [(one,) for one in events]
