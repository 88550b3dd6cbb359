"""What a person does about one note: asked first, refused with a reason, kept in the trail."""

import pytest

from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import AuditEntry
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants
from tests.integration.portal.notes import (
    NOTE,
    a_link,
    act,
    asked,
    colleague,
    events,
    sent,
    trail,
)

CANCEL, RESEND = "order_cancel.requested", "order_resend.requested"
EVERY = ["retry", "send_again", "cancel", "comment", "handled", "evidence"]


def row_of(merchants: Merchants) -> SyncLogRow:
    with merchants.open_session() as session:
        return session.get_one(SyncLogRow, (FERNLEAF, NOTE))


def failed(merchants: Merchants) -> None:
    """Keep note 7001 as one that failed, with its dead letter."""
    merchants.note(NOTE, order_stage="failed", order_reason="SKU TEA is not in ShipHero.")
    merchants.event(subject=str(NOTE), outcome="dead", settled_at=NOON, reason="SKU TEA is missing")


def test_a_failed_note_is_retried_by_its_journal_row(merchants: Merchants) -> None:
    failed(merchants)
    client = merchants.viewer()

    question = asked(client, "retry").text
    done = act(client, "retry")

    assert "is tried once more. It had failed: SKU TEA is missing" in question
    assert "Safe" in question
    assert done.status_code == 302
    replays = [one for one in events(merchants, "goods_out_note.changed") if one.replay_of]
    assert len(replays) == 1
    [(kept, subject, after)] = trail(merchants)
    assert (kept, subject) == ("retried", f"note {NOTE}")
    assert "Replayed" in after


def test_a_second_press_finds_nothing_left_to_retry(merchants: Merchants) -> None:
    failed(merchants)
    client = merchants.viewer()
    act(client, "retry")

    again = act(client, "retry")

    assert again.status_code == 409
    assert "is in hand just now" in again.text
    assert len(trail(merchants)) == 1


def test_a_planned_try_is_brought_forward(merchants: Merchants) -> None:
    later = NOON.replace(hour=18)
    merchants.note(NOTE, order_stage="retrying")
    merchants.event(subject=str(NOTE), due_at=later, reason="ShipHero was silent.")

    act(merchants.viewer(), "retry")

    [event] = events(merchants, "goods_out_note.changed")
    assert (event.due_at, event.generation) == (NOON, 2)


@pytest.mark.parametrize(("name", "event"), [("cancel", CANCEL), ("send_again", RESEND)])
def test_a_request_about_the_order_is_an_event_with_its_key(
    merchants: Merchants, name: str, event: str
) -> None:
    sent(merchants)

    act(merchants.viewer(), name)

    [row] = events(merchants, event)
    assert (row.subject, row.payload) == (str(NOTE), {"key": f"GO-fernleaf-{NOTE}"})
    assert [subject for _, subject, _ in trail(merchants)] == [f"note {NOTE}"]


def test_what_was_asked_for_just_now_is_not_asked_twice(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)
    client = sqlite_merchants.viewer()
    act(client, "cancel")

    again = act(client, "send_again")

    assert again.status_code == 409
    assert "It was asked to be cancelled just now" in again.text
    assert "ShipHero is being asked to cancel" in client.get(f"/sync-log/{NOTE}").text


def test_what_came_of_a_request_stands_on_the_page(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)
    sqlite_merchants.event(
        name=CANCEL, subject=str(NOTE), outcome="dead", settled_at=NOON, reason="It has shipped."
    )

    page = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}").text

    assert "The order was not cancelled" in page
    assert "It has shipped." in page


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("send_again", "It has not been sent yet"),
        ("cancel", "Nothing of it is known to be at ShipHero"),
        ("handled", "Nothing about it waits for a person"),
        ("retry", "Nothing is open on note 7001"),
    ],
)
def test_what_does_not_apply_is_refused_with_its_reason(
    sqlite_merchants: Merchants, name: str, why: str
) -> None:
    sqlite_merchants.note(NOTE, order_stage="queued")
    client = sqlite_merchants.viewer()

    page, done = asked(client, name), act(client, name, words="by hand")

    assert why in page.text
    assert done.status_code == 409
    assert trail(sqlite_merchants) == []


@pytest.mark.parametrize(
    ("stage", "known", "name", "why"),
    [
        ("canceled", {}, "cancel", "Its order is cancelled already"),
        ("done", {"shipped_at": NOON}, "cancel", "what has left cannot be cancelled"),
        ("done", {"shipped_at": NOON}, "send_again", "It is shipped"),
        ("cancel_refused", {"deleted_at": NOON}, "send_again", "The note was deleted"),
        ("checking", {}, "send_again", "still looks whether ShipHero has its order"),
    ],
)
def test_where_a_sent_note_stands_decides_too(
    sqlite_merchants: Merchants, stage: str, known: dict[str, object], name: str, why: str
) -> None:
    sent(sqlite_merchants, order_stage=stage, **known)

    assert why in asked(sqlite_merchants.viewer(), name).text


