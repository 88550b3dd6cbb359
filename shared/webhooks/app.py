"""The Flask app around a vendor's webhook routes: what both vendors' endpoints share."""

from collections.abc import Callable

from flask import Blueprint, Flask
from sqlalchemy import Engine

from shared.clock import utc_now
from shared.db.engine import open_engine, session_maker
from shared.health import health_routes
from shared.journal.hint import hint_after_commits
from shared.metrics.webhooks import count_answers
from shared.process import begin, database_check
from shared.secrets import SecretBox
from shared.webhooks.edge import Deadline, EdgeSettings, answer_our_trouble

# Builds a vendor's routes from open_session, box, now and deadline, given by name.
Routes = Callable[..., Blueprint]


def webhook_app(settings: EdgeSettings, engine: Engine, *, source: str, routes: Routes) -> Flask:
    """Wire one vendor's webhooks to the journal in `engine`."""
    app = Flask(source)
    app.register_blueprint(
        routes(
            open_session=session_maker(engine),
            box=SecretBox(settings.secret_keys.get_secret_value()),
            now=utc_now,
            deadline=Deadline(seconds=settings.keep_deadline, threads=settings.keep_threads),
        )
    )
    app.register_blueprint(health_routes({"database": database_check(engine)}))
    answer_our_trouble(app, source)
    count_answers(app, source)
    return app


def webhook_app_from_environment(service: str, *, source: str, routes: Routes) -> Flask:
    """Build the app as gunicorn wants it; a missing setting ends the process and is named."""
    settings = begin(f"{service}.web", EdgeSettings)
    engine = open_engine(settings.database_url, patience=settings.keep_deadline)
    hint_after_commits(engine)
    return webhook_app(settings, engine, source=source, routes=routes)
