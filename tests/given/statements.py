"""Counting what a unit of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from chassis.database.transaction import Transaction


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements of this block's transactions, in order, without those that begin and end them."""
    seen: list[str] = []
    execute = Transaction.execute

    async def counted(self: Transaction, query: Any, *values: Any, **options: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        if not text.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(" ".join(text.split()))
        return await execute(self, query, *values, **options)

    with patch.object(Transaction, "execute", counted):
        yield seen
