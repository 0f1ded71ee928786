"""Live updates: what changed in an organisation, told to its people who listen."""
