"""Orders: snapshots of stores merged with what people decided here, and what inventory answered."""
