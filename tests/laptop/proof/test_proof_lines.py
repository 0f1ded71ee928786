"""The figures where there is no screen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from laptop.proof.figures import NotReadable, Proof
from laptop.proof.proof_lines import ProofLines

WELL = Proof(0, 471, 80, 0, 3912, 0, 1204, 0)
WORDS = (
    "reserved twice 0 of 471 · levels unequal to ledger 0 of 80 · acknowledged but missing 0 of 3,912"
    " · others' rows seen 0 of 1,204"
)
START = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)


def test_they_are_said_at_first_and_then_once_a_minute() -> None:
    lines = ProofLines()
    said = [lines.line(WELL, START + timedelta(seconds=second)) for second in range(125)]
    assert [second for second, line in enumerate(said) if line] == [0, 60, 120]
    assert said[0] == f"proof: {WORDS}"


def test_one_that_is_no_longer_0_is_said_at_once_and_so_is_its_end() -> None:
    lines = ProofLines()
    lines.line(WELL, START)
    broken = replace(WELL, missing=2)
    assert lines.line(broken, START) == f"proof FAILS: {WORDS.replace('missing 0', 'missing 2')}"
    assert lines.line(replace(WELL, missing=3), START) is None
    assert lines.line(replace(broken, levels_unequal=1), START)
    assert lines.line(WELL, START) == f"proof: {WORDS}"


def test_that_there_are_none_is_said_once_and_so_is_that_there_are_some_again() -> None:
    lines = ProofLines()
    lines.line(WELL, START)
    assert lines.line(NotReadable("connection refused"), START) == "proof: not readable now: connection refused"
    assert lines.line(NotReadable("server closed the connection"), START) is None
    assert lines.line(WELL, START)
