"""The lower half of the pipeline page: how long it takes, what waits, what stands behind it."""

from typing import Final

from deploy.grafana.describing import (
    BYTES,
    COUNT,
    RANGE,
    RATE,
    SECONDS,
    Row,
    bars,
    graph,
    q,
    quantiles,
)

_WHOLE: Final = Row(
    title="From end to end",
    panels=(
        graph(
            "From note to order",
            "From when a note came in until ShipHero had its order. Notes that were held count in "
            "full, so a release shows as a spike.",
            SECONDS,
            *quantiles("goodsout_note_to_order_seconds", "", 0.5, 0.95, 0.99),
        ),
        graph(
            "From shipment to note",
            "From ShipHero's webhook until Brightpearl had tracking and shipped event.",
            SECONDS,
            *quantiles("goodsout_shipment_to_note_seconds", "", 0.5, 0.95, 0.99),
        ),
        graph(
            "Notes under way by stage",
            "Both sides of every note that is neither done nor skipped.",
            COUNT,
            q(
                "max by (side, stage) (goodsout_open_notes)",
                "{{side}} {{stage}}",
            ),
            stacked=True,
        ),
    ),
)

_PERSON: Final = Row(
    title="What waits for a person",
    panels=(
        bars(
            "Held by cause",
            "Released by the setting or the connection that is missing. docs/reasons.md has each.",
            COUNT,
            q("max by (cause) (goodsout_held)", "{{cause}}"),
            width=6,
        ),
        bars(
            "Dead letters by reason",
            "docs/reasons.md says whose turn it is; goodsout ledger lists them with their ids.",
            COUNT,
            q("topk(10, max by (reason) (goodsout_dead_letters))", "{{reason}}"),
            width=6,
        ),
        bars(
            "Alerts that merchants see",
            "Open alerts of the product itself, by kind. Silence is judged for each account.",
            COUNT,
            q("max by (kind) (goodsout_open_alerts)", "{{kind}}"),
            width=6,
        ),
        bars(
            "Differences from the vendors' lists",
            "What a comparison found and what does not mend itself.",
            COUNT,
            q("max by (kind) (goodsout_open_differences)", "{{kind}}"),
            width=6,
        ),
    ),
)

_BEHIND: Final = Row(
    title="Behind it: clock, sweeper, mail",
    panels=(
        graph(
            "Since the clock looked, in beats",
            "More than five beats, and the clock hangs or its database is away.",
            COUNT,
            q(
                "(time() - max by (look) (goodsout_clock_last_look_timestamp_seconds)) / "
                "max by (look) (goodsout_clock_beat_seconds)",
                "{{look}}",
            ),
            wrong=5,
            width=6,
        ),
        graph(
            "Since the lists were compared",
            "The longest of all accounts; a comparison is due every five minutes.",
            SECONDS,
            q("max by (list) (goodsout_comparison_age_seconds)", "{{list}}"),
            wrong=1800,
            width=6,
        ),
        graph(
            "Brought back by the sweeper",
            "Lost: published, and nobody took it. Abandoned: a consumer died. Forgotten: held "
            "although its cause was gone, a defect of ours.",
            RATE,
            q(f"sum by (kind) (rate(goodsout_swept_total{RANGE}))", "{{kind}}"),
            width=6,
        ),
        graph(
            "Oldest mail that waits",
            "Mails are tried again for hours; more than a quarter of one means that none go out.",
            SECONDS,
            q("max(goodsout_mail_oldest_seconds)", "oldest mail"),
            wrong=900,
            width=6,
        ),
    ),
)

_PROCESSES: Final = Row(
    title="Processes",
    panels=(
        graph(
            "Memory",
            "Resident memory of each process.",
            BYTES,
            q('process_resident_memory_bytes{job="goodsout"}', "{{service}}"),
            width=6,
        ),
        graph(
            "Processor time",
            "Processors that each process keeps busy.",
            COUNT,
            q(f'rate(process_cpu_seconds_total{{job="goodsout"}}{RANGE})', "{{service}}"),
            width=6,
        ),
        graph(
            "For how long they run",
            "A line that keeps falling to nothing is a process that keeps dying.",
            SECONDS,
            q('time() - process_start_time_seconds{job="goodsout"}', "{{service}}"),
            width=6,
        ),
        graph(
            "Reading these figures",
            "How long the clock took to read each group of figures from the database.",
            SECONDS,
            q("max by (reading) (goodsout_reading_seconds)", "{{reading}}"),
            wrong=3,
            width=6,
        ),
    ),
)

BELOW: Final = (_WHOLE, _PERSON, _BEHIND, _PROCESSES)
