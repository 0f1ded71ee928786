"""A consumer of order events whose handler writes down what it applied, and fails where a test says so."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.database.pool import Database
from tests.given.receiver import Receiver


@pytest.fixture
def receiver(database: Database) -> Receiver:
    return Receiver(database)


@pytest.fixture
def another(database: Database) -> Callable[..., Receiver]:
    """`another(tries=2)`: a consumer and organisation of its own."""

    def make(**how: Any) -> Receiver:
        return Receiver(database, **how)

    return make
