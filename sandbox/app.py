"""Wires both vendors and the control room into one Flask app."""

import logging
from collections.abc import Callable

from flask import Flask

from sandbox.brightpearl.account import brightpearl_routes
from sandbox.brightpearl.data_centres import DataCentres
from sandbox.brightpearl.hook_terms import brightpearl_terms
from sandbox.brightpearl.oauth_routes import oauth_routes
from sandbox.brightpearl.throttle import Throttle
from sandbox.control.api import control_routes
from sandbox.control.brightpearl_api import brightpearl_control_routes
from sandbox.control.page import page_routes
from sandbox.control.shiphero_api import shiphero_control_routes
from sandbox.receivers import receiver_routes
from sandbox.seed import seed_if_new
from sandbox.shiphero.credits import Buckets
from sandbox.shiphero.health import shiphero_terms
from sandbox.shiphero.routes import shiphero_routes
from sandbox.world import World

LARGEST_BODY = 16 * 1024 * 1024


def create_app(world: World) -> Flask:
    """Build the app over a world, filling a new state with the demo accounts."""
    seed_if_new(world)
    throttle = Throttle(world.clock, world.switches)
    buckets = Buckets(world)
    centres = DataCentres(world.settings)
    for promise in ("qos0", "qos1"):
        world.deliveries.terms[promise] = brightpearl_terms(world)
    world.deliveries.terms["shiphero"] = shiphero_terms(world)
    app = Flask("sandbox.control")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.strict_slashes = False
    app.url_map.redirect_defaults = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(brightpearl_routes(world, throttle, centres))
    app.register_blueprint(oauth_routes(world, centres))
    app.register_blueprint(shiphero_routes(world, buckets))
    app.register_blueprint(control_routes(world, _reset(world, throttle, buckets)))
    app.register_blueprint(brightpearl_control_routes(world, throttle))
    app.register_blueprint(shiphero_control_routes(world, buckets))
    app.register_blueprint(receiver_routes(world))
    app.register_blueprint(page_routes(world))
    app.extensions["sandbox.world"] = world
    return app


def _reset(world: World, throttle: Throttle, buckets: Buckets) -> Callable[[], None]:
    def reset() -> None:
        """Go back to the first day: state, budgets, counts and faults."""
        world.store.clear()
        world.switches.reload()
        seed_if_new(world)
        throttle.reset()
        buckets.reset()
        world.calls.reset()
        world.faults.remove()
        logging.getLogger(__name__).info("the sandbox was reset")

    return reset
