"""Relay throughput, PostgreSQL to a quorum queue with confirms, beside its two halves alone."""

import time
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Engine

from bench.raw_pika import RawPublisher
from shared.accounts import cause_is_present
from shared.clock import Pace, utc_now
from shared.db.account_tables import Account
from shared.db.engine import open_engine, session_maker
from shared.db.migrate import migrate
from shared.events import GOODS_OUT_NOTE_CHANGED, NewEvent
from shared.journal.due import claim_due, stamp_published
from shared.journal.record import record_all
from shared.messaging.open import open_broker
from shared.messaging.relay import Relay, RelaySettings
from shared.messaging.topology import routing_key
from tests.servers.postgresql import private_postgresql
from tests.servers.rabbitmq import private_rabbitmq

EVENTS = 20_000
ACCOUNTS = 20
BATCH = 1000
NO_LIMIT = 10**9
# About the size of one of our envelopes.
BODY = b"x" * 430


def main() -> None:
    """Print events a second for the relay, raw pika, and claim-and-stamp without a broker."""
    with private_postgresql(durable=True) as postgresql, private_rabbitmq() as rabbitmq:
        engine = open_engine(postgresql.url)
        migrate(engine)
        broker = open_broker(rabbitmq.url)
        broker.declare()
        _record(engine)
        journal = _claim_and_stamp(engine)
        _record(engine)
        relay = _relay(engine, rabbitmq.url)
        key = routing_key(GOODS_OUT_NOTE_CHANGED)
        pika = EVENTS / RawPublisher(rabbitmq.url, "goodsout", key, BODY, EVENTS).seconds()
    print(f"relay            {relay:8.0f} events/s")
    print(f"raw pika         {pika:8.0f} messages/s   relay is {relay / pika:.2f} of it")
    print(f"claim and stamp  {journal:8.0f} events/s   relay is {relay / journal:.2f} of it")


def _record(engine: Engine) -> None:
    with session_maker(engine)() as session:
        accounts = [
            Account(id=uuid4(), code=f"a{uuid4().hex[:8]}", name="bench", created_at=utc_now())
            for _ in range(ACCOUNTS)
        ]
        session.add_all(accounts)
        session.flush()
        events = [
            NewEvent(
                account_id=accounts[number % ACCOUNTS].id,
                name=GOODS_OUT_NOTE_CHANGED,
                subject=str(number),
                dedupe_key=f"{accounts[0].code}:{number}",
            )
            for number in range(EVENTS)
        ]
        record_all(session, events, now=utc_now())
        session.commit()


def _claim_and_stamp(engine: Engine) -> float:
    open_session, done, begun = session_maker(engine), 0, time.monotonic()
    while done < EVENTS:
        with open_session() as session:
            rows = claim_due(
                session, now=utc_now(), limit=BATCH, window=NO_LIMIT, lease=timedelta(seconds=60)
            )
            session.commit()
        with open_session() as session:
            stamp_published(session, rows, now=utc_now())
            session.commit()
        done += len(rows)
    return EVENTS / (time.monotonic() - begun)


def _relay(engine: Engine, broker_url: str) -> float:
    publisher = open_broker(broker_url).publisher()
    relay = Relay(
        open_session=session_maker(engine),
        publisher=publisher,
        cause_is_present=cause_is_present,
        settings=RelaySettings(batch=BATCH, window=NO_LIMIT),
        now=utc_now,
        pace=Pace(),
    )
    done, begun = 0, time.monotonic()
    while done < EVENTS:
        done += relay.publish_due()
    seconds = time.monotonic() - begun
    publisher.close()
    return EVENTS / seconds
