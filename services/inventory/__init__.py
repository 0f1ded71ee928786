"""Stock: levels, demands and reservations of every organisation, and the ledger that explains each unit."""
