"""Webhooks: deliveries of stores, from Kafka or by RPC, on their way to orders."""
