"""The chassis's tables, in each service's database."""
