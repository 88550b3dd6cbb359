"""The queues at RabbitMQ, and the same queues as Goodsout sees them."""

from typing import Final

from deploy.grafana.describing import (
    BYTES,
    COUNT,
    RANGE,
    RATE,
    SECONDS,
    Dashboard,
    Query,
    Row,
    bars,
    graph,
    q,
    stat,
)

# What nobody could read lies in `<queue>.dead`; nobody consumes that.
_LIVE: Final = 'queue!~".*[.]dead"'
_DEAD: Final = 'queue=~".*[.]dead"'


def _alarm(name: str) -> Query:
    return q(f"max(rabbitmq_alarms_{name})")


_WRONG: Final = Row(
    title="Is anything wrong?",
    panels=(
        stat(
            "Nodes that answer",
            "Quorum queues need more than half of the nodes.",
            COUNT,
            q('sum(up{job="rabbitmq"})'),
            wrong=1,
            low_is_bad=True,
        ),
        stat(
            "Memory alarm",
            "While it is raised RabbitMQ takes no message; the journal keeps them all.",
            COUNT,
            _alarm("memory_used_watermark"),
            wrong=1,
        ),
        stat(
            "Disk alarm",
            "While it is raised RabbitMQ takes no message; the journal keeps them all.",
            COUNT,
            _alarm("free_disk_space_watermark"),
            wrong=1,
        ),
        stat(
            "File descriptors alarm",
            "RabbitMQ takes no further connection.",
            COUNT,
            _alarm("file_descriptor_limit"),
            wrong=1,
        ),
        stat(
            "Queues without consumers",
            "Nobody works on what comes in there.",
            COUNT,
            q(
                f"count(sum by (queue) (rabbitmq_detailed_queue_consumers{{{_LIVE}}}) == 0) "
                "or vector(0)"
            ),
            wrong=1,
        ),
        stat(
            "Unreadable messages",
            "In the dead-letter queues. The journal has every event still; look at them, then put "
            "them back on the operator's page Queues.",
            COUNT,
            q(f"sum(rabbitmq_detailed_queue_messages_ready{{{_DEAD}}})"),
            warns=1,
            wrong=100,
        ),
        stat(
            "Unroutable messages",
            "Messages that found no queue since RabbitMQ started: the topology lacks something.",
            COUNT,
            q(
                "sum(rabbitmq_global_messages_unroutable_returned_total) + "
                "sum(rabbitmq_global_messages_unroutable_dropped_total)"
            ),
            wrong=1,
        ),
        stat(
            "Connections",
            "Each process has one for each thing it does.",
            COUNT,
            q("sum(rabbitmq_connections)"),
        ),
    ),
)

_EACH: Final = Row(
    title="Each queue",
    panels=(
        graph(
            "Ready",
            "Messages that no consumer holds yet. The relay lets out little at once, so this stays "
            "small; what waits longer is due in the journal.",
            COUNT,
            q(f"sum by (queue) (rabbitmq_detailed_queue_messages_ready{{{_LIVE}}})", "{{queue}}"),
        ),
        graph(
            "With a consumer",
            "Messages that consumers hold and have not acknowledged.",
            COUNT,
            q(f"sum by (queue) (rabbitmq_detailed_queue_messages_unacked{{{_LIVE}}})", "{{queue}}"),
        ),
        graph(
            "Consumers",
            "One for each consumer process of the queue.",
            COUNT,
            q(f"sum by (queue) (rabbitmq_detailed_queue_consumers{{{_LIVE}}})", "{{queue}}"),
        ),
    ),
)

_RATES: Final = Row(
    title="Through RabbitMQ",
    panels=(
        graph(
            "Messages in",
            "Received, of those routed to a queue and confirmed.",
            RATE,
            *(
                q(f"sum(rate(rabbitmq_global_messages_{name}_total{RANGE}))", name)
                for name in ("received", "routed", "confirmed")
            ),
        ),
        graph(
            "Messages out",
            "Delivered to consumers, delivered again, and acknowledged.",
            RATE,
            *(
                q(f"sum(rate(rabbitmq_global_messages_{name}_total{RANGE}))", name)
                for name in ("delivered", "redelivered", "acknowledged")
            ),
        ),
        graph(
            "Dead-lettered",
            "Rejected: nobody could read it. Delivery limit: it kept killing its consumer.",
            RATE,
            *(
                q(
                    f"sum(rate(rabbitmq_global_messages_dead_lettered_{name}_total{RANGE}))",
                    name.replace("_", " "),
                )
                for name in ("rejected", "delivery_limit", "expired")
            ),
        ),
    ),
)

_OURS: Final = Row(
    title="The same, as Goodsout sees it",
    panels=(
        graph(
            "Published by queue",
            "What the relay had confirmed.",
            RATE,
            q(
                f'sum by (queue) (rate(goodsout_published_total{{result="confirmed"}}{RANGE}))',
                "{{queue}}",
            ),
            width=6,
        ),
        graph(
            "Attempts by queue",
            "More than published: what is due is claimed together with its neighbours.",
            RATE,
            q(f"sum by (queue) (rate(goodsout_attempts_total{RANGE}))", "{{queue}}"),
            width=6,
        ),
        graph(
            "Oldest event that is out",
            "Since it was published; it is sent again after PUBLISH_LEASE unless somebody works "
            "on it.",
            SECONDS,
            q("max by (queue) (goodsout_journal_oldest_out_seconds)", "{{queue}}"),
            wrong=1800,
            width=6,
        ),
        graph(
            "Stale and unreadable messages",
            "Stale ones are harmless: their event moved on meanwhile. Unreadable ones are not "
            "ours, or from another version.",
            RATE,
            q(f"sum by (queue) (rate(goodsout_stale_messages_total{RANGE}))", "stale {{queue}}"),
            q(
                f"sum by (queue) (rate(goodsout_unreadable_messages_total{RANGE}))",
                "unreadable {{queue}}",
            ),
            width=6,
        ),
    ),
)

_NODES: Final = Row(
    title="Nodes",
    panels=(
        graph(
            "Memory",
            "RabbitMQ takes no message above its limit.",
            BYTES,
            q("rabbitmq_process_resident_memory_bytes", "{{instance}}"),
            q("rabbitmq_resident_memory_limit_bytes", "{{instance}} limit"),
            width=6,
        ),
        graph(
            "Free disk",
            "RabbitMQ takes no message below its limit.",
            BYTES,
            q("rabbitmq_disk_space_available_bytes", "{{instance}}"),
            q("rabbitmq_disk_space_available_limit_bytes", "{{instance}} limit"),
            width=6,
        ),
        graph(
            "Open files",
            "Part of what the system allows.",
            "percentunit",
            q("rabbitmq_process_open_fds / rabbitmq_process_max_fds", "{{instance}}"),
            wrong=0.8,
            width=6,
        ),
        bars(
            "Messages in dead-letter queues",
            "Redriven on the operator's page Queues; what nobody can read stays.",
            COUNT,
            q(f"sum by (queue) (rabbitmq_detailed_queue_messages_ready{{{_DEAD}}})", "{{queue}}"),
            width=6,
        ),
    ),
)

DASHBOARD: Final = Dashboard(
    uid="goodsout-queues",
    title="Goodsout: queues (RabbitMQ)",
    about="RabbitMQ by its own metrics, and its queues as relay and consumers see them.",
    rows=(_WRONG, _EACH, _RATES, _OURS, _NODES),
)
