"""Transactions of one organisation, tables closed to the others, idempotency, leases, migrations."""
