"""Stock: levels, and the append-only ledger that explains them."""
