"""What is read out of the scopes that a ShipHero token lists."""

import pytest

from shared.connecting.tokens import hides_people, missing_scopes

LOGIN = "openid profile offline_access"


@pytest.mark.parametrize(
    ("scope", "missing"),
    [
        ("", ()),
        (LOGIN, ()),
        (f"{LOGIN} view:orders change:orders", ()),
        (f"{LOGIN} view:orders", ("change:orders",)),
        ("view:products", ("view:orders", "change:orders")),
    ],
)
def test_missing_scopes_are_named_where_scopes_are_listed(
    scope: str, missing: tuple[str, ...]
) -> None:
    assert missing_scopes(scope) == missing


@pytest.mark.parametrize(
    ("scope", "hidden"),
    [
        ("", False),
        (LOGIN, False),
        ("view:orders", True),
        ("view:orders view:pii", False),
        ("change:orders", False),
    ],
)
def test_hidden_names_show_where_scopes_are_listed(scope: str, *, hidden: bool) -> None:
    assert hides_people(scope) is hidden
