"""What the portal says when something is wrong, and the headers on every answer."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.portal.app import create_app
from services.portal.frame.access import NEEDS, Need
from services.portal.frame.policies import CONTENT_SECURITY_POLICY
from shared.db.engine import open_engine
from tests.integration.portal.merchants import EMAILS, FERNLEAF, Merchants, log_in, settings


@pytest.mark.parametrize("path", ["/login", "/sync-log", "/no-such-page", "/static/portal.css"])
def test_every_answer_carries_the_strict_policy(sqlite_merchants: Merchants, path: str) -> None:
    answer = sqlite_merchants.viewer().get(path)
    answer.close()  # a file is sent as an open stream

    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_pages_are_kept_by_nobody_else(sqlite_merchants: Merchants) -> None:
    assert sqlite_merchants.viewer().get("/sync-log").headers["Cache-Control"] == "no-store"


def test_a_silent_database_is_said_without_details(tmp_path: Path) -> None:
    empty = create_app(settings(), open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}"))

    page = log_in(empty.test_client(), EMAILS[FERNLEAF])

    assert page.status_code == 503
    assert "portal_user" not in page.text


def test_a_bug_is_logged_by_its_class_and_hidden_from_the_page(
    sqlite_merchants: Merchants,
) -> None:
    portal = sqlite_merchants.portal()

    @portal.get("/broken")
    def fail() -> str:
        raise RuntimeError("a detail")

    portal.extensions[NEEDS]["fail"] = Need.NOBODY

    with capture_logs() as lines:
        page = portal.test_client().get("/broken")

    assert (page.status_code, "a detail" in page.text) == (500, False)
    assert [(line["event"], line["error"]) for line in lines] == [
        ("portal.page_failed", "RuntimeError")
    ]


def test_a_database_that_was_never_migrated_is_not_ready(sqlite_merchants: Merchants) -> None:
    answer = sqlite_merchants.visitor().get("/readyz")

    assert answer.status_code == 503
    assert "goodsout migrate" in answer.get_json()["parts"]["database"]


def test_the_process_is_alive_without_a_log_in(sqlite_merchants: Merchants) -> None:
    assert sqlite_merchants.visitor().get("/livez").status_code == 200