def test_a_note_is_marked_as_handled_and_back(merchants: Merchants) -> None:
    failed(merchants)
    client = merchants.viewer()

    unsaid = act(client, "handled", words="  ")
    act(client, "handled", words="Shipped from the shop")
    page = client.get(f"/sync-log/{NOTE}").text
    act(client, "unhandled")

    assert unsaid.status_code == 400
    assert "Say in a few words what was done" in unsaid.text
    assert "Shipped from the shop" in page
    assert row_of(merchants).handled_at is None
    assert [kept for kept, _, _ in trail(merchants)] == ["handled", "handled"]


def test_a_comment_stands_in_the_timeline(merchants: Merchants) -> None:
    sent(merchants, inserted_at=NOON)
    client = merchants.viewer()

    unsaid = act(client, "comment", words=" ")
    act(client, "comment", words="Rang the warehouse <today>")
    page = client.get(f"/sync-log/{NOTE}").text

    assert unsaid.status_code == 400
    assert "Write what your colleagues are to read" in unsaid.text
    assert "Rang the warehouse &lt;today&gt;" in page
    assert [kept for kept, _, _ in trail(merchants)] == ["commented"]


def test_a_note_is_stopped_before_it_goes_and_let_go(merchants: Merchants) -> None:
    merchants.note(NOTE, order_stage="kept_back")
    merchants.event(subject=str(NOTE), due_at=NOON.replace(hour=18))
    client = merchants.viewer()

    act(client, "hold", words="Another size")
    [looked_at] = events(merchants, "goods_out_note.changed")
    stopped, page = row_of(merchants), client.get(f"/sync-log/{NOTE}").text
    act(client, "let_go")

    assert looked_at.due_at == NOON
    assert stopped.stopped_by in page
    assert "Let it go" in page
    assert (stopped.stopped_at, row_of(merchants).stopped_at) == (NOON, None)
    assert [kept for kept, _, _ in trail(merchants)] == ["stopped", "let_go"]


def test_letting_a_note_go_releases_its_hold_and_no_other(merchants: Merchants) -> None:
    merchants.note(NOTE, order_stage="held", stopped_at=NOON, stopped_by="Ann")
    for one in (NOTE, NOTE + 1):
        merchants.event(subject=str(one), hold_cause=f"stopped_by_person:{one}", hold_version=1)

    act(merchants.viewer(), "let_go")

    causes = {
        event.subject: event.hold_cause for event in events(merchants, "goods_out_note.changed")
    }
    assert causes == {str(NOTE): None, str(NOTE + 1): f"stopped_by_person:{NOTE + 1}"}


@pytest.mark.parametrize("stage", ["done", "checking", "failed", "canceled"])
def test_what_may_be_at_shiphero_cannot_be_held(sqlite_merchants: Merchants, stage: str) -> None:
    sent(sqlite_merchants, order_stage=stage)
    client = sqlite_merchants.viewer()

    refused = act(client, "hold")

    assert refused.status_code == 409
    assert "It is too late to hold it" in refused.text


@pytest.mark.parametrize("name", EVERY)
def test_one_who_may_only_look_does_nothing(sqlite_merchants: Merchants, name: str) -> None:
    sent(sqlite_merchants)
    client = colleague(sqlite_merchants, "viewer")

    page = client.get(f"/sync-log/{NOTE}").text

    assert "Evidence pack" not in page
    assert asked(client, name).status_code == 403
    assert act(client, name).status_code == 403
    assert trail(sqlite_merchants) == []


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_done_about_another_merchants_note(
    sqlite_merchants: Merchants, name: str
) -> None:
    sqlite_merchants.note(NOTE, HARBOUR, order_stage="failed")
    sqlite_merchants.keep(a_link(account_id=HARBOUR))
    client = sqlite_merchants.viewer()

    assert asked(client, name).status_code == 404
    assert act(client, name, words="x").status_code == 404


def test_an_act_that_there_is_none_of_has_no_page(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)

    assert asked(sqlite_merchants.viewer(), "burn").status_code == 404


def test_a_form_without_its_token_is_refused(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)

    page = sqlite_merchants.viewer().post(f"/sync-log/{NOTE}/acts/cancel")

    assert page.status_code == 400
    assert events(sqlite_merchants, CANCEL) == []


def test_what_people_did_stands_in_the_timeline(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants, inserted_at=NOON)
    sqlite_merchants.keep(an_entry())

    page = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}").text

    assert "ann@fernleaf.example had an order cancelled in ShipHero" in page


def an_entry() -> AuditEntry:
    return AuditEntry(
        id=FERNLEAF, account_id=FERNLEAF, at=NOON, who="ann@fernleaf.example",
        act="order_cancelled", subject=f"note {NOTE}",
    )  # fmt: skip


def test_a_remedy_leads_to_the_page_that_mends_it(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(NOTE, order_stage="held", order_reason_code="connection_broken")
    sqlite_merchants.event(subject=str(NOTE), hold_cause="connection_broken", reason="Refused.")

    page = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}").text

    assert '<a class="mends" href="/connections">' in page
