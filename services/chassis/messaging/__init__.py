"""Events out by the outbox, events in by the inbox: at least once between services, once in each database."""
