"""What the forge has imported before its first fork."""

import importlib
import sys
import threading

# Run as `__main__` in each process anew: these themselves are forgotten, what they need stays.
COMMANDS = (
    "sandbox.__main__",
    "services.notifier.clock",
    "services.notifier.consumer",
    "services.order_ingest.consumer",
    "services.portal.people.make_user",
    "services.shiphero_push.consumer",
    "services.shipment_return.consumer",
    "shared.cli.main",
)
NEEDED = (
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "kombu.transport.filesystem",
    "kombu.transport.memory",
    "pika",
    "psycopg",
    "services.order_ingest.app",
    "services.portal.app",
    "services.shipment_return.app",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
)

for name in (*COMMANDS, *NEEDED):
    importlib.import_module(name)
for name in COMMANDS:
    del sys.modules[name]
# A thread would be missing in every fork, and a lock that it holds would be held for ever.
if threading.active_count() != 1:
    raise RuntimeError(f"the forge has more than one thread: {threading.enumerate()}")
