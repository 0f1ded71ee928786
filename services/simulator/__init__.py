"""Stores that behave like the real ones, with faults on demand: for laptops and tests, never for merchants."""
