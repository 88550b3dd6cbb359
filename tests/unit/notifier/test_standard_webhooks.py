"""Signatures as https://www.standardwebhooks.com has them."""

from base64 import b64decode
from datetime import UTC, datetime

from shared.standard_webhooks import new_secret, signed_headers


def test_a_signature_is_the_one_that_the_specifications_libraries_test_with() -> None:
    headers = signed_headers(
        b'{"test": 2432232314}',
        message="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        secret_texts=["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_while_a_secret_is_changed_both_sign() -> None:
    old, new = new_secret(), new_secret()
    at = datetime(2026, 11, 24, tzinfo=UTC)

    both, first, second = (
        signed_headers(b"{}", message="msg_1", at=at, secret_texts=given)["webhook-signature"]
        for given in ([new, old], [new], [old])
    )

    assert both == f"{first} {second}"
    assert first != second


def test_a_secret_has_as_many_bytes_as_the_specification_wants() -> None:
    secret = new_secret()

    assert secret.startswith("whsec_")
    assert 24 <= len(b64decode(secret.removeprefix("whsec_"))) <= 64
