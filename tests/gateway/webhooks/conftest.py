"""Stores that are connected."""

import pytest

from tests.gateway.conftest import Served
from tests.gateway.neighbours import Neighbours
from tests.gateway.webhooks.deliveries_of_stores import Sender


@pytest.fixture
def store(gateway: Served, neighbours: Neighbours) -> Sender:
    """A store at a gateway whose Kafka is away: what is durable is at orders."""
    return Sender(gateway, neighbours)


@pytest.fixture
def kafka_store(gateway_with_kafka: Served, own_neighbours: Neighbours) -> Sender:
    """A store at a gateway that has its Kafka."""
    return Sender(gateway_with_kafka, own_neighbours)
