"""Reservations: units promised to the demands of orders and callers, and those who wait for units."""
