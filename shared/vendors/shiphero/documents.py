"""What a GraphQL document of ours is, and the page sizes of all of them.

Page sizes follow the estimated complexity, 1 + N x (1 + Σ nested N) with plain lists free
(contract §3), which must fit into what is left of a bucket of 1001 to 4004 credits:

    order by id        1 + 50 + 50                 =  101   lines and shipped lines, 50 each
    orders by key      1 + 5 x (1 + 20 + 20)       =  206   five orders, 20 and 20 each
    more lines         1 + 50                      =   51
    orders changed     1 + 25 x (1 + 20 + 20)      = 1026   a page of a comparison
    products           1 + 100                     =  101
    products of a SKU  1 + 20                      =   21   should `sku:` match parts of SKUs too
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
PRODUCTS_OF_SKU_AT_ONCE = 20
OTHERS_AT_ONCE = 50
SMALLER_PAGES = (20, 5)  # tried in turn when a document is refused as too large


@dataclass(frozen=True, kw_only=True)
class Document:
    """One operation with one root field, `operation`; `older` does without newer fields."""

    operation: str
    text: str
    older: "Document | None" = None
