"""The HTTP edge: stores' webhooks in, and the REST API over the services' RPCs. Nothing durable lives here."""
