"""An account, its rows in a real database, and a vendor in memory that holds its webhooks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from shared.db.account_tables import WebhookSubscription
from shared.db.vendor_tables import Alert
from shared.secrets import SecretBox, new_key
from shared.vendors.brightpearl.account_models import NewWebhook
from shared.vendors.brightpearl.account_models import Webhook as BrightpearlWebhook
from shared.vendors.shiphero.account_models import CreatedWebhook, Webhook
from shared.webhooks import at_brightpearl, at_shiphero
from shared.webhooks.address import read_address
from shared.webhooks.registration import (
    Checked,
    Registrar,
    check_brightpearl,
    check_shiphero,
    label_of,
)
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.integration.journal.books import Books

HOOKS = "https://hooks.example.com"
# Two, so that one topic's trouble can be told from the other's.
AT_BRIGHTPEARL = (at_brightpearl.GOODS_OUT_NOTE, at_brightpearl.PRODUCT)


class Crashed(BaseException):
    """The process ended here."""


@dataclass
class Steps:
    """Counts what took effect, here or at the vendor, and ends the process after one of them."""

    last: int | None = None
    done: int = 0

    def took_effect(self) -> None:
        """Count a step."""
        self.done += 1
        if self.done == self.last:
            raise Crashed


class WatchedSession(Session):
    """A session whose commits are steps."""

    steps: Steps

    def commit(self) -> None:
        """Commit, and perhaps crash right after."""
        super().commit()
        self.steps.took_effect()


@dataclass
class WatchedBrightpearl:
    """A client of Brightpearl whose writes are steps."""

    client: FakeBrightpearl
    steps: Steps

    def webhooks(self) -> tuple[BrightpearlWebhook, ...]:
        """List, which changes nothing."""
        return self.client.webhooks()

    def create_webhook(self, new: NewWebhook) -> int:
        """Subscribe, and perhaps crash before the answer is read."""
        made = self.client.create_webhook(new)
        self.steps.took_effect()
        return made

    def delete_webhook(self, webhook_id: int) -> None:
        """Unsubscribe, and perhaps crash right after."""
        self.client.delete_webhook(webhook_id)
        self.steps.took_effect()


@dataclass
class WatchedShipHero:
    """A client of ShipHero whose writes are steps."""

    client: FakeShipHero
    steps: Steps

    def webhooks(self) -> tuple[Webhook, ...]:
        """List, which changes nothing."""
        return self.client.webhooks()

    def create_webhook(self, *, name: str, url: str, shop_name: str) -> CreatedWebhook:
        """Subscribe, and perhaps crash before the answer is read."""
        made = self.client.create_webhook(name=name, url=url, shop_name=shop_name)
        self.steps.took_effect()
        return made

    def delete_webhook(self, *, name: str, shop_name: str) -> None:
        """Unsubscribe, and perhaps crash right after."""
        self.client.delete_webhook(name=name, shop_name=shop_name)
        self.steps.took_effect()


@dataclass
class Shop:
    """What both vendors' shops share."""

    engine: Engine
    vendor: str = ""
    steps: Steps = field(default_factory=Steps)
    base_url: str = HOOKS

    def __post_init__(self) -> None:
        """Open the books of the account `acme`."""
        self.books = Books(self.engine)
        self.box = SecretBox(new_key())
        self.registrar = Registrar(
            open_session=self._open,
            box=self.box,
            account_id=self.books.account,
            account_code="acme",
            now=self.books.clock,
        )

    def settle(self, checked: Checked) -> Checked:
        """Keep a check's result, as the settling transaction does."""
        with self.books.session() as session:
            checked.keep(session, self.books.clock())
        return checked

    def rows(self) -> Sequence[WebhookSubscription]:
        """Read the rows that are not retired, in the order of their topics."""
        with self.books.session() as session:
            return session.exec(
                select(WebhookSubscription)
                .where(
                    WebhookSubscription.vendor == self.vendor,
                    col(WebhookSubscription.retired_at).is_(None),
                )
                .order_by(WebhookSubscription.topic)
            ).all()

    def alerts(self, *, is_open: bool) -> Sequence[Alert]:
        """Read alerts."""
        ended = col(Alert.ended_at).is_(None) if is_open else col(Alert.ended_at).is_not(None)
        with self.books.session() as session:
            return session.exec(select(Alert).where(ended)).all()

    def crash_after(self, step: int, run: Callable[[], Checked]) -> bool:
        """Run until the process ends after `step`; False when it ended before by itself."""
        self.steps.done, self.steps.last = 0, step
        try:
            run()
        except Crashed:
            return True
        finally:
            self.steps.last = None
        return False

    def _open(self) -> Session:
        session = WatchedSession(self.engine, expire_on_commit=False)
        session.steps = self.steps
        return session


