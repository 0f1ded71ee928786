"""Notes and tags: what people here write on orders."""
