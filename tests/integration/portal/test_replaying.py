"""Dead letters delivered again or discarded: the plan says what then happens, and no more."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from services.portal.events.dead_letters import Chosen
from services.portal.events.replaying import Plan, carry_out, plan
from services.portal.events.wanted import Wanted
from shared.journal.dead import count_open_dead
from tests.integration.portal.dead_letters import a_dead_letter, acts, post, replays
from tests.integration.portal.merchants import (
    EMAILS,
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    events_on,
)

LIST = "/events?state=dead"
PLAN = "/events/replay"


def planned(merchants: Merchants, chosen: Chosen) -> Plan:
    with merchants.open_session() as session:
        return plan(session, FERNLEAF, chosen, now=merchants.now)


def test_one_is_delivered_again_and_waits_no_more(merchants: Merchants) -> None:
    event = a_dead_letter(merchants, "7001", payload={"body": "x"})
    client = merchants.viewer()

    question = client.get(f"{PLAN}?id={event}")
    done = post(client, LIST, PLAN, id=event)

    [replay] = replays(merchants)
    assert "At once, before other work" in question.text
    assert "1 dead letter delivered again" in done.text
    assert (replay.replay_of, replay.payload, replay.lane) == (event, {"body": "x"}, 0)
    assert events_on(client.get(LIST)) == []
    assert acts(merchants) == [(EMAILS[FERNLEAF], "replayed", str(event))]


def test_pressed_twice_makes_one_replay(merchants: Merchants) -> None:
    event = a_dead_letter(merchants, "7001")
    client = merchants.viewer()

    post(client, LIST, PLAN, id=event)
    again = post(client, LIST, PLAN, id=event)

    assert len(replays(merchants)) == 1
    assert "Nothing was done" in again.text


def test_the_plan_equals_what_happens(merchants: Merchants) -> None:
    later = NOON + timedelta(minutes=10)
    ready = [a_dead_letter(merchants, "1"), a_dead_letter(merchants, "", name="products.announced")]
    needless = a_dead_letter(merchants, "2")
    merchants.event(subject="2", recorded_at=later, outcome="delivered", settled_at=later)
    under_way = a_dead_letter(merchants, "3")
    merchants.event(subject="3", recorded_at=later, hold_cause="order_sync_off")
    older = a_dead_letter(merchants, "4")
    ready.append(a_dead_letter(merchants, "4", recorded_at=later))
    a_dead_letter(merchants, "5", account_id=HARBOUR)
    everything = Chosen(wanted=Wanted())

    ahead = planned(merchants, everything)
    with merchants.open_session() as session:
        done = carry_out(
            session, FERNLEAF, everything, who="ann", words="everything", now=merchants.now
        )
        session.commit()

    assert set(ahead.replayed) == set(ready) == {one.replay_of for one in replays(merchants)}
    assert (ahead.needless, ahead.under_way, ahead.repeated) == ([needless], [under_way], [older])
    assert done is not None
    assert done.counts == {"delivered_again": 3, "needless": 1}
    assert {one.lane for one in replays(merchants)} == {1}
    assert events_on(merchants.viewer().get("/events?state=superseded")) == [needless]


def test_the_plan_says_what_will_wait_for_a_setting(sqlite_merchants: Merchants) -> None:
    a_dead_letter(sqlite_merchants, "1")
    a_dead_letter(sqlite_merchants, "2", name="shipment.announced", queue="shipment_return")

    sqlite_merchants.now = NOON + timedelta(minutes=2)
    page = sqlite_merchants.viewer().get(PLAN).text

    assert "until order sync is switched on" in page
    assert "until shipment sync is switched on" in page


def test_what_died_since_a_moment_is_chosen_by_that(sqlite_merchants: Merchants) -> None:
    a_dead_letter(sqlite_merchants, "1")
    late = a_dead_letter(sqlite_merchants, "2", recorded_at=NOON + timedelta(hours=1))
    sqlite_merchants.now = NOON + timedelta(hours=2)
    client = sqlite_merchants.viewer()

    question = client.get(f"{PLAN}?died_since=2026-11-24T13:00")
    post(client, LIST, PLAN, died_since="2026-11-24T13:00", died_until="2026-11-24T14:00:00+00:00")

    assert "Deliver it again" in question.text
    assert [one.replay_of for one in replays(sqlite_merchants)] == [late]


def test_what_dies_after_the_plan_is_no_part_of_it(sqlite_merchants: Merchants) -> None:
    a_dead_letter(sqlite_merchants, "1")
    sqlite_merchants.now = NOON + timedelta(minutes=2)
    client = sqlite_merchants.viewer()
    fields = fields_on(client.get(PLAN).text)
    a_dead_letter(sqlite_merchants, "2", recorded_at=NOON + timedelta(minutes=3))

    post(client, LIST, PLAN, **fields)

    assert [one.subject for one in replays(sqlite_merchants)] == ["1"]


@pytest.mark.parametrize(
    "fields", [{}, {"choose": "1"}, {"id": "nonsense"}, {"name": "nonsense", "died_until": "x"}]
)
def test_a_choice_that_says_nothing_does_nothing(
    sqlite_merchants: Merchants, fields: dict[str, str]
) -> None:
    a_dead_letter(sqlite_merchants, "1")
    client = sqlite_merchants.viewer()

    answers = [post(client, LIST, path, note="No.", **fields) for path in (PLAN, "/events/discard")]

    assert [urlsplit(one.request.path).path for one in answers] == ["/events", "/events"]
    assert replays(sqlite_merchants) == []
    assert acts(sqlite_merchants) == []


def test_dead_letters_are_grouped_by_reason(sqlite_merchants: Merchants) -> None:
    for number in range(3):
        a_dead_letter(sqlite_merchants, str(number))
    a_dead_letter(sqlite_merchants, "9", reason_code="no_sku")

    page = sqlite_merchants.viewer().get(LIST).text

    assert re.findall(r"<strong>(\d+) ", page) == ["3", "1"]
    assert "reason=sku_unknown&amp;name=goods_out_note.changed" in page


def test_a_discarded_one_counts_no_more_and_keeps_its_note(merchants: Merchants) -> None:
    event, other = a_dead_letter(merchants, "1"), a_dead_letter(merchants, "2")
    theirs = a_dead_letter(merchants, "1", account_id=HARBOUR)
    client = merchants.viewer()

    missing = post(client, LIST, "/events/discard", id=[event, theirs], note="  ")
    done = post(client, LIST, "/events/discard", id=[event, theirs], note="Sold at the counter")

    assert "Say why" in missing.text
    assert "1 dead letter discarded" in done.text
    assert events_on(client.get(LIST)) == [other]
    assert "Sold at the counter" in client.get(f"/events/{event}").text
    assert acts(merchants) == [(EMAILS[FERNLEAF], "discarded", str(event))]
    with merchants.open_session() as session:
        assert count_open_dead(session) == 2  # the other one, and the other merchant's


def test_one_who_may_only_look_changes_nothing(sqlite_merchants: Merchants) -> None:
    event = a_dead_letter(sqlite_merchants, "1")
    client = sqlite_merchants.looker()

    page = client.get(LIST)

    assert events_on(page) == [event]
    assert "Deliver again" not in page.text
    for path in (PLAN, "/events/discard", f"/events/{event}/try-now", f"/events/{event}/in-full"):
        assert post(client, LIST, path, id=event, note="No.").status_code == 403
    assert replays(sqlite_merchants) == []


def fields_on(page: str) -> dict[str, str]:
    """Read the hidden fields of a plan's form, its token aside."""
    form = page.partition('action="/events/replay"')[2].partition("</form>")[0]
    parts = [part.partition(">")[0] for part in form.split('<input type="hidden" ')[1:]]
    pairs = [part.split('"')[1::2][:2] for part in parts]
    return {name: value for name, value in pairs if name != "csrf_token"}


def test_ten_thousand_are_the_most_at_once(
    sqlite_merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The bound itself, without making so many rows.
    monkeypatch.setattr("services.portal.events.dead_letters.AT_MOST", 2)
    monkeypatch.setattr("services.portal.events.replaying.AT_MOST", 2)
    first = [a_dead_letter(sqlite_merchants, str(number)) for number in range(2)]
    a_dead_letter(sqlite_merchants, "9", recorded_at=NOON + timedelta(minutes=1))

    ahead = planned(sqlite_merchants, Chosen(wanted=Wanted()))

    assert (set(ahead.replayed), ahead.more) == (set(first), True)
