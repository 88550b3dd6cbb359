"""The web side of order_ingest; gunicorn runs `services.order_ingest.app:app()`."""

from flask import Flask
from sqlalchemy import Engine

from services.order_ingest.settings import OrderIngestWebSettings
from services.order_ingest.webhook import SOURCE, goods_out_note_webhooks
from shared.clock import utc_now
from shared.db.engine import open_engine, session_maker
from shared.health import health_routes
from shared.journal.hint import hint_after_commits
from shared.process import begin, database_check
from shared.secrets import SecretBox
from shared.webhooks.edge import Deadline, answer_our_trouble


def create_app(settings: OrderIngestWebSettings, engine: Engine) -> Flask:
    """Wire Brightpearl's webhooks to the journal in `engine`."""
    app = Flask(__name__)
    app.register_blueprint(
        goods_out_note_webhooks(
            open_session=session_maker(engine),
            box=SecretBox(settings.secret_keys.get_secret_value()),
            now=utc_now,
            deadline=Deadline(seconds=settings.keep_deadline, threads=settings.keep_threads),
        )
    )
    app.register_blueprint(health_routes({"database": database_check(engine)}))
    answer_our_trouble(app, SOURCE)
    return app


def app() -> Flask:
    """Build the app from the environment."""
    settings = begin("order_ingest.web", OrderIngestWebSettings)
    engine = open_engine(settings.database_url, patience=settings.keep_deadline)
    hint_after_commits(engine)
    return create_app(settings, engine)
