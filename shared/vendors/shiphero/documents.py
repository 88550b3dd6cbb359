"""Every GraphQL document we send; a test holds each against ShipHero's schema.

Page sizes follow the estimated complexity, 1 + N x (1 + Σ nested N) with plain lists free
(contract §3), which must fit into what is left of a bucket of 1001 to 4004 credits:

    order by id        1 + 50 + 50                 =  101   lines and shipped lines, 50 each
    orders by key      1 + 5 x (1 + 20 + 20)       =  206   five orders, 20 and 20 each
    more lines         1 + 50                      =   51
    orders changed     1 + 25 x (1 + 20 + 20)      = 1026   a page of a comparison
    products           1 + 100                     =  101
    account            1 + 50                      =   51   customers
    webhooks           1 + 50                      =   51

How a plain list (`shipments`) multiplies the connection inside it is not known (contract §8), so a
document that is refused as too large is repeated with smaller pages.
"""

from dataclasses import dataclass

LINES_OF_ONE = 50
LINES_OF_SEVERAL = 20
ORDERS_AT_ONCE = 5
CHANGED_AT_ONCE = 25
PRODUCTS_AT_ONCE = 100
OTHERS_AT_ONCE = 50
SMALLER_PAGES = (20, 5)  # tried in turn when a document is refused as too large


@dataclass(frozen=True, kw_only=True)
class Document:
    """One operation with one root field, `operation`; `older` does without newer fields."""

    operation: str
    text: str
    older: "Document | None" = None


_LINES = """
  pageInfo { hasNextPage endCursor }
  edges { node {
    id sku partner_line_item_id quantity quantity_pending_fulfillment quantity_shipped
    quantity_allocated backorder_quantity fulfillment_status price product_name
  } }
"""

_SHIPPED_LINES = """
  pageInfo { hasNextPage endCursor }
  edges { node {
    id line_item_id shipping_label_id quantity line_item { partner_line_item_id sku }
  } }
"""

_ORDER = (
    """
fragment OrderParts on Order {
  id legacy_id order_number partner_order_id shop_name fulfillment_status account_id
  order_date updated_at hold_until_date total_price currency priority_flag tags
  holds {
    fraud_hold address_hold shipping_method_hold operator_hold payment_hold client_hold
  }
  shipping_lines { title carrier method price }
  shipping_address {
    first_name last_name company address1 address2 city state zip country email phone
  }
  line_items(first: $lines) {"""
    + _LINES
    + """}
  shipments {
    id legacy_id order_id warehouse_id created_date completed picked_up delivered refunded
    needs_refund dropshipment shipped_off_shiphero total_packages
    line_items(first: $lines) {"""
    + _SHIPPED_LINES
    + """}
    shipping_labels {
      id status tracking_number tracking_url alternate_tracking_id carrier shipping_name
      shipping_method cost box_name package_number tracking_status refunded needs_refund
      created_date dimensions { weight height width length }
    }
  }
}
"""
)

ORDER = Document(
    operation="order",
    text="""
query ($id: String!, $lines: Int!) {
  order(id: $id) { request_id complexity data { ...OrderParts } }
}
"""
    + _ORDER,
)

ORDERS = Document(
    operation="orders",
    text="""
query (
  $partner_order_id: String, $order_number: String, $customer_account_id: String,
  $first: Int!, $after: String, $lines: Int!
) {
  orders(
    partner_order_id: $partner_order_id, order_number: $order_number,
    customer_account_id: $customer_account_id
  ) {
    request_id complexity
    data(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { ...OrderParts } }
    }
  }
}
"""
    + _ORDER,
)

CHANGED_ORDERS = Document(
    operation="orders",
    text="""
query (
  $updated_from: ISODateTime, $updated_to: ISODateTime, $customer_account_id: String,
  $first: Int!, $after: String, $lines: Int!
) {
  orders(
    updated_from: $updated_from, updated_to: $updated_to,
    customer_account_id: $customer_account_id
  ) {
    request_id complexity
    data(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { ...OrderParts } }
    }
  }
}
"""
    + _ORDER,
)

PRODUCTS = Document(
    operation="products",
    text="""
query ($customer_account_id: String, $first: Int!, $after: String) {
  products(customer_account_id: $customer_account_id) {
    request_id complexity
    data(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { id sku name } }
    }
  }
}
""",
)

MORE_LINES = Document(
    operation="order",
    text="""
query ($id: String!, $lines: Int!, $after: String) {
  order(id: $id) {
    request_id complexity data { line_items(first: $lines, after: $after) {"""
    + _LINES
    + "} } } }",
)

MORE_SHIPPED_LINES = Document(
    operation="shipment",
    text="""
query ($id: String!, $lines: Int!, $after: String) {
  shipment(id: $id) {
    request_id complexity data { line_items(first: $lines, after: $after) {"""
    + _SHIPPED_LINES
    + "} } } }",
)

_CHANGED_ORDER = """{
    request_id complexity
    order { id legacy_id order_number partner_order_id fulfillment_status }
  }
}
"""

ORDER_CREATE = Document(
    operation="order_create",
    text="mutation ($data: CreateOrderInput!) { order_create(data: $data) " + _CHANGED_ORDER,
)

ORDER_CANCEL = Document(
    operation="order_cancel",
    text="mutation ($data: CancelOrderInput!) { order_cancel(data: $data) " + _CHANGED_ORDER,
)

ACCOUNT = Document(
    operation="account",
    text="""
query ($first: Int!, $after: String) {
  account {
    request_id complexity
    data {
      id legacy_id email is_3pl is_multi_warehouse
      warehouses { id legacy_id identifier account_id profile }
      customers(first: $first, after: $after) {
        pageInfo { hasNextPage endCursor }
        edges { node { id legacy_id email status } }
      }
    }
  }
}
""",
)

_WEBHOOKS = """
query ($customer_account_id: String, $first: Int!, $after: String) {
  webhooks(customer_account_id: $customer_account_id) {
    request_id complexity
    data(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { id legacy_id account_id shop_name name url source NEWER } }
    }
  }
}
"""

WEBHOOKS = Document(
    operation="webhooks",
    text=_WEBHOOKS.replace("NEWER", "enabled health created_at"),  # newer: contract §10
    older=Document(operation="webhooks", text=_WEBHOOKS.replace("NEWER", "")),
)

WEBHOOK_CREATE = Document(
    operation="webhook_create",
    text="""
mutation ($data: CreateWebhookInput!) {
  webhook_create(data: $data) {
    request_id complexity
    webhook { id legacy_id account_id shop_name name url source shared_signature_secret }
  }
}
""",
)

WEBHOOK_ENABLE = Document(
    operation="webhook_enable",
    text="""
mutation ($data: EnableWebhookInput!) {
  webhook_enable(data: $data) { request_id complexity webhook { id legacy_id } }
}
""",
)

WEBHOOK_DELETE = Document(
    operation="webhook_delete",
    text="""
mutation ($data: DeleteWebhookInput!) { webhook_delete(data: $data) { request_id complexity } }
""",
)
