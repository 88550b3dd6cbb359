"""A notice as each kind of destination reads it; pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from shared.destinations import SLACK, TEAMS, Told
from shared.mails import Notice

# Slack takes 3,000 characters a section, in which & is written as five, and 50 sections.
LONGEST_PARAGRAPH: Final = 550
LONGEST_NAME: Final = 40
MOST_PARAGRAPHS, MOST_FACTS = 36, 8

Body = Mapping[str, Any]


def body_of(way: str, told: Told, *, account: str, at: datetime) -> bytes:
    """Write the body for a destination's way; `at` is when the notice was recorded."""
    if way == SLACK:
        form = slack_body(told)
    elif way == TEAMS:
        form = teams_body(told)
    else:
        form = webhook_body(told, account=account, at=at)
    return json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode()


def webhook_body(told: Told, *, account: str, at: datetime) -> Body:
    """Write type, timestamp and data, as Standard Webhooks has it."""
    notice = told.notice
    return {
        "type": f"notice.{told.kind}",
        "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "account": account,
            "about": told.about,
            "subject": notice.subject,
            "heading": notice.heading,
            "paragraphs": list(notice.paragraphs),
            "facts": [{"name": name, "text": text} for name, text in notice.facts],
            "link": notice.link,
            "small": notice.small,
        },
    }


def slack_body(told: Told) -> Body:
    """Write text and blocks: Slack, Mattermost, Rocket.Chat and Discord's /slack read them."""
    notice = told.notice
    blocks = [_section(f"*{_escaped(_cut(notice.heading))}*")]
    blocks += [_section(_escaped(one)) for one in _short(notice.paragraphs)]
    facts = [f"*{_escaped(name)}*: {_escaped(text)}" for name, text in _short_facts(notice)]
    blocks += map(_section, facts)
    if notice.link:
        blocks.append(_section(f"<{_escaped(notice.link)}|{_escaped(notice.label or 'Look')}>"))
    if notice.small:
        small = {"type": "mrkdwn", "text": _escaped(_cut(notice.small))}
        blocks.append({"type": "context", "elements": [small]})
    return {"text": _escaped(_cut(notice.subject)), "blocks": blocks}


def teams_body(told: Told) -> Body:
    """Write an adaptive card, as the webhook of a Teams workflow takes it."""
    notice = told.notice
    texts = [{"type": "TextBlock", "text": notice.heading, "weight": "Bolder", "size": "Medium",
              "wrap": True}]  # fmt: skip
    texts += [{"type": "TextBlock", "text": one, "wrap": True} for one in _short(notice.paragraphs)]
    texts += [
        {"type": "TextBlock", "text": f"**{name}**: {text}", "wrap": True}
        for name, text in _short_facts(notice)
    ]
    if notice.small:
        texts.append({"type": "TextBlock", "text": notice.small, "wrap": True, "isSubtle": True})
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": texts,
    }
    if notice.link:
        title = notice.label or "Look"
        card["actions"] = [{"type": "Action.OpenUrl", "title": title, "url": notice.link}]
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "summary": notice.subject, "attachments": [attached]}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _escaped(text: str) -> str:
    """Escape what Slack reads as its own marks; nothing else needs it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _short(paragraphs: Sequence[str]) -> list[str]:
    left_out = len(paragraphs) - MOST_PARAGRAPHS
    shown = [_cut(one) for one in paragraphs[:MOST_PARAGRAPHS]]
    return [*shown, f"And {left_out} more."] if left_out > 0 else shown


def _short_facts(notice: Notice) -> list[tuple[str, str]]:
    return [(_cut(name, LONGEST_NAME), _cut(text)) for name, text in notice.facts[:MOST_FACTS]]


def _cut(text: str, longest: int = LONGEST_PARAGRAPH) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"
