import asyncio
from datetime import datetime

import pytest

from laptop.proof import watch_proof as module
from laptop.proof.acknowledged import Acknowledged
from laptop.proof.figures import NotReadable, Proof
from laptop.proof.read_proof import Doors, ProofReader, Unreadable
from laptop.proof.watch_proof import watch_proof

WELL = Proof(0, 471, 80, 0, 3912, 0, 1204, 0)


class Flaky(ProofReader):
    """Databases that are killed, paused and come back."""

    def __init__(self) -> None:
        super().__init__(Doors("", "", {}), Acknowledged())
        self.may_answer = asyncio.Event()
        self.looks = 0

    async def read(self) -> Proof:
        self.looks += 1
        if self.looks == 2:
            raise Unreadable("server closed the connection unexpectedly")
        if self.looks == 3:
            await self.may_answer.wait()
        return WELL


class Wrong(ProofReader):
    """Looks, and does not look a second time."""

    def __init__(self) -> None:
        super().__init__(Doors("", "", {}), Acknowledged())
        self.looks = 0

    async def read(self) -> Proof:
        self.looks += 1
        if self.looks == 2:
            raise KeyError("sha256")
        return WELL


async def test_after_a_failure_of_our_own_no_figure_stays() -> None:
    shown: list[Proof | NotReadable] = []
    with pytest.raises(KeyError):
        await watch_proof(Wrong(), lambda seen, _: shown.append(seen), every=0)
    assert shown == [WELL, NotReadable("nobody looks any more: KeyError('sha256')")]


async def test_a_database_that_is_away_or_paused_is_said_and_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    reader = Flaky()
    shown: asyncio.Queue[Proof | NotReadable] = asyncio.Queue()

    def show(seen: Proof | NotReadable, _: datetime) -> None:
        shown.put_nowait(seen)

    watching = asyncio.create_task(watch_proof(reader, show, every=0))
    async with asyncio.timeout(10):
        assert await shown.get() == WELL
        assert await shown.get() == NotReadable("server closed the connection unexpectedly")
        assert "no answer within" in str(await shown.get())
        reader.may_answer.set()
        assert await shown.get() == WELL
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
