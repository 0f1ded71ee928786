from gateway.webhooks.envelopes import MOST_CHARACTERS, Envelope, read_envelope
from gateway.webhooks.providers import SHOPIFY
from tests.given.samples_of_stores import sent_headers

Headers = list[tuple[bytes, bytes]]


def raw(headers: dict[str, str]) -> Headers:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


SENT = sent_headers("hookdeck-2024-10-orders-create")
READ = Envelope(
    signature=b"fY7rpk/+wc1Yc/8Y+gdLkGXClS0/jaoPBM3tkTYUBTk=",
    topic="orders/create",
    delivery_id="8a95126f-859a-4db9-b8f1-350e299e9ea0",
    shop="shop.myshopify.com",
    kept={"x-shopify-api-version": "2024-10", "x-shopify-triggered-at": "2024-08-07T22:57:57.290670248Z"},
)


def test_headers_are_read_as_shopify_sends_them() -> None:
    assert read_envelope(SHOPIFY, raw(SENT)) == READ


def test_the_newer_spelling_without_the_x_is_the_same() -> None:
    """Trap 10."""
    newer = {name.removeprefix("x-"): value for name, value in SENT.items()}

    assert read_envelope(SHOPIFY, raw(newer)) == READ


def test_both_spellings_at_once_may_not_differ() -> None:
    both = [*raw(SENT), *raw({name.removeprefix("x-"): value for name, value in SENT.items()})]

    assert read_envelope(SHOPIFY, both) == READ
    assert read_envelope(SHOPIFY, [*both, (b"shopify-topic", b"app/uninstalled")]) is None
    assert read_envelope(SHOPIFY, [*both, (b"x-shopify-shop-domain", b"other.myshopify.com")]) is None


def test_missing_headers_are_empty_and_others_are_left_behind() -> None:
    assert read_envelope(SHOPIFY, [(b"cookie", b"a=b"), (b"authorization", b"Bearer x")]) == Envelope(
        b"", "", "", "", {}
    )


def test_a_header_cannot_grow_what_is_stored() -> None:
    envelope = read_envelope(
        SHOPIFY, [(b"x-shopify-topic", b"t" * 10_000), (b"x-shopify-webhook-id", b"\xff" * 10_000)]
    )

    assert envelope is not None
    assert (len(envelope.topic), len(envelope.delivery_id)) == (MOST_CHARACTERS, MOST_CHARACTERS)
