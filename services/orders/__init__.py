"""The orders of all stores in one place, and what other services must do for them. Start with README.md."""
