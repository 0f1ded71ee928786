"""How much each caller may ask: per address, account and organisation, and how fast a store's deliveries are taken."""
