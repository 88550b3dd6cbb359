"""The sync log: the list of notes that a merchant reads, and the list as a file."""

from services.portal.frame.access import Need, Room
from services.portal.log.list_pages import ListPages


def sync_log_routes(lists: ListPages) -> Room:
    """Build the routes."""
    routes = Room("pages", __name__)
    routes.page("/sync-log", lists.show_sync_log, Need.VIEWER)
    routes.page("/sync-log/live", lists.refresh_sync_log, Need.VIEWER)
    routes.page("/sync-log/export.csv", lists.download, Need.VIEWER)
    return routes
