"""Look each second, and show what was seen, for as long as the system runs."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from laptop.proof.figures import NotReadable, Proof
from laptop.proof.read_proof import ProofReader, Unreadable

EVERY_SECONDS = 1.0
# Of a machine that is busy, looking takes no more than a tenth.
_REST = 9.0
# A look takes far less. It is not broken off: a server that was paused answers when it goes on.
PATIENCE_SECONDS = 5.0

Show = Callable[[Proof | NotReadable, datetime], None]


async def watch_proof(reader: ProofReader, show: Show, *, every: float = EVERY_SECONDS) -> None:
    """Until cancelled. A failure of our own is shown, and raised."""
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        look = asyncio.create_task(_look(reader))
        done, _ = await asyncio.wait([look], timeout=PATIENCE_SECONDS)
        if not done:
            show(NotReadable(f"no answer within {PATIENCE_SECONDS:.0f} s"), datetime.now(UTC))
        try:
            seen = await look
        except Exception as error:
            # What was seen before must not stay as if it were still looked at.
            show(NotReadable(f"nobody looks any more: {error!r}"), datetime.now(UTC))
            raise
        show(seen, datetime.now(UTC))
        await asyncio.sleep(max(every, _REST * (clock() - began)))


async def _look(reader: ProofReader) -> Proof | NotReadable:
    try:
        return await reader.read()
    except Unreadable as refused:
        return NotReadable(str(refused))
