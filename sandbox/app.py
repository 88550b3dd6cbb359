"""Wires both vendors and the control room into one Flask app."""

import logging
from collections.abc import Callable

from flask import Flask

from sandbox.brightpearl.account import brightpearl_routes
from sandbox.brightpearl.throttle import Throttle
from sandbox.control.api import control_routes
from sandbox.control.page import page_routes
from sandbox.seed import seed_if_new
from sandbox.shiphero.credits import Bucket
from sandbox.shiphero.routes import shiphero_routes
from sandbox.world import World

LARGEST_BODY = 16 * 1024 * 1024


def create_app(world: World) -> Flask:
    """Build the app over a world, filling a new state with the demo accounts."""
    seed_if_new(world)
    throttle = Throttle(world.clock, world.switches)
    bucket = Bucket(world.clock, world.switches)
    app = Flask("sandbox.control")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.strict_slashes = False
    app.url_map.redirect_defaults = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(brightpearl_routes(world, throttle))
    app.register_blueprint(shiphero_routes(world, bucket))
    app.register_blueprint(control_routes(world, _reset(world, throttle, bucket)))
    app.register_blueprint(page_routes(world))
    app.extensions["sandbox.world"] = world
    return app


def _reset(world: World, throttle: Throttle, bucket: Bucket) -> Callable[[], None]:
    def reset() -> None:
        """Go back to the first day: state, budgets, counts and faults."""
        world.store.clear()
        world.switches.reload()
        seed_if_new(world)
        throttle.reset()
        bucket.reset()
        world.calls.reset()
        world.faults.remove()
        logging.getLogger(__name__).info("the sandbox was reset")

    return reset
