"""The web side of shipment_return; gunicorn runs `services.shipment_return.app:app()`."""

from flask import Flask
from sqlalchemy import Engine

from services.shipment_return.webhook import SOURCE, shipment_webhooks
from shared.webhooks.app import webhook_app, webhook_app_from_environment
from shared.webhooks.edge import EdgeSettings


def create_app(settings: EdgeSettings, engine: Engine) -> Flask:
    """Wire ShipHero's webhooks to the journal in `engine`."""
    return webhook_app(settings, engine, source=SOURCE, routes=shipment_webhooks)


def app() -> Flask:
    """Build the app from the environment."""
    return webhook_app_from_environment("shipment_return", source=SOURCE, routes=shipment_webhooks)
