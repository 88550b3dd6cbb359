"""`make replay FIXTURE=…`: post a fixture to the running system as its vendor would, signed."""

import base64
import hmac
import json
import os
import sys
from pathlib import Path
from uuid import uuid4

import requests
from sqlmodel import Session, col, select

from deploy.embedded.keys import keys_in
from deploy.embedded.parts import Ports, own_environment
from shared.connections import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import WebhookSubscription
from shared.db.engine import open_engine, reading_session_maker
from shared.secrets import SecretBox


def main() -> int:
    """Post the named fixture; its file name begins with the vendor's."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the command and one fixture
        print("Name a fixture: make replay FIXTURE=tests/fixtures/webhooks/….json", file=sys.stderr)
        return 2
    fixture = Path(sys.argv[1])
    vendor = fixture.name.split("_")[0]
    if vendor not in (BRIGHTPEARL, SHIPHERO) or not fixture.is_file():
        print(f"{fixture} is no webhook fixture of either vendor", file=sys.stderr)
        return 2
    folder = Path(os.environ.get("GOODSOUT_FOLDER", "var"))
    environment = own_environment(folder, Ports.from_environment(os.environ), keys_in(folder))
    box = SecretBox(environment["SECRET_KEYS"])
    with reading_session_maker(open_engine(environment["DATABASE_URL"]))() as session:
        row = _subscription(session, vendor, _topic_of(fixture))
    if row is None:
        print("The demo account has no such webhook yet: start `make run` first", file=sys.stderr)
        return 1
    return _post(fixture.read_bytes(), vendor, row, box)


def _topic_of(fixture: Path) -> str:
    """Read what the fixture is about, in its vendor's own field."""
    told = json.loads(fixture.read_bytes())
    return str(told.get("webhook_type") or told.get("resourceType") or "")


def _subscription(session: Session, vendor: str, topic: str) -> WebhookSubscription | None:
    return session.exec(
        select(WebhookSubscription).where(
            WebhookSubscription.vendor == vendor,
            WebhookSubscription.topic == topic,
            col(WebhookSubscription.retired_at).is_(None),
        )
    ).first()


def _post(body: bytes, vendor: str, row: WebhookSubscription, box: SecretBox) -> int:
    ports = Ports.from_environment(os.environ)
    port = ports.order_ingest if vendor == BRIGHTPEARL else ports.shipment_return
    headers = {"Content-Type": "application/json"}
    if row.signing_secret:
        signed = hmac.digest(box.open(row.signing_secret).encode(), body, "sha256")
        headers["x-shiphero-hmac-sha256"] = base64.b64encode(signed).decode()
        headers["X-Shiphero-Message-ID"] = str(uuid4())
    url = f"http://127.0.0.1:{port}/webhooks/{vendor}/{box.open(row.path_secret)}"
    try:
        answer = requests.post(url, data=body, headers=headers, timeout=10)
    except requests.ConnectionError:
        print(f"Nothing answers on port {port}: start `make run` first", file=sys.stderr)
        return 1
    print(f"{answer.status_code} {answer.text.strip()}")
    return 0 if answer.ok else 1


if __name__ == "__main__":
    sys.exit(main())
