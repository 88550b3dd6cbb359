"""Brightpearl and ShipHero: how they answer, what they still allow, what they tell us."""

from typing import Final

from deploy.grafana.describing import (
    COUNT,
    PART,
    RANGE,
    RATE,
    SECONDS,
    Dashboard,
    Row,
    bars,
    graph,
    q,
    quantiles,
    stat,
)

_BAD: Final = 'answer=~"failed|none"'

_WRONG: Final = Row(
    title="Is anything wrong?",
    panels=(
        stat(
            "Connections broken",
            "A vendor refuses the credentials. The merchant is told and reconnects in the portal.",
            COUNT,
            q('max by (vendor) (goodsout_connections{state="broken"})', "{{vendor}}"),
            warns=1,
            wrong=5,
            width=6,
        ),
        stat(
            "Calls that failed",
            "Part of the calls of the last minutes without an answer or with a 5xx.",
            PART,
            q(
                f"sum by (vendor) (rate(goodsout_vendor_calls_total{{{_BAD}}}{RANGE})) / "
                f"sum by (vendor) (rate(goodsout_vendor_calls_total{RANGE})) "
                f"or 0 * sum by (vendor) (rate(goodsout_vendor_calls_total{RANGE}))",
                "{{vendor}}",
            ),
            warns=0.05,
            wrong=0.2,
            width=6,
        ),
        stat(
            "Budgets used up",
            "Accounts for which a vendor allows nothing just now; it opens again by itself.",
            COUNT,
            q("max by (vendor) (goodsout_budgets_closed)", "{{vendor}}"),
            warns=5,
            width=6,
        ),
        stat(
            "Since the lists were compared",
            "The longest of all accounts; a webhook that never came is found this late.",
            SECONDS,
            q("max by (list) (goodsout_comparison_age_seconds)", "{{list}}"),
            warns=900,
            wrong=1800,
            width=6,
        ),
    ),
)

_CALLS: Final = Row(
    title="Calls to the vendors",
    panels=(
        graph(
            "Calls by answer",
            "Throttled should hardly ever be: budgets are there to prevent it. Refused is 4xx.",
            RATE,
            q(
                f"sum by (vendor, answer) (rate(goodsout_vendor_calls_total{RANGE}))",
                "{{vendor}} {{answer}}",
            ),
        ),
        graph(
            "How long they take to answer",
            "95 of 100 calls are quicker.",
            SECONDS,
            *quantiles("goodsout_vendor_call_seconds", "vendor", 0.5, 0.95),
        ),
        graph(
            "The slowest operations",
            "95 of 100 calls of each are quicker.",
            SECONDS,
            q(
                "topk(8, histogram_quantile(0.95, sum by (le, vendor, operation) "
                f"(rate(goodsout_vendor_call_seconds_bucket{RANGE}))))",
                "{{vendor}} {{operation}}",
            ),
        ),
        graph(
            "Calls by operation",
            "The most frequent ones.",
            RATE,
            q(
                f"topk(10, sum by (vendor, operation) (rate(goodsout_vendor_calls_total{RANGE})))",
                "{{vendor}} {{operation}}",
            ),
            width=12,
        ),
        graph(
            "Calls for each new order",
            "All calls of a vendor over the notes that became orders meanwhile. In a backlog "
            "Brightpearl takes about a third of a request for a note; at rest, looking around and "
            "comparing count too.",
            COUNT,
            q(
                f"sum by (vendor) (rate(goodsout_vendor_calls_total{RANGE})) / on () group_left "
                f"sum(rate(goodsout_note_to_order_seconds_count{RANGE}))",
                "{{vendor}}",
            ),
            width=12,
        ),
    ),
)

_BUDGETS: Final = Row(
    title="Budgets",
    panels=(
        graph(
            "Put off for want of budget",
            "Work that meets a used-up budget comes back when it opens, and uses no attempt.",
            RATE,
            q(
                f"sum by (vendor, lane) (rate(goodsout_budget_wait_seconds_count{RANGE}))",
                "{{vendor}} {{lane}}",
            ),
        ),
        graph(
            "Seconds waited for budgets, each second",
            "Above one, somebody always waits.",
            COUNT,
            q(
                f"sum by (vendor, lane) (rate(goodsout_budget_wait_seconds_sum{RANGE}))",
                "{{vendor}} {{lane}}",
            ),
        ),
        graph(
            "Accounts whose budget is used up",
            "For a moment in every minute of a backlog that is as it should be.",
            COUNT,
            q("max by (vendor) (goodsout_budgets_closed)", "{{vendor}}"),
        ),
        bars(
            "Least budget left",
            "The part of our share that is free, of the accounts that have least.",
            PART,
            q(
                "bottomk(8, max by (account, vendor) (goodsout_account_budget_left) / "
                "max by (account, vendor) (goodsout_account_budget_part))",
                "{{account}} {{vendor}}",
            ),
            width=12,
        ),
        bars(
            "Longest until it opens",
            "Seconds until an account's budget opens again.",
            SECONDS,
            q(
                "topk(8, max by (account, vendor) (goodsout_account_budget_closed_seconds))",
                "{{account}} {{vendor}}",
            ),
            width=12,
        ),
    ),
)

_TOLD: Final = Row(
    title="What they tell us",
    panels=(
        graph(
            "Webhooks",
            "Silence is judged for each account by what the same hours usually bring.",
            RATE,
            q(f"sum by (source) (rate(goodsout_webhooks_total{RANGE}))", "{{source}}"),
        ),
        graph(
            "Webhooks that we could not keep",
            "Our answers of 5xx. The vendors try again for a while; comparisons find the rest.",
            RATE,
            q(
                f'sum by (source) (rate(goodsout_webhooks_total{{answer=~"5.."}}{RANGE}))',
                "{{source}}",
            ),
        ),
        graph(
            "Shipped notes and new orders",
            "What became true at the vendors.",
            RATE,
            q(f"sum(rate(goodsout_note_to_order_seconds_count{RANGE}))", "new orders"),
            q(f"sum(rate(goodsout_shipment_to_note_seconds_count{RANGE}))", "shipments told"),
        ),
    ),
)

DASHBOARD: Final = Dashboard(
    uid="goodsout-vendors",
    title="Goodsout: vendors",
    about="Calls to Brightpearl and ShipHero, what they allow, and what they tell us.",
    rows=(_WRONG, _CALLS, _BUDGETS, _TOLD),
)
