"""When the figures are worth a line where there is no screen. Pure."""

from datetime import datetime, timedelta

from laptop.proof.figures import NotReadable, Proof

EVERY = timedelta(minutes=1)


class ProofLines:
    """Remembers what was said last."""

    def __init__(self) -> None:
        self._said: datetime | None = None
        self._faults: frozenset[str] | None = None

    def line(self, seen: Proof | NotReadable, time: datetime) -> str | None:
        """A line at once when other figures than before are not 0, or none can be read; else once a minute."""
        faults = seen.faults if isinstance(seen, Proof) else None
        if self._said is not None and faults == self._faults and time - self._said < EVERY:
            return None
        self._said, self._faults = time, faults
        return f"proof FAILS: {seen}" if faults else f"proof: {seen}"
