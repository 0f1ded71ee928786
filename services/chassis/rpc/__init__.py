"""Serving and calling RPCs."""
