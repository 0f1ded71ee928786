"""The one kind of transaction: a psycopg connection that the pool began for exactly one organisation."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import psycopg


class Transaction(psycopg.AsyncConnection[Any]):
    """A connection inside a transaction; rows are named tuples.

    The pool begins, commits and rolls back. Policies let it see the rows of `organization` alone, and none of
    any tenant table where it has none.
    """

    _organization: UUID | None
    # What the transaction gave the outbox, (type, aggregate id) of each; and whether it gave the lane worker work.
    events_written: list[tuple[str, str]]
    wrote_lanes: bool
    # What is done when it is committed, and never when it is rolled back: counting, say. It must not raise.
    after_commit: list[Callable[[], None]]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.belong_to(None)

    @property
    def organization(self) -> UUID:
        """The organisation that the transaction belongs to."""
        if self._organization is None:
            raise LookupError("this transaction belongs to no organisation")
        return self._organization

    def belong_to(self, organization: UUID | None) -> None:
        """For the pool, which tells the database the same in the statement that begins the transaction."""
        self._organization = organization
        self.events_written = []
        self.wrote_lanes = False
        self.after_commit = []

    @asynccontextmanager
    async def transaction(
        self, savepoint_name: str | None = None, force_rollback: bool = False
    ) -> AsyncIterator[psycopg.AsyncTransaction]:
        """A savepoint: what was to follow the commit of what is rolled back to here does not follow."""
        before = len(self.after_commit)
        try:
            async with super().transaction(savepoint_name, force_rollback) as savepoint:
                yield savepoint
        except BaseException:
            del self.after_commit[before:]
            raise
