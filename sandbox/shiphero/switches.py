"""ShipHero's switches: its budget, its pace, and each answer its documents do not give."""

from dataclasses import dataclass

from sandbox.turnable import switch


@dataclass(frozen=True)
class ShipHeroSwitches:
    """Seconds are of the played world unless said otherwise; [U] is "unknown" in the contract."""

    shiphero_latency: float = switch(0.0, "Seconds every GraphQL call takes", "§1")

    # Budget, in real seconds
    credits_max: int = switch(4004, "Size of the credit bucket; 2002 and 1001 were seen too", "§3")
    credits_per_second: float = switch(60.0, "Credits that come back a second: 60, 30, 15", "§3")
    mutation_cost: int = switch(10, "What a mutation costs before its nodes [U]", "§3")
    other_app_credits_per_second: float = switch(
        0.0, "Credits another app takes out of the same bucket each second", "§3"
    )
    time_remaining_as: str = switch(
        "seconds",
        "How error 30 writes its wait",
        "§3",
        ("seconds", "minutes", "number", "empty", "missing"),
    )
    request_cap: int = switch(7000, "Requests allowed in a window", "§3")
    request_cap_window: float = switch(300.0, "Length of that window", "§3")
    request_cap_answer: str = switch(
        "429", "What is answered above the cap [U]", "§3", ("429", "503", "error")
    )

    # Door
    token_life: int = switch(2_419_200, "Seconds an access token lives, real ones", "§1")
    refresh_gives_refresh_token: bool = switch(
        False, "`/auth/refresh` answers with a new refresh token", "§1"
    )
    wrong_password_answer: str = switch(
        "401",
        "What a wrong user, password or refresh token gets [U]",
        "§1",
        ("401", "403", "400", "200"),
    )
    unauthorized_body: str = switch(
        "json", "Body of the 401 that a bad token gets [U]", "§1", ("json", "empty", "html")
    )
    pii_nulls: str = switch(
        "fields",
        "Without view:pii: single fields are null, or the whole address",
        "§1",
        ("fields", "address"),
    )
    webhooks_hide_pii: bool = switch(
        False, "Webhook bodies carry no name and address [U]", "§12.12"
    )

    # Schema and errors
    newer_schema: bool = switch(True, "Offer what is newer than the schema of 2024-09-05", "§10")
    validation_status: int = switch(
        200, "HTTP status of GraphQL validation errors [U]", "§4", (200, 400)
    )

    # Reading
    index_lag: float = switch(0.0, "Lists show a new order only after so long [U]", "§6")
    index_lag_hides_order: bool = switch(False, "`order(id)` hides it as long too [U]", "§6")
    order_number_match: str = switch(
        "exact", "How `orders(order_number:)` compares [U]", "§6", ("exact", "contains")
    )
    partner_order_id_match: str = switch(
        "exact", "How `orders(partner_order_id:)` compares [U]", "§12.2", ("exact", "contains")
    )
    sku_match: str = switch("exact", "How `sku:` compares [U]", "§9", ("exact", "contains"))
    filter_utc_offset: float = switch(
        0.0, "Hours from UTC in which times of filters are read [U]", "§5"
    )
    parent_lists_customers: bool = switch(
        False, "A 3PL's lists without customer_account_id hold its customers' rows [U]", "§11"
    )

    # Writing
    refuse_reused_line_ids: bool = switch(
        False, "order_create refuses a partner_line_item_id of an earlier order [U]", "§6"
    )
    refuse_reused_partner_order_id: bool = switch(
        False, "order_create refuses a partner_order_id of an earlier order [U]", "§6"
    )
    unknown_sku: str = switch(
        "line_without_product",
        "What an unknown SKU in a line does [U]",
        "§6",
        ("line_without_product", "error"),
    )
    long_strings: str = switch(
        "keep",
        "What happens to over-long strings [U]",
        "§6",
        ("keep", "refuse", "cut"),
    )
    normalise_addresses: str = switch(
        "us",
        "Whose shipping address comes back in capitals, a US one with ZIP+4",
        "§8",
        ("us", "all", "never"),
    )
    update_ended: str = switch(
        "refuse",
        "order_update of an order that is cancelled or fulfilled [U]",
        "§7",
        ("refuse", "allow"),
    )
    cancel_shipped: str = switch(
        "refuse",
        "order_cancel without force where a label or a shipment stands [U]",
        "§7",
        ("refuse", "allow"),
    )
    cancel_in_tote: str = switch(
        "refuse",
        "order_cancel without force while it is being picked [U]",
        "§7",
        ("refuse", "allow"),
    )

    # Warehouse
    empty_tracking_number: bool = switch(False, 'Labels carry "" as their number', "§8")
    kits_ship_as: str = switch(
        "parts",
        "What an order's line of a kit becomes: lines of its parts beside it, which are what "
        "ships, or nothing, the kit ships by its own line [U]",
        "§6",
        ("parts", "kit"),
    )
    voided_label_status: str = switch(
        "voided", "Status of a voided label [U]", "§8", ("voided", "void", "canceled", "refunded")
    )

    # Webhooks
    webhook_head_check: bool = switch(True, "Registration sends a HEAD that must get 200", "§10")
    webhook_retries: int = switch(5, "Tries after the first", "§10")
    shiphero_retry_after: float = switch(
        1.0, "Seconds to the first retry, doubled for each further one [U]", "§10"
    )
    message_id_on_retry: str = switch("same", "Message id of a retry [U]", "§10", ("same", "new"))
    webhook_failures_are: str = switch(
        "deliveries",
        "What counts against a webhook's health: lost deliveries or failed tries [U]",
        "§10",
        ("deliveries", "tries"),
    )
    webhook_warning_after: int = switch(3, "Failures in a row until WARNING [U]", "§10")
    webhook_unhealthy_after: int = switch(
        10, "Failures in a row until UNHEALTHY, which switches it off [U]", "§10"
    )
    secret_after_change: str = switch(
        "null",
        "The secret in the answer of webhook_enable and webhook_update_url [U]",
        "§10",
        ("null", "same", "rotated"),
    )
    packages_in_shipment_update: bool = switch(
        True, "Shipment Update carries `packages[]` and `total_packages`", "§10"
    )
    shipment_update_on_label_change: bool = switch(
        False, "Shipment Update comes again when a label is voided or made anew [U]", "§12.7"
    )
    parent_hears_customers: bool = switch(
        False, "A 3PL's own webhooks get its customers' events, Return Update never [U]", "§10"
    )
    webhook_utc_offset: float = switch(
        0.0, "Hours from UTC in which webhooks write times [U]", "§5"
    )
