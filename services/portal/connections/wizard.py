"""The three steps of a new merchant: Brightpearl, ShipHero, the dashboard; resumed where left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.connections.connection_view import (
    ABSENT,
    CHOOSING,
    Card,
    card_of,
    overview,
)
from services.portal.frame.access import Need, Room, may, viewer_account
from shared.connecting.stored import BRIGHTPEARL, CHOOSING_CUSTOMER, SHIPHERO
from shared.connections import Connections

DONE, HERE, AHEAD = "done", "here", "ahead"
TITLES: Final = ("Connect Brightpearl", "Connect ShipHero", "Go to the dashboard")
BRIGHTPEARL_STEP, SHIPHERO_STEP, LAST_STEP = 1, 2, 3
# Where a step's work is done, by endpoint.
WORKS: Final = {
    BRIGHTPEARL_STEP: "connect.show_brightpearl",
    SHIPHERO_STEP: "connect.show_shiphero",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the three; `endpoint` is where it is done, "" where one cannot go."""

    number: int
    title: str
    state: str
    endpoint: str = ""


def steps(cards: Sequence[Card], here: int) -> list[Step]:
    """Say of each step whether it is done, shown now, or ahead; pure."""
    ended = {
        number: card.standing not in {ABSENT, CHOOSING}
        for number, card in zip((BRIGHTPEARL_STEP, SHIPHERO_STEP), cards, strict=True)
    }
    return [
        Step(
            number=number,
            title=title,
            state=HERE if number == here else DONE if ended.get(number) else AHEAD,
            endpoint="" if number == here else WORKS.get(number, ""),
        )
        for number, title in enumerate(TITLES, 1)
    ]


def next_endpoint(cards: Sequence[Card]) -> str:
    """Say where the next step is done; "" when only the last is left; pure."""
    for number, card in zip((BRIGHTPEARL_STEP, SHIPHERO_STEP), cards, strict=True):
        if card.standing == CHOOSING:
            return "connect.show_customers"
        if card.standing == ABSENT:
            return WORKS[number]
    return ""


def both_cards(session: Session, account_id: UUID) -> list[Card]:
    """Read how both vendors stand."""
    return [card_of(session, account_id, vendor) for vendor in (BRIGHTPEARL, SHIPHERO)]


def is_first_time(cards: Sequence[Card]) -> bool:
    """Tell whether one of the vendors was never connected; a disconnected one was; pure."""
    return any(card.row is None or card.row.kind == CHOOSING_CUSTOMER for card in cards)


class WizardPages:
    """Leads the person who is logged in from one step to the next."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def show(self) -> ResponseReturnValue:
        """Go to the step that is next, or show that all is connected."""
        with self._connections.open_reading() as session:
            cards = both_cards(session, viewer_account())
        where = next_endpoint(cards)
        if where:
            return redirect(url_for(where if may(Need.OPERATOR) else "connections.show"))
        return self._ready("connections/ready.html")

    def refresh(self) -> ResponseReturnValue:
        """Show the same as it is now."""
        return self._ready("connections/ready_live.html", again=True)

    def _ready(self, template: str, **more: object) -> str:
        with self._connections.open_reading() as session:
            view = overview(session, viewer_account())
        return render_template(
            template,
            view=view,
            steps=steps(view.cards, LAST_STEP),
            may_change=may(Need.OPERATOR),
            **more,
        )


def wizard_routes(pages: WizardPages) -> Room:
    """Build the routes."""
    routes = Room("wizard", __name__, url_prefix="/connect")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/live", pages.refresh, Need.VIEWER)
    return routes
