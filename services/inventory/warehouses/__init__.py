"""Warehouses: the places that hold stock, and the organisations that they belong to."""
