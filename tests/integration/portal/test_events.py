"""The journal's list: filters, paging, what is counted, and whose events are seen."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.portal.events import journal
from shared.db.journal_tables import AttemptRow
from tests.integration.portal.dead_letters import a_dead_letter, acts, post
from tests.integration.portal.merchants import (
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    events_on,
    link_to,
)

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_each_event_is_in_one_state(merchants: Merchants) -> None:
    later = NOON + timedelta(minutes=5)
    kept = {
        "due": merchants.event(subject="1"),
        "retrying": merchants.event(subject="2", due_at=later),
        "in_hand": merchants.event(subject="3", published_at=NOON),
        "held": merchants.event(subject="4", hold_cause="order_sync_off", published_at=NOON),
        "delivered": merchants.event(subject="5", outcome="delivered", settled_at=NOON),
        "skipped": merchants.event(subject="6", outcome="skipped", settled_at=NOON),
        "superseded": merchants.event(subject="7", outcome="superseded", settled_at=NOON),
        "dead": a_dead_letter(merchants, "8"),
        "replayed": a_dead_letter(merchants, "9"),
        "discarded": a_dead_letter(merchants, "10", discarded_at=NOON, discarded_by="ann"),
    }
    replay = merchants.event(subject="9", replay_of=kept["replayed"], published_at=NOON)
    client = merchants.viewer()

    found = {state: events_on(client.get(f"/events?state={state}")) for state in kept}

    assert set(found.pop("in_hand")) == {kept.pop("in_hand"), replay}
    assert found == {state: [id_] for state, id_ in kept.items()}


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("name=shipment.announced", ["3"]),
        ("queue=order_ingest", ["2"]),
        ("subject=1", ["1"]),
        ("reason=sku_unknown", ["4"]),
        ("since=2026-11-24T12:01&until=2026-11-24T12:02", ["2", "1"]),
        ("state=dead&died_since=2026-11-24T12:04", ["4"]),
        ("state=dead&died_since=2026-11-24T12:05", []),
    ],
)
def test_a_filter_finds(merchants: Merchants, query: str, subjects: list[str]) -> None:
    first, second, third = (NOON + timedelta(minutes=minutes) for minutes in (1, 2, 3))
    ids = {
        merchants.event(subject="1", recorded_at=first): "1",
        merchants.event(subject="2", queue="order_ingest", recorded_at=second): "2",
        merchants.event(subject="3", name="shipment.announced"): "3",
        a_dead_letter(merchants, "4", recorded_at=third): "4",
    }

    page = merchants.viewer().get(f"/events?{query}")

    assert [ids[one] for one in events_on(page)] == subjects


def test_pages_join_without_a_gap_even_where_times_are_equal(merchants: Merchants) -> None:
    kept = {merchants.event(subject=str(number)) for number in range(120)}
    client = merchants.viewer()

    first = client.get("/events?name=goods_out_note.changed")
    second = client.get(link_to(first, "next"))
    third = client.get(link_to(second, "next"))

    found = [*events_on(first), *events_on(second), *events_on(third)]
    assert (set(found), len(found)) == (kept, 120)
    assert link_to(third, "next") == ""
    assert events_on(client.get(link_to(third, "prev"))) == events_on(second)


def test_a_search_that_finds_little_says_how_far_it_looked(
    sqlite_merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A journal long enough for the real bound would take a minute to make.
    monkeypatch.setattr(journal, "LOOKED_THROUGH", 20)
    oldest = sqlite_merchants.event(subject="0", outcome="skipped", settled_at=NOON)
    for number in range(1, 31):
        sqlite_merchants.event(subject="x", recorded_at=NOON + timedelta(minutes=number))
    client = sqlite_merchants.viewer()

    page = client.get("/events?state=skipped")
    further = client.get(link_to(page, "next"))

    assert (events_on(page), "Looked back to" in page.text) == ([], True)
    assert events_on(further) == [oldest]


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "name=%00",
        "since=yesterday",
        "before=1-2",
        "after=%27%3B--",
        "since=99999",
    ],
)
def test_strange_filters_are_told_and_break_nothing(
    sqlite_merchants: Merchants, query: str
) -> None:
    page = sqlite_merchants.viewer().get(f"/events?{query}")

    assert page.status_code == 200


def test_an_account_never_sees_another_ones_events(merchants: Merchants) -> None:
    theirs = a_dead_letter(merchants, "77", account_id=HARBOUR, payload={"body": "THEIRS"})
    client = merchants.viewer(FERNLEAF)

    lists = [client.get(path) for path in ("/events", "/events?state=dead", "/events?subject=77")]
    direct = client.get(f"/events/{theirs}")
    plan = client.get(f"/events/replay?id={theirs}")

    assert [events_on(page) for page in lists] == [[], [], []]
    assert direct.status_code == 404
    assert "is an open dead letter" in plan.text
    assert client.get(f"/events/{uuid4()}").status_code == 404


def test_one_event_shows_its_attempts_causes_and_what_it_led_to(merchants: Merchants) -> None:
    cause = merchants.event(
        name="goods_out_notes.announced", queue="order_ingest", subject="7001", traceparent=TRACE,
        recorded_at=NOON - timedelta(minutes=1), outcome="delivered", settled_at=NOON,
    )  # fmt: skip
    event = merchants.event(
        subject="7001", traceparent=TRACE, dedupe_key=f"{cause}:7001", recorded_at=NOON, tries=1,
        outcome="delivered", settled_at=NOON + timedelta(seconds=2),
    )  # fmt: skip
    led_to = merchants.event(
        name="sync_log.changed", queue="notifier", subject="7001",
        dedupe_key=f"{event}:1:order:done", recorded_at=NOON + timedelta(seconds=2),
    )  # fmt: skip
    call = {"vendor": "shiphero", "operation": "order_create", "status": 200, "request_id": "r-9"}
    merchants.keep(
        AttemptRow(
            event_id=event, number=1, worker="w", started_at=NOON, result="delivered",
            ended_at=NOON + timedelta(seconds=2), vendor_calls=[call],
        )
    )  # fmt: skip

    page = merchants.viewer().get(f"/events/{event}")

    assert "order_create" in page.text
    assert events_on(page) == [cause, led_to]


def test_what_may_be_personal_is_hidden_until_an_operator_asks(
    sqlite_merchants: Merchants,
) -> None:
    body = '{"webhook_type": "Shipment Update", "to": {"name": "Jo <b>Doe</b>", "zip": 8001}}'
    event = sqlite_merchants.event(subject="7001", payload={"body": body})
    client = sqlite_merchants.viewer()

    masked = client.get(f"/events/{event}").text
    full = post(client, f"/events/{event}", f"/events/{event}/in-full").text

    assert ("Shipment Update" in masked, "Jo" in masked, "8001" in masked) == (True, False, False)
    assert "Jo &lt;b&gt;Doe&lt;/b&gt;" in full
    assert [(act, subject) for _, act, subject in acts(sqlite_merchants)] == [
        ("personal_data_shown", str(event))
    ]


def test_a_planned_try_is_brought_forward(merchants: Merchants) -> None:
    event = merchants.event(subject="7001", due_at=NOON + timedelta(hours=1))
    client = merchants.viewer()

    done = post(client, f"/events/{event}", f"/events/{event}/try-now")
    again = post(client, f"/events/{event}", f"/events/{event}/try-now")

    assert "It is tried at once" in done.text
    assert "not waiting for a later try" in again.text
    assert events_on(client.get("/events?state=due")) == [event]
    assert [act for _, act, _ in acts(merchants)] == ["tried_now"]
