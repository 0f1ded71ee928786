import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.webhooks.signatures import decode, is_signed
from tests.given.samples_of_stores import sample, sent_headers, sign, vectors

VECTORS = {vector["name"]: vector for vector in vectors()}
BODY = sample("official-2017-order-BYTES.json")
SECRET = "a secret of the shop"


def accepts(body: bytes, signature: str | bytes, *secrets: str) -> bool:
    digest = decode(signature if isinstance(signature, bytes) else signature.encode())
    return digest is not None and is_signed(body, digest, [secret.encode() for secret in secrets])


@pytest.mark.parametrize("name", VECTORS)
def test_published_signatures_are_accepted(name: str) -> None:
    """Trap 10."""
    vector = VECTORS[name]

    assert accepts(vector["bytes"], vector["expected"], vector["secret"])


@pytest.mark.parametrize("name", VECTORS)
def test_published_signatures_fail_with_another_secret_and_with_another_body(name: str) -> None:
    """Trap 10."""
    vector = VECTORS[name]

    assert not accepts(vector["bytes"], vector["expected"], vector["secret"] + "-2")
    assert not accepts(vector["bytes"] + b" ", vector["expected"], vector["secret"])


def test_the_bytes_are_signed_not_what_they_mean() -> None:
    """Trap 10."""
    order, spaced = VECTORS["laravel-shopify full order body"], VECTORS["shopify-api-js validate"]

    assert not accepts(order["bytes"].removesuffix(b"\n"), order["expected"], order["secret"])
    assert not accepts(b'{"foo":"bar"}', spaced["expected"], spaced["secret"])


def test_any_of_the_live_secrets_may_sign() -> None:
    new, old = VECTORS["shopify_app new secret"], VECTORS["shopify_app old secret"]

    assert accepts(new["bytes"], new["expected"], new["secret"], old["secret"])
    assert accepts(old["bytes"], old["expected"], new["secret"], old["secret"])
    assert not accepts(old["bytes"], old["expected"], new["secret"])


def test_an_empty_secret_signs_nothing() -> None:
    """Anybody can make the signature of an empty secret."""
    assert not accepts(BODY, sign("", BODY), "")
    assert not accepts(BODY, sign("", BODY))


@pytest.mark.parametrize("name", ["orders-create", "orders-edited", "refunds-create", "fulfillments-create"])
def test_a_body_that_was_changed_on_its_way_does_not_fit_its_signature(name: str) -> None:
    """Trap 10. The samples' ids were rounded after they were signed."""
    body, headers = sample(f"hookdeck-2024-10-{name}.json"), sent_headers(f"hookdeck-2024-10-{name}")

    assert decode(headers["x-shopify-hmac-sha256"].encode()) is not None
    assert not accepts(body, headers["x-shopify-hmac-sha256"], "hookdeck")


GOOD = sign(SECRET, BODY)
MALFORMED = {
    "missing": b"",
    "no base64": b"not a signature!",
    "short": base64.b64encode(base64.b64decode(GOOD)[:31]),
    "long": base64.b64encode(base64.b64decode(GOOD) + b"\0"),
    "hex": base64.b64decode(GOOD).hex().encode(),
    "cut": GOOD[:-1].encode(),
    "without padding": GOOD.rstrip("=").encode(),
    "padded twice": GOOD.encode() + b"=",
    "with a line feed inside": GOOD[:20].encode() + b"\n" + GOOD[20:].encode(),
    "two of them": f"{GOOD},{GOOD}".encode(),
    "not ASCII": b"\xff" + GOOD[1:].encode(),
    "very long": GOOD.encode() * 10_000,
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_signature_is_never_one(name: str) -> None:
    """Trap 10."""
    assert decode(MALFORMED[name]) is None


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, len(GOOD) - 1), character=st.integers(0, 255))
def test_a_signature_with_any_character_changed_is_refused(place: int, character: int) -> None:
    """Trap 10. Also where base64 has two spellings for the same bytes."""
    changed = GOOD[:place].encode() + bytes([character]) + GOOD[place + 1 :].encode()

    assert accepts(BODY, changed, SECRET) == (changed == GOOD.encode())


def test_the_other_spellings_of_the_last_character_are_refused() -> None:
    """Trap 10."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet.index(GOOD[-2])
    spellings = [GOOD[:-2] + alphabet[last & ~3 | bits] + "=" for bits in range(4)]

    assert {base64.b64decode(spelling) for spelling in spellings} == {base64.b64decode(GOOD)}
    assert [accepts(BODY, spelling, SECRET) for spelling in spellings] == [spelling == GOOD for spelling in spellings]


@settings(max_examples=200, deadline=None)
@given(digest=st.binary(min_size=32, max_size=32))
def test_made_up_digests_are_refused(digest: bytes) -> None:
    """Trap 10."""
    assert not accepts(BODY, base64.b64encode(digest), SECRET)
