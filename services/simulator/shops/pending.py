"""Deliveries that no receiver has taken yet: one file each, so that a restart goes on with them."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from simulator.faults import Fault
from simulator.shops.delivery import Delivery
from simulator.shops.files import make_folder, write


class Pending:
    """The unsent deliveries of one shop."""

    def __init__(self, folder: Path) -> None:
        self._folder = make_folder(folder)

    def __len__(self) -> int:
        return len(list(self._folder.glob("*.json")))

    def __iter__(self) -> Iterator[Delivery]:
        for file in sorted(self._folder.glob("*.json")):
            kept = json.loads(file.read_text())
            fault = Fault(kept["fault"]) if kept["fault"] else None
            yield Delivery(**kept | {"body": kept["body"].encode(), "fault": fault})

    def add(self, delivery: Delivery) -> None:
        """Keep it until it is removed."""
        kept = asdict(delivery) | {"body": delivery.body.decode()}
        write(self._file(delivery), json.dumps(kept, ensure_ascii=False))

    def remove(self, delivery: Delivery) -> None:
        """It was taken, or given up."""
        self._file(delivery).unlink(missing_ok=True)

    def _file(self, delivery: Delivery) -> Path:
        return self._folder / f"{delivery.webhook_id}.json"
