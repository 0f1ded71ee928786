"""RAPPIT on one machine: the parts behind `make run`, and the PostgreSQL and Kafka that the tests use."""
