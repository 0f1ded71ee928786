"""Which provider a shop of a name runs on."""

from simulator.shopify.provider import Shopify
from simulator.shops.provider import Provider
from simulator.woocommerce.provider import WooCommerce

_SHOPIFY, _WOOCOMMERCE = Shopify(), WooCommerce()


def provider_of(shop: str) -> Provider:
    """Shopify for `<name>.myshopify.com`, WooCommerce for every other domain."""
    return _SHOPIFY if shop.endswith(".myshopify.com") else _WOOCOMMERCE
