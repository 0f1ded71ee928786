"""The headers of Shopify's deliveries. Pure."""

from collections.abc import Mapping

from simulator.shops.delivery import Delivery, signature

API_VERSION = "2024-10"
USER_AGENT = "Shopify-Captain-Hook"


def headers(delivery: Delivery, secret: str) -> Mapping[str, str]:
    """The headers of a delivery, signed with the secret."""
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Shopify-Topic": delivery.topic,
        "X-Shopify-Hmac-Sha256": signature(secret, delivery.body),
        "X-Shopify-Shop-Domain": delivery.shop,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": delivery.webhook_id,
        "X-Shopify-Event-Id": delivery.event_id,
        "X-Shopify-Triggered-At": delivery.triggered_at,
    }
