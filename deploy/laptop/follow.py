"""The processes' logs as events: one JSON object per line becomes one event."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

Event = Mapping[str, Any]

# A reader that falls further behind loses the oldest: the logs have them.
_BUFFERED = 10_000


class LogFile:
    """A log that grows, read line by line from where it ended when we came."""

    def __init__(self, process: str, path: Path) -> None:
        self._process = process
        self._path = path
        self._offset = path.stat().st_size if path.exists() else 0
        self._rest = b""

    def read(self) -> list[Event]:
        """What was added since the last call; a line that is half written waits for its end."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            added = file.read()
        self._offset += len(added)
        *lines, self._rest = (self._rest + added).split(b"\n")
        return [self._event(line) for line in lines if line.strip()]

    def _event(self, line: bytes) -> Event:
        text = line.decode(errors="replace")
        try:
            event = json.loads(text)
        except ValueError:
            event = None
        # What is no JSON was printed by a library, or is part of a traceback.
        return {"service": self._process, **(event if isinstance(event, dict) else {"event": "printed", "line": text})}


class Events:
    """What one reader has not read yet. An async iterator that ends with the system."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()

    def add(self, event: Event | None) -> None:
        """One more; None is the end."""
        if self._queue.qsize() >= _BUFFERED:
            self._queue.get_nowait()
        self._queue.put_nowait(event)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        event = await self._queue.get()
        if event is None:
            self._queue.put_nowait(None)
            raise StopAsyncIteration
        return event
