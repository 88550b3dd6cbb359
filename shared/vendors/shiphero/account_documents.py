"""The GraphQL documents about the account, its products and its webhooks (contract §9, §10)."""

from shared.vendors.shiphero.documents import Document

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
