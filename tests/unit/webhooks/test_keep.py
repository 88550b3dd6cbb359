"""Bodies are kept byte for byte, as JSON text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from shared.webhooks.keep import body_digest, raw_body

bodies = st.binary(max_size=200) | st.text(max_size=200).map(str.encode)


@given(body=bodies)
def test_every_body_comes_back_byte_for_byte_through_json(body: bytes) -> None:
    payload = json.loads(json.dumps(raw_body(body)))

    assert payload["body"].encode(payload.get("encoding", "utf-8")) == body


@given(one=bodies, other=bodies)
def test_a_digest_tells_bodies_apart(one: bytes, other: bytes) -> None:
    assert (body_digest(one) == body_digest(other)) is (one == other)
