"""The pipeline from webhook to vendor and back: the page an engineer on call opens first."""

from typing import Final

from deploy.grafana.describing import (
    COUNT,
    RANGE,
    RATE,
    SECONDS,
    Dashboard,
    Row,
    graph,
    q,
    quantiles,
    stat,
)
from deploy.grafana.pipeline_below import BELOW

_WRONG: Final = Row(
    title="Is anything wrong?",
    panels=(
        stat(
            "Alerts firing",
            "Every alert has its part of docs/runbook.md. Begin with those that page.",
            COUNT,
            q('count(ALERTS{alertstate="firing"}) or vector(0)'),
            wrong=1,
        ),
        stat(
            "Processes down",
            "Processes that Prometheus knows and cannot reach.",
            COUNT,
            q('count(up{job="goodsout"} == 0) or vector(0)'),
            wrong=1,
        ),
        stat(
            "Parts unreachable",
            "Processes whose database or broker does not answer them.",
            COUNT,
            q("count(goodsout_part_up == 0) or vector(0)"),
            wrong=1,
        ),
        stat(
            "Oldest due event",
            "For how long an event has been due that the relay did not publish. Work for vendors "
            "may wait for a budget; what reads from Brightpearl or tells people should not.",
            SECONDS,
            q("max(goodsout_journal_oldest_due_seconds)"),
            warns=120,
            wrong=900,
        ),
        stat(
            "Late retries",
            "Retries that have been due for more than five minutes.",
            COUNT,
            q("sum(max by (queue) (goodsout_journal_late_retries))"),
            wrong=1,
        ),
        stat(
            "Dead letters",
            "Events that were given up on and that nobody has replayed or discarded.",
            COUNT,
            q('sum(max by (queue) (goodsout_journal_events{state="dead"}))'),
            warns=1,
            wrong=50,
        ),
        stat(
            "Broken connections",
            "Accounts whose credentials a vendor refuses; everything of them is held.",
            COUNT,
            q('sum(max by (vendor) (goodsout_connections{state="broken"}))'),
            warns=1,
            wrong=5,
        ),
        stat(
            "Ledger remainder",
            "Webhooks of today and yesterday that were kept and whose rows are gone. It must be 0.",
            COUNT,
            q("max(goodsout_ledger_unexplained)"),
            wrong=1,
        ),
    ),
)

_IN: Final = Row(
    title="In: webhooks",
    panels=(
        graph(
            "Webhooks by answer",
            "5xx is our own trouble, and the vendor sends it again. 404: nobody knows the path.",
            RATE,
            q(
                f"sum by (source, answer) (rate(goodsout_webhooks_total{RANGE}))",
                "{{source}} {{answer}}",
            ),
        ),
        graph(
            "Time to answer",
            "Vendors give up after a few seconds; we answer 503 after 0.9 s.",
            SECONDS,
            *quantiles("goodsout_webhook_seconds", "source", 0.5, 0.99),
            wrong=0.9,
        ),
        graph(
            "Forged webhooks",
            "Signatures that do not fit. Few are somebody trying; many are a secret that we lost.",
            RATE,
            q(
                f"sum by (source) (rate(goodsout_webhooks_forged_total{RANGE}))",
                "{{source}}",
            ),
        ),
    ),
)

_JOURNAL: Final = Row(
    title="Kept: the journal",
    panels=(
        graph(
            "Events that are not done",
            "Due now, planned for later, retrying after a failure, out with the broker or a "
            "worker, held for a setting or a connection, dead and waiting for a person.",
            COUNT,
            q("sum by (state) (max by (queue, state) (goodsout_journal_events))", "{{state}}"),
            stacked=True,
        ),
        graph(
            "Due by queue",
            "What the relay has not let out. It grows where a budget is used up or consumers lag.",
            COUNT,
            q('max by (queue) (goodsout_journal_events{state="due"})', "{{queue}}"),
        ),
        graph(
            "Oldest due event by queue",
            "For order_ingest and notifier more than two minutes means that nobody publishes.",
            SECONDS,
            q("max by (queue) (goodsout_journal_oldest_due_seconds)", "{{queue}}"),
            wrong=900,
        ),
    ),
)

_RELAY: Final = Row(
    title="Out: the relay",
    panels=(
        graph(
            "Published by result",
            "A returned message found no queue: the topology lacks something. A refused one goes "
            "again.",
            RATE,
            q(f"sum by (result) (rate(goodsout_published_total{RANGE}))", "{{result}}"),
            width=6,
        ),
        graph(
            "Relay lag",
            "From due to confirmed. A busy account's notes wait a few seconds for company, and for "
            "budgets as long as it takes.",
            SECONDS,
            *quantiles("goodsout_relay_lag_seconds", "queue", 0.95),
            width=6,
        ),
        graph(
            "Confirm latency",
            "From handing a batch to the broker until its last confirm.",
            SECONDS,
            *quantiles("goodsout_publish_seconds", "", 0.5, 0.95),
            wrong=3,
            width=6,
        ),
        graph(
            "Messages in a batch",
            "How many leave, and are taken, at once: more is better for budgets.",
            COUNT,
            q(
                f"sum(rate(goodsout_publish_batch_messages_sum{RANGE})) / "
                f"sum(rate(goodsout_publish_batch_messages_count{RANGE}))",
                "published",
            ),
            q(
                f"sum by (queue) (rate(goodsout_taken_messages_sum{RANGE})) / "
                f"sum by (queue) (rate(goodsout_taken_messages_count{RANGE}))",
                "taken by {{queue}}",
            ),
            width=6,
        ),
    ),
)

_WORK: Final = Row(
    title="Work: attempts",
    panels=(
        graph(
            "Attempts by result",
            "Delivered and skipped are done; retry, wait_for_budget, later and busy come back by "
            "themselves; held and dead wait for a person.",
            RATE,
            q(f"sum by (result) (rate(goodsout_attempts_total{RANGE}))", "{{result}}"),
        ),
        graph(
            "Why attempts do not deliver",
            "By reason code; docs/reasons.md says what each means and what to do.",
            RATE,
            q(
                "topk(10, sum by (result, reason) "
                f'(rate(goodsout_attempts_total{{result!~"delivered|skipped"}}{RANGE})))',
                "{{result}} {{reason}}",
            ),
        ),
        graph(
            "How long attempts take",
            "Vendor calls included; mostly it is the vendor that one waits for.",
            SECONDS,
            *quantiles("goodsout_attempt_seconds", "event", 0.95),
        ),
    ),
)

DASHBOARD: Final = Dashboard(
    uid="goodsout-pipeline",
    title="Goodsout: pipeline",
    about="From webhook to vendor and back, over all accounts. Read it from top to bottom.",
    rows=(_WRONG, _IN, _JOURNAL, _RELAY, _WORK, *BELOW),
)
