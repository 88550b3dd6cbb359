"""The pages of the menu, in groups; a page is shown to those who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import current_app, request

from services.portal.frame.access import may, need_of


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the menu; every page of the same room counts as the same place."""

    label: str
    endpoint: str
    icon: str

    @property
    def is_here(self) -> bool:
        """Whether the page that is shown belongs to it."""
        shown = OF_LINE.get(request.endpoint or "", request.endpoint or "")
        if any(shown == item.endpoint for _, items in MENU for item in items):
            return shown == self.endpoint
        rooms = {self.endpoint.partition(".")[0], *ALSO.get(self.endpoint, ())}
        return shown.partition(".")[0] in rooms


# Rooms without a line of their own, by the line that they belong to.
ALSO: Final = {
    "configuration.show": ("configuration_history",),
    "connections.show": ("connect", "wizard"),
    "pages.show_sync_log": ("bulk", "own"),
    "tokens.show": ("api_page",),
}
# Pages of a room that has more than one line.
OF_LINE: Final = {
    "staff.show_account": "staff.show",
    "staff.ask_to_redrive": "staff.show_queues",
}

MENU: Final[Sequence[tuple[str, Sequence[Item]]]] = (
    ("Watch", (
        Item(label="Dashboard", endpoint="dashboard.show", icon="layout-dashboard"),
        Item(label="Sync logs", endpoint="pages.show_sync_log", icon="list-details"),
        Item(label="Needs attention", endpoint="attention.show", icon="alert-triangle"),
        Item(label="Reconciliation", endpoint="reconciliation.show", icon="arrows-left-right"),
        Item(label="Events", endpoint="events.show", icon="bolt"),
    )),
    ("Set up", (
        Item(label="Sync configuration", endpoint="configuration.show", icon="adjustments"),
        Item(label="Dry run", endpoint="dry_run.show", icon="flask"),
        Item(label="Connections", endpoint="connections.show", icon="plug-connected"),
        Item(label="Team", endpoint="team.show", icon="users"),
        Item(label="Webhooks and chat", endpoint="destinations.show", icon="send"),
        Item(label="API tokens", endpoint="tokens.show", icon="key"),
    )),
    ("Records", (
        Item(label="Bulk actions", endpoint="bulk_acts.show", icon="stack-2"),
        Item(label="Reports", endpoint="reports.show", icon="report"),
        Item(label="Audit trail", endpoint="audit.show", icon="history"),
    )),
    ("Operator", (
        Item(label="All accounts", endpoint="staff.show", icon="building-warehouse"),
        Item(label="Queues", endpoint="staff.show_queues", icon="server"),
    )),
)  # fmt: skip


def menu() -> list[tuple[str, list[Item]]]:
    """Give the groups of the menu with what the person who is logged in may see."""
    seen = [(group, [item for item in items if _may_see(item)]) for group, items in MENU]
    return [(group, items) for group, items in seen if items]


def _may_see(item: Item) -> bool:
    need = need_of(current_app, item.endpoint)
    return need is not None and may(need)
