"""The web side of order_ingest; gunicorn runs `services.order_ingest.app:app()`."""

from flask import Flask
from sqlalchemy import Engine

from services.order_ingest.webhook import SOURCE, goods_out_note_webhooks
from shared.webhooks.app import webhook_app, webhook_app_from_environment
from shared.webhooks.edge import EdgeSettings


def create_app(settings: EdgeSettings, engine: Engine) -> Flask:
    """Wire Brightpearl's webhooks to the journal in `engine`."""
    return webhook_app(settings, engine, source=SOURCE, routes=goods_out_note_webhooks)


def app() -> Flask:
    """Build the app from the environment."""
    return webhook_app_from_environment(
        "order_ingest", source=SOURCE, routes=goods_out_note_webhooks
    )
