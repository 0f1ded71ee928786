"""Saying that a call is refused, and why."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chassis.errors import RemoteRefusal


class Refused:
    """The refusal, once the block has ended."""

    error: RemoteRefusal


@contextmanager
def refused(reason: str) -> Iterator[Refused]:
    """The call inside is refused for this reason."""
    found = Refused()
    with pytest.raises(RemoteRefusal) as caught:
        yield found
    found.error = caught.value
    assert caught.value.reason == reason, repr(caught.value)
