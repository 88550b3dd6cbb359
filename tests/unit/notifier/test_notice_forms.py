"""A notice as a webhook, Slack and Teams read it."""

import json
from datetime import UTC, datetime
from typing import Any

from services.notifier.notice_forms import body_of
from shared.destinations import SLACK, TEAMS, WEBHOOK, Told
from shared.mails import Notice

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NOTICE = Notice(
    subject="3 orders fail: SKU unknown",
    heading="3 orders fail <again>",
    paragraphs=("WEB-1 & WEB-2.", "Create the product."),
    facts=(("What we do", "Look again <soon>."),),
    label="See them",
    link="https://portal.example/sync-log?reason=a&b=c",
    small="Told once an hour.",
)


def test_a_webhook_has_type_time_and_what_the_notice_says() -> None:
    assert body(WEBHOOK) == {
        "type": "notice.orders_failing",
        "timestamp": "2026-11-24T09:30:00Z",
        "data": {
            "account": "fernleaf",
            "about": "sku_unknown",
            "subject": NOTICE.subject,
            "heading": "3 orders fail <again>",
            "paragraphs": ["WEB-1 & WEB-2.", "Create the product."],
            "facts": [{"name": "What we do", "text": "Look again <soon>."}],
            "link": NOTICE.link,
            "small": "Told once an hour.",
        },
    }


def test_slack_reads_text_and_blocks_without_marks_of_ours() -> None:
    told = body(SLACK)

    texts = [block["text"]["text"] for block in told["blocks"] if block["type"] == "section"]
    assert told["text"] == NOTICE.subject
    assert texts == [
        "*3 orders fail &lt;again&gt;*",
        "WEB-1 &amp; WEB-2.",
        "Create the product.",
        "*What we do*: Look again &lt;soon&gt;.",
        "<https://portal.example/sync-log?reason=a&amp;b=c|See them>",
    ]
    assert told["blocks"][-1]["elements"] == [{"type": "mrkdwn", "text": "Told once an hour."}]


def test_a_name_cannot_call_the_whole_room_or_make_a_link_in_slack() -> None:
    told = body(SLACK, paragraphs=("<!channel> <https://evil.example|Look>",))

    assert told["blocks"][1]["text"]["text"] == (
        "&lt;!channel&gt; &lt;https://evil.example|Look&gt;"
    )


def test_slacks_bounds_are_kept_however_much_there_is_to_say() -> None:
    long = "<" * 9_000
    told = body(
        SLACK, heading=long, paragraphs=(long,) * 200, facts=((long, long),) * 9, small=long
    )

    sections = [block["text"]["text"] for block in told["blocks"] if block["type"] == "section"]
    assert len(told["blocks"]) <= 50
    assert max(map(len, sections)) <= 3_000
    assert "And 164 more." in sections


def test_teams_reads_a_card_with_a_button() -> None:
    [attached] = body(TEAMS)["attachments"]

    card = attached["content"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [one["text"] for one in card["body"]] == [
        NOTICE.heading, *NOTICE.paragraphs, "**What we do**: Look again <soon>.", NOTICE.small,
    ]  # fmt: skip
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "See them", "url": NOTICE.link}]


def test_without_a_link_there_is_no_button() -> None:
    assert "actions" not in body(TEAMS, link="")["attachments"][0]["content"]
    assert len(body(SLACK, link="", small="")["blocks"]) == 4


def body(way: str, **changed: Any) -> Any:
    notice = Notice(**{**NOTICE.__dict__, **changed})
    told = Told(message="msg_1", kind="orders_failing", about="sku_unknown", notice=notice)
    return json.loads(body_of(way, told, account="fernleaf", at=AT))
