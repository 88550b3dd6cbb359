"""The GraphQL documents about single products (contract §9)."""

from shared.vendors.shiphero.documents import Document

PRODUCTS_OF_SKU = Document(
    operation="products",
    text="""
query ($sku: String, $customer_account_id: String, $first: Int!, $after: String) {
  products(sku: $sku, customer_account_id: $customer_account_id) {
    request_id complexity
    data(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { id sku name warehouse_products { warehouse_id } } }
    }
  }
}
""",
)

PRODUCT_CREATE = Document(
    operation="product_create",
    text="""
mutation ($data: CreateProductInput!) {
  product_create(data: $data) { request_id complexity product { id sku name } }
}
""",
)

PRODUCT_ADD_TO_WAREHOUSE = Document(
    operation="product_add_to_warehouse",
    text="""
mutation ($data: AddProductToWarehouseInput!) {
  product_add_to_warehouse(data: $data) {
    request_id complexity warehouse_product { warehouse_id }
  }
}
""",
)
