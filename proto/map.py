"""Prints where each RPC is carried out, where it is tested, and which events follow it: `make map`.

The contract says where: RPC ReserveStock of inventory's reservations.proto is `reserve_stock` in
services/inventory/reservations/reserve_stock.py, tested by tests/inventory/reservations/test_reserve_stock.py.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet, MethodOptions

from rappit.options.v1 import access_pb2

ROOT = Path(__file__).resolve().parents[1]
IMAGE = ROOT / "proto/gen/rappit/contract.binpb"
HEADER = ".rappit.types.v1.EventHeader"


@dataclass(frozen=True)
class Rpc:
    """An RPC, the context and proto file that it stands in, and its options."""

    context: str
    proto: str
    name: str
    options: MethodOptions

    @property
    def verb(self) -> str:
        """Name of the function that carries it out."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()

    @property
    def file(self) -> Path:
        """Where that function is."""
        return ROOT / "services" / self.context / self.proto / f"{self.verb}.py"

    @property
    def test(self) -> Path:
        """Where it is proven."""
        return ROOT / "tests" / self.context / self.proto / f"test_{self.verb}.py"

    @property
    def access(self) -> access_pb2.Access | None:
        """Who may call it; None if it does not say."""
        declared = self.options.HasExtension(access_pb2.access)
        return self.options.Extensions[access_pb2.access] if declared else None


def contract() -> list[FileDescriptorProto]:
    """The descriptors of RAPPIT's own files."""
    files = FileDescriptorSet.FromString(IMAGE.read_bytes()).file
    return [file for file in files if file.package.startswith("rappit.")]


def rpcs() -> list[Rpc]:
    """All RPCs, in the order of the contract."""
    return [
        Rpc(_context(file), Path(file.name).stem, method.name, method.options)
        for file in contract()
        for service in file.service
        for method in service.method
    ]


def events() -> dict[str, list[str]]:
    """Topic -> what its messages may tell. An event is a message that begins with an event header."""
    return {
        f"{file.package}.{message.name}": [field.name for field in message.field if field.HasField("oneof_index")]
        for file in contract()
        for message in file.message_type
        if message.field and message.field[0].type_name == HEADER
    }


def _context(file: FileDescriptorProto) -> str:
    return file.package.split(".")[1]


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) + ("" if path.exists() else " (missing)")


def _names(path: Path) -> set[str]:
    return set(re.findall(r"\w+", path.read_text())) if path.exists() else set()


def _follows(rpc: Rpc) -> str:
    """Events that the RPC's folder writes; an RPC that only reads writes none."""
    if rpc.access and rpc.access.reads:
        return "reads"
    written = _names(rpc.file.with_name("events.py"))
    return ", ".join(name for topic in events() if (name := topic.rpartition(".")[2]) in written)


def _rpc_rows() -> Iterator[tuple[str, ...]]:
    yield "RPC", "file", "test", "events"
    for rpc in rpcs():
        yield f"{rpc.context}.{rpc.name}", _shown(rpc.file), _shown(rpc.test), _follows(rpc)


def _event_rows() -> Iterator[tuple[str, ...]]:
    yield "topic", "tells", "read in"
    for topic, tells in events().items():
        _, context, _, name = topic.split(".")
        readers = [path for path in sorted(ROOT.glob(f"services/*/*/on_{context}.py")) if name in _names(path)]
        yield topic, ", ".join(tells), ", ".join(_shown(path) for path in readers)


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    try:
        _print_table(list(_rpc_rows()))
        print()
        _print_table(list(_event_rows()))
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads only the beginning (`make map | head`) has it. Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
