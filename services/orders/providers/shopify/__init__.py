"""Shopify: which topics are read, and what an order's body says."""
