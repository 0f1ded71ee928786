"""What every test may ask for: a real PostgreSQL, a real Kafka, a database per service, a topic prefix."""

import pytest

# Before anything of it is imported: a bare assert in what tests share explains itself too.
pytest.register_assert_rewrite("tests.given")

pytest_plugins = [
    "tests.given.run",
    "tests.given.rooms",
    "tests.given.containers",
    "tests.given.postgres",
    "tests.given.kafka",
    "tests.given.system",
    "tests.given.service_keys",
    "tests.given.service_process",
    "tests.given.people",
    "tests.given.mint",
    "tests.given.log_lines",
]
