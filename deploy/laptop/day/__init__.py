"""A day of the demo in a quarter of an hour: what `make try-day` runs."""
