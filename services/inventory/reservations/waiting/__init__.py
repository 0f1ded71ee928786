"""Those who wait for units: their queue per item, what wakes them, and the worker who serves them."""
