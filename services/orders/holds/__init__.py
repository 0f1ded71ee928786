"""Holds: reasons for which nothing of an order is to leave for now."""
