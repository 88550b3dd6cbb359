"""Brightpearl's webhooks: proved by their path, told apart by event, ids and moment."""

import pytest

from shared.events import GOODS_OUT_NOTES_ANNOUNCED
from tests.integration.webhooks.edge import Edge


def test_an_announcement_is_recorded_for_order_ingest(edge: Edge) -> None:
    answer = edge.from_brightpearl(id="1-5,99")

    assert answer.json == {"kept": True, "repeated": False}
    [row] = edge.rows()
    assert (row.name, row.queue, row.subject) == (
        GOODS_OUT_NOTES_ANNOUNCED, "order_ingest", "1-5,99",
    )  # fmt: skip


def test_the_answer_says_that_it_was_a_repetition(edge: Edge) -> None:
    edge.from_brightpearl()

    assert edge.from_brightpearl().json == {"kept": True, "repeated": True}


def test_the_same_event_in_another_spelling_is_the_same(edge: Edge) -> None:
    edge.from_brightpearl()

    edge.from_brightpearl(brightpearlVersion="4.96")

    assert edge.counted() == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"fullEvent": "goods-out-note.modified.shipped"},
        {"id": "502"},
        {"raisedOn": "2026-03-02T09:00:00.001Z"},
    ],
)
def test_another_event_id_or_moment_is_another_webhook(edge: Edge, other: dict[str, str]) -> None:
    edge.from_brightpearl()

    edge.from_brightpearl(**other)

    assert edge.counted() == (2, 0)


def test_ids_and_moments_cannot_be_shifted_into_each_other(edge: Edge) -> None:
    edge.from_brightpearl(fullEvent="a", id="b:c", raisedOn="d")

    edge.from_brightpearl(fullEvent="a:b", id="c", raisedOn="d")

    assert edge.counted() == (2, 0)


@pytest.mark.parametrize("missing", ["fullEvent", "id", "raisedOn"])
def test_without_all_three_the_whole_body_tells_webhooks_apart(edge: Edge, missing: str) -> None:
    same = {missing: ""}

    edge.from_brightpearl(**same, more="1")
    edge.from_brightpearl(**same, more="1")
    edge.from_brightpearl(**same, more="2")

    assert edge.counted() == (2, 1)


def test_an_endless_id_set_is_cut_in_the_subject_only(edge: Edge) -> None:
    ids = ",".join(map(str, range(1, 5000)))

    edge.from_brightpearl(id=ids)

    [row] = edge.rows()
    assert row.subject == ids[:200]
    assert ids in row.payload["body"]


def test_two_endless_id_sets_with_one_beginning_are_two(edge: Edge) -> None:
    ids = ",".join(map(str, range(1, 5000)))

    edge.from_brightpearl(id=f"{ids},6001")
    edge.from_brightpearl(id=f"{ids},6002")

    assert edge.counted() == (2, 0)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_posts_are_taken(edge: Edge, method: str) -> None:
    answer = (
        edge.apps["brightpearl"]
        .test_client()
        .open("/webhooks/brightpearl/path-secret-of-brightpearl", method=method)
    )

    assert answer.status_code == 405
    assert edge.rows() == []
