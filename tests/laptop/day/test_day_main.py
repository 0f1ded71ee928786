"""How a day ends: what is said, what is left, and who is heard meanwhile."""

import asyncio
import sys
import tempfile
from pathlib import Path

import pytest

from laptop.day import __main__ as day
from laptop.program import CannotStart
from laptop.proof.acknowledged import MOST_UNDER_WAY, Acknowledged
from laptop.proof.figures import Proof
from laptop.proof.read_proof import Doors, ProofReader, Unreadable

WELL = Proof(0, 471, 80, 0, 3912, 0, 1204, 0)


@pytest.mark.parametrize(
    "end",
    [
        (True, "", set()),
        (False, "", {"logs"}),
        (CannotStart("Kafka", "it ended", Path("kafka.log")), "Kafka did not start: it ended", {"logs"}),
        (ExceptionGroup("", [Unreadable("the server went away")]), "the server went away\n", {"logs"}),
        (KeyboardInterrupt(), "", set()),
    ],
)
def test_its_secrets_never_stay_and_its_logs_do_when_it_did_not_go_well(
    end: tuple[bool | BaseException, str, set[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    result, said, left = end

    async def run(folder: Path, speed: float, seconds: float) -> bool:
        for name in ("logs", "postgres"):
            (folder / name).mkdir()
        (folder / "secrets.json").touch()
        if isinstance(result, BaseException):
            raise result
        return result

    monkeypatch.setattr(day, "run", run)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["day"])
    assert day.main() == (0 if result is True else 1)
    assert {entry.name for folder in tmp_path.iterdir() for entry in folder.iterdir()} == left
    told = capsys.readouterr()
    assert told.err.startswith(said)
    assert "Traceback" not in told.err
    assert ("the logs: " in told.out) == bool(left)


async def test_the_failure_of_who_listens_ends_it() -> None:
    async def follow() -> None:
        raise KeyError("shop")

    with pytest.raises(KeyError, match="shop"):
        await day.pass_time(asyncio.create_task(follow()), 60)


async def test_each_delivery_that_is_under_way_is_looked_for_however_many_they_are() -> None:
    looks = []

    class Reader(ProofReader):
        async def read(self) -> Proof:
            looks.append(1)
            return WELL

    acknowledged = Acknowledged()
    said = {"event": "delivery sent", "shop": "riyadh", "topic": "orders/create", "sha256": "5e", "status": 200}
    for number in range(2 * MOST_UNDER_WAY + 1):
        acknowledged.hear(said | {"order": f"#{number}", "time": "2026-11-02T11:00:00+00:00"})
    await day.look(Reader(Doors("", "", {}), acknowledged), acknowledged)
    assert len(looks) == 3
