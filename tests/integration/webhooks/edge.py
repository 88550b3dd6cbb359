"""Both vendors' webhooks as they come in, and what is kept of them."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlmodel import SQLModel, select
from werkzeug.test import TestResponse

from services.order_ingest.app import create_app as create_order_ingest
from services.shipment_return.app import create_app as create_shipment_return
from shared.db.account_tables import Account, WebhookSubscription
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import EdgeCount, EventRow
from shared.secrets import SecretBox, digest, new_key
from shared.webhooks.edge import EdgeSettings

if TYPE_CHECKING:
    from flask import Flask

ACCOUNT = UUID(int=1)
SIGNING_SECRET = "shared-signature-secret"
PATHS = {"brightpearl": "path-secret-of-brightpearl", "shiphero": "path-secret-of-shiphero"}
SHIPMENT_UPDATE = "Shipment Update"
MEGABYTE = 1024 * 1024
BRIGHTPEARL_BODY = {
    "accountCode": "demo",
    "resourceType": "goods-out-note",
    "id": "501",
    "lifecycleEvent": "created",
    "fullEvent": "goods-out-note.created",
    "raisedOn": "2026-03-02T09:00:00.000Z",
}


class Edge:
    """The endpoints of the account `demo`, which has a subscription at each vendor."""

    def __init__(self, url: str, *, keep_deadline: float = 20.0) -> None:
        self.key = new_key()
        given: dict[str, Any] = {
            "database_url": url,
            "broker_url": "memory://",
            "secret_keys": SecretStr(self.key),
            "keep_deadline": keep_deadline,
        }
        self.box = SecretBox(self.key)
        # Looks at what was kept, and prepares: patient, whatever the endpoints are.
        self.engine = open_engine(url)
        self.open_session = session_maker(self.engine)
        self.keeping = open_engine(url, patience=keep_deadline)
        self.apps: dict[str, Flask] = {
            "brightpearl": create_order_ingest(EdgeSettings(**given), self.keeping),
            "shiphero": create_shipment_return(EdgeSettings(**given), self.keeping),
        }

    def open(self) -> None:
        """Make the account and its two subscriptions, in empty tables."""
        self.keep(Account(id=ACCOUNT, code="demo", name="Demo", created_at=datetime.now(UTC)))
        self.subscribe("brightpearl", PATHS["brightpearl"], topic="goods-out-note")
        self.subscribe("shiphero", PATHS["shiphero"], signing_secret=SIGNING_SECRET)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
        self.keeping.dispose()

    def keep(self, *rows: SQLModel) -> None:
        """Commit rows."""
        with self.open_session() as session:
            session.add_all(rows)
            session.commit()

    def subscribe(
        self,
        vendor: str,
        path_secret: str,
        *,
        topic: str = SHIPMENT_UPDATE,
        signing_secret: str | None = None,
        retired_for: timedelta | None = None,
        box: SecretBox | None = None,
    ) -> None:
        """Keep one more subscription."""
        now, box = datetime.now(UTC), box or self.box
        self.keep(
            WebhookSubscription(
                id=uuid4(),
                account_id=ACCOUNT,
                vendor=vendor,
                topic=topic,
                path_digest=digest(path_secret),
                path_secret=box.seal(path_secret),
                signing_secret=None if signing_secret is None else box.seal(signing_secret),
                created_at=now,
                retired_at=None if retired_for is None else now - retired_for,
            )
        )

    def post(self, vendor: str, body: bytes, path: str = "", **more: Any) -> TestResponse:
        """Post a body as it is, on the vendor's own path unless another is given."""
        address = f"/webhooks/{vendor}/{path or PATHS[vendor]}"
        return self.apps[vendor].test_client().post(address, data=body, **more)

    def stream(
        self, vendor: str, stream: BinaryIO, length: int | None, **more: Any
    ) -> TestResponse:
        """Post what `stream` gives, with a Content-Length or chunked."""
        chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        told = {"CONTENT_LENGTH": str(length), "wsgi.input": stream}
        return (
            self.apps[vendor]
            .test_client()
            .post(
                f"/webhooks/{vendor}/{PATHS[vendor]}",
                environ_overrides={**chunked, "wsgi.input": stream} if length is None else told,
                **more,
            )
        )

    def from_brightpearl(self, path: str = "", **fields: Any) -> TestResponse:
        """Send a webhook as Brightpearl does."""
        return self.post("brightpearl", a_brightpearl_body(**fields), path)

    def from_shiphero(
        self,
        body: bytes = b'{"webhook_type": "Shipment Update"}',
        path: str = "",
        *,
        message_id: str = "message-1",
        secret: str = SIGNING_SECRET,
    ) -> TestResponse:
        """Send a webhook as ShipHero does, signed."""
        return self.post("shiphero", body, path, headers=signed(body, message_id, secret))

    def genuine(self, vendor: str, path: str = "", **more: Any) -> TestResponse:
        """Send a genuine webhook of either vendor."""
        if vendor == "brightpearl":
            return self.from_brightpearl(path, **more)
        return self.from_shiphero(path=path, **more)

    def rows(self) -> list[EventRow]:
        """Read the journal, oldest first."""
        with self.open_session() as session:
            return list(session.exec(select(EventRow).order_by(EventRow.recorded_at)))  # type: ignore[arg-type]

    def claim_everything(self) -> None:
        """Have consumers begin on every event."""
        with self.open_session() as session:
            for row in session.exec(select(EventRow)):
                row.claimed_by = "a consumer"
            session.commit()

    def names(self) -> list[str]:
        """Read the journal's event names."""
        return [row.name for row in self.rows()]

    def counted(self) -> tuple[int, int]:
        """Read how many webhooks the edge counted as kept and as repeated."""
        with self.open_session() as session:
            counts = session.exec(select(EdgeCount)).all()
        return sum(one.kept for one in counts), sum(one.repeated for one in counts)


def a_brightpearl_body(**fields: Any) -> bytes:
    return json.dumps({**BRIGHTPEARL_BODY, **fields}).encode()


def signed(
    body: bytes, message_id: str = "message-1", secret: str = SIGNING_SECRET
) -> dict[str, str]:
    signature = base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
    return {"x-shiphero-hmac-sha256": signature, "X-Shiphero-Message-ID": message_id}
