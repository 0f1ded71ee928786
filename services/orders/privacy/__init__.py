"""Privacy: what stores ask for people, done to the end, and of whom nothing may come back."""