@dataclass
class BrightpearlShop(Shop):
    """An account at Brightpearl."""

    vendor: str = "brightpearl"
    vendor_side: FakeBrightpearl = field(default_factory=FakeBrightpearl)
    topics: tuple[str, ...] = AT_BRIGHTPEARL

    def look(self) -> Checked:
        """Run a check that does not settle."""
        client = WatchedBrightpearl(self.vendor_side, self.steps)
        wanted = at_brightpearl.Wanted(base_url=self.base_url, topics=self.topics)
        return check_brightpearl(self.registrar, client, wanted)

    def check(self) -> Checked:
        """Run a check and settle it."""
        return self.settle(self.look())

    def hook(self, topic: str = "goods-out-note") -> BrightpearlWebhook:
        """Give the one webhook of a topic."""
        [hook] = [one for one in self.vendor_side.hooks.values() if one.subscribe_to == topic]
        return hook

    def change(self, topic: str, **fields: object) -> None:
        """Have somebody change a webhook."""
        hook = self.hook(topic)
        self.vendor_side.hooks[hook.id] = hook.model_copy(update=fields)

    def is_sound(self) -> bool:
        """Say whether each topic has exactly one webhook, and it is the one we know."""
        held = {
            (one.subscribe_to, str(one.id), read_address(one.uri_template).path_digest)
            for one in self.vendor_side.hooks.values()
        }
        known = {(row.topic, row.vendor_webhook_id, row.path_digest) for row in self.rows()}
        one_each = sorted(topic for topic, _, _ in held) == sorted(AT_BRIGHTPEARL)
        return held == known and one_each


@dataclass
class ShipHeroShop(Shop):
    """An account at ShipHero."""

    vendor: str = "shiphero"
    vendor_side: FakeShipHero = field(default_factory=FakeShipHero)

    @property
    def label(self) -> str:
        """Our shop name."""
        return label_of("acme", self.books.account)

    def look(self) -> Checked:
        """Run a check that does not settle."""
        client = WatchedShipHero(self.vendor_side, self.steps)
        wanted = at_shiphero.Wanted(base_url=self.base_url, label=self.label)
        return check_shiphero(self.registrar, client, wanted)

    def check(self) -> Checked:
        """Run a check and settle it."""
        return self.settle(self.look())

    def hook(self, topic: str = "Shipment Update") -> CreatedWebhook:
        """Give the one webhook of a topic."""
        [hook] = [one for one in self.vendor_side.hooks if one.name == topic]
        return hook

    def change(self, topic: str, **fields: object) -> None:
        """Have ShipHero or somebody change a webhook."""
        place = self.vendor_side.hooks.index(self.hook(topic))
        self.vendor_side.hooks[place] = self.vendor_side.hooks[place].model_copy(update=fields)

    def forget(self, topic: str) -> None:
        """Have ShipHero lose a webhook."""
        self.vendor_side.hooks.remove(self.hook(topic))

    def is_sound(self) -> bool:
        """Say whether each topic has exactly one webhook, and we hold the secret it signs with."""
        held = {
            (one.name, read_address(one.url).path_digest, one.shared_signature_secret)
            for one in self.vendor_side.hooks
        }
        known = {(row.topic, row.path_digest, self._secret_of(row)) for row in self.rows()}
        one_each = sorted(name for name, _, _ in held) == sorted(at_shiphero.TOPICS)
        return held == known and one_each

    def _secret_of(self, row: WebhookSubscription) -> str:
        return self.box.open(row.signing_secret) if row.signing_secret else ""


def foreign_brightpearl(webhook_id: int, **fields: Any) -> BrightpearlWebhook:
    """Build a webhook of another integration."""
    new = NewWebhook(subscribe_to="goods-out-note", uri_template="https://other.example.com/hook")
    return BrightpearlWebhook(**{"id": webhook_id, **new.model_dump(), **fields})


def foreign_shiphero(**fields: Any) -> CreatedWebhook:
    """Build a webhook of another app."""
    given = {"id": "OTHER", "name": "Shipment Update", "shop_name": "other", "url": "https://o.io"}
    return CreatedWebhook(**{**given, **fields})
