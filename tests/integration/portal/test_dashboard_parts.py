"""The dashboard's parts each stand for themselves, and say how old they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import render_template
from sqlalchemy import Engine

from services.portal.dashboard.pages import WORDS
from services.portal.dashboard.reading import read_dashboard
from shared.configuring.change import SettingsChange
from shared.configuring.saving import save
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants
from tests.integration.portal.test_dashboard import held, page_of, reading


@contextmanager
def without_table(name: str, engine: Engine) -> Iterator[None]:
    """Hide a table for a while: other tests use the same database after this one."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO hidden_{name}")
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE hidden_{name} RENAME TO {name}")


def test_a_part_that_cannot_be_read_fails_alone(merchants: Merchants) -> None:
    held(merchants, "order_sync_off", "It is off.", subject="1")

    with without_table("difference", merchants.engine):
        page = page_of(merchants)

    assert page.count("This part could not be read just now") == 1
    assert 'Proof that nothing is lost</h2><span class="chip chip-amber">' in page
    assert "It is off." in page
    assert "What the vendors allow" in page


def test_figures_that_are_too_old_say_of_when_they_are(sqlite_merchants: Merchants) -> None:
    with reading(sqlite_merchants) as session:
        view = read_dashboard(session, FERNLEAF, lambda _, dear: (dear(), True), now=NOON)
    with sqlite_merchants.app.test_request_context():
        page = render_template("dashboard/dashboard_live.html", view=view, **WORDS)

    bar = page.split('class="stale" role="status"')[1].split("</p>")[0]
    assert "Figures from" in bar
    assert NOON.isoformat() in bar


def test_what_people_did_last_stands_there(sqlite_merchants: Merchants) -> None:
    with sqlite_merchants.open_session() as session:
        change = SettingsChange(channel_as="tag")
        save(session, FERNLEAF, change, by="ann@fernleaf.example", now=NOON)
        session.commit()

    page = page_of(sqlite_merchants)

    assert "<strong>ann@fernleaf.example</strong> changed a setting: Sales channel" in page
    assert "Nobody changed anything yet" in page_of(sqlite_merchants, HARBOUR)
