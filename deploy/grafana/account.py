"""One account: how it is connected, what goes through, what waits, what its vendors allow."""

from typing import Final

from deploy.grafana.describing import (
    COUNT,
    PART,
    RANGE,
    RATE,
    SECONDS,
    Dashboard,
    Row,
    Variable,
    bars,
    graph,
    q,
    stat,
)

_MINE: Final = 'account="$account"'


def _sum(metric: str, by: str = "queue", more: str = "") -> str:
    return f"sum(max by ({by}) ({metric}{{{_MINE}{more}}}))"


_STANDING: Final = Row(
    title="Is anything wrong?",
    panels=(
        stat(
            "Connections that work",
            "Of Brightpearl and ShipHero. While one is broken everything of the account is held.",
            COUNT,
            q(_sum("goodsout_account_connected", "vendor")),
            warns=2,
            wrong=1,
            low_is_bad=True,
        ),
        stat(
            "Alerts",
            "That the merchant sees in the portal.",
            COUNT,
            q(f"max(goodsout_account_open_alerts{{{_MINE}}})"),
            warns=1,
        ),
        stat(
            "Notes that need a person",
            "Failed, or held for a setting: the portal's sync log says why.",
            COUNT,
            q(f"max(goodsout_account_needs_you{{{_MINE}}})"),
            warns=1,
            wrong=50,
        ),
        stat(
            "Dead letters",
            "That nobody replayed or discarded.",
            COUNT,
            q(_sum("goodsout_account_events", "queue", ', state="dead"')),
            warns=1,
            wrong=50,
        ),
        stat(
            "Held",
            "Notes and shipments that wait for a setting or a connection.",
            COUNT,
            q(_sum("goodsout_account_events", "queue", ', state="held"')),
            warns=1,
        ),
        stat(
            "Oldest due event",
            "That was not let out: for want of budget, or because others are out already.",
            SECONDS,
            q(f"max(goodsout_account_oldest_due_seconds{{{_MINE}}})"),
            warns=120,
            wrong=900,
        ),
        stat(
            "Since lists were compared",
            "The longer of both; due every five minutes.",
            SECONDS,
            q(f"max(goodsout_account_comparison_age_seconds{{{_MINE}}})"),
            warns=900,
            wrong=1800,
        ),
        stat(
            "Ledger remainder",
            "Webhooks of today and yesterday that were kept and whose rows are gone. It must be 0.",
            COUNT,
            q(f"max(goodsout_account_ledger_unexplained{{{_MINE}}})"),
            wrong=1,
        ),
    ),
)

_FLOW: Final = Row(
    title="What goes through",
    panels=(
        graph(
            "Notes within the last hour",
            "That came in, were sent to ShipHero, and were shipped.",
            COUNT,
            q(f"max by (step) (goodsout_account_notes_last_hour{{{_MINE}}})", "{{step}}"),
        ),
        graph(
            "How long they took",
            "On average, of those done within the last hour; what was held counts in full.",
            SECONDS,
            q(f"max(goodsout_account_note_to_order_seconds{{{_MINE}}})", "from note to order"),
            q(
                f"max(goodsout_account_shipment_to_note_seconds{{{_MINE}}})",
                "from shipment to note",
            ),
        ),
        graph(
            "Notes under way by stage",
            "Both sides of every note that is neither done nor skipped.",
            COUNT,
            q(
                f"max by (side, stage) (goodsout_account_open_notes{{{_MINE}}})",
                "{{side}} {{stage}}",
            ),
            stacked=True,
        ),
        graph(
            "Attempts by result",
            "Retry, wait_for_budget, later and busy come back by themselves; held and dead wait "
            "for a person.",
            RATE,
            q(
                f"sum by (result) (rate(goodsout_account_attempts_total{{{_MINE}}}{RANGE}))",
                "{{result}}",
            ),
            width=12,
        ),
        graph(
            "Webhooks",
            "Kept, and repetitions that we had already. They begin at nothing at midnight (UTC).",
            COUNT,
            q(
                f"max by (source, kind) (goodsout_account_webhooks_total{{{_MINE}}})",
                "{{source}} {{kind}}",
            ),
            width=12,
        ),
    ),
)

_WAITS: Final = Row(
    title="What waits",
    panels=(
        graph(
            "Events that are not done",
            "Due now, planned, retrying, out with the broker or a worker, held, dead.",
            COUNT,
            q(
                f"sum by (state) (max by (queue, state) (goodsout_account_events{{{_MINE}}}))",
                "{{state}}",
            ),
            stacked=True,
        ),
        bars(
            "Held by cause",
            "docs/reasons.md says what releases each.",
            COUNT,
            q(f"max by (cause) (goodsout_account_held{{{_MINE}}})", "{{cause}}"),
        ),
        bars(
            "Dead letters by reason",
            "docs/reasons.md says whose turn it is.",
            COUNT,
            q(f"max by (reason) (goodsout_account_dead_letters{{{_MINE}}})", "{{reason}}"),
        ),
    ),
)

_VENDORS: Final = Row(
    title="What its vendors allow",
    panels=(
        graph(
            "Budget left",
            "The part of our share that is free now.",
            PART,
            q(
                f"max by (vendor) (goodsout_account_budget_left{{{_MINE}}}) / "
                f"max by (vendor) (goodsout_account_budget_part{{{_MINE}}})",
                "{{vendor}}",
            ),
            width=6,
        ),
        graph(
            "Until it opens",
            "Seconds until a budget that is used up opens again.",
            SECONDS,
            q(
                f"max by (vendor) (goodsout_account_budget_closed_seconds{{{_MINE}}})",
                "{{vendor}}",
            ),
            width=6,
        ),
        graph(
            "Calls",
            "That we made for this account, of all processes together.",
            RATE,
            q(
                f"max by (vendor) (rate(goodsout_account_vendor_calls_total{{{_MINE}}}{RANGE}))",
                "{{vendor}}",
            ),
            width=6,
        ),
        graph(
            "Throttled calls",
            "Answers that said we asked too much. Others may use up the same allowance.",
            RATE,
            q(
                f"max by (vendor) (rate(goodsout_account_vendor_refusals_total{{{_MINE}}}{RANGE}))",
                "{{vendor}}",
            ),
            width=6,
        ),
    ),
)

DASHBOARD: Final = Dashboard(
    uid="goodsout-account",
    title="Goodsout: one account",
    about="Everything that is known of one account. Accounts beyond METRICS_ACCOUNTS have none.",
    rows=(_STANDING, _FLOW, _WAITS, _VENDORS),
    variables=(
        Variable(
            name="account",
            label="Account",
            query="label_values(goodsout_account_events, account)",
        ),
    ),
)
