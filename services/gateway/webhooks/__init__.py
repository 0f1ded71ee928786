"""Webhooks of stores: who signed a delivery, what it is about, and making it durable before the answer."""
