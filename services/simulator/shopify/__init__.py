"""Shopify as it is met from outside: shops whose orders change, and the webhooks that tell of it."""
