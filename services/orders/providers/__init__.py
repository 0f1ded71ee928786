"""Providers: how the body of each provider's delivery becomes a snapshot. Pure."""
