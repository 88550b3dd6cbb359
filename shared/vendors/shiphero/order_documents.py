"""The GraphQL documents about orders and shipments; a test holds each against the schema."""

from shared.vendors.shiphero.documents import Document

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

KEYS = Document(
    operation="orders",
    text="""
query ($partner_order_id: String, $customer_account_id: String, $first: Int!, $after: String) {
  orders(partner_order_id: $partner_order_id, customer_account_id: $customer_account_id) {
    request_id complexity
    data(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { partner_order_id } }
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

ORDER_UPDATE = Document(
    operation="order_update",
    text="mutation ($data: UpdateOrderInput!) { order_update(data: $data) " + _CHANGED_ORDER,
)

ORDER_CANCEL = Document(
    operation="order_cancel",
    text="mutation ($data: CancelOrderInput!) { order_cancel(data: $data) " + _CHANGED_ORDER,
)
