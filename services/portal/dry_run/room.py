"""The room of the dry run, shadow mode and going live."""

from services.portal.dry_run.go_live_pages import GoLivePages
from services.portal.dry_run.pages import DryRunPages
from services.portal.dry_run.shadow_pages import ShadowPages
from services.portal.frame.access import Need, Room
from shared.connections import Connections


def dry_run_routes(connections: Connections) -> Room:
    """Build the routes; whoever may read may look, operators switch and go live."""
    dry, shadow, live = (
        DryRunPages(connections),
        ShadowPages(connections),
        GoLivePages(connections),
    )
    routes = Room("dry_run", __name__, url_prefix="/dry-run")
    routes.page("", dry.show, Need.VIEWER)
    routes.page("/shadow", shadow.show_shadow, Need.VIEWER)
    routes.page("/shadow/<int:note_id>", shadow.show_shadow_note, Need.VIEWER)
    routes.page("/shadow/switch", shadow.ask_to_switch_shadow, Need.OPERATOR)
    routes.act("/shadow/switch", shadow.switch_shadow, Need.OPERATOR)
    routes.page("/go-live", live.show_go_live, Need.OPERATOR)
    routes.act("/go-live", live.go_live, Need.OPERATOR)
    return routes
