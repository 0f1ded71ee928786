"""Compiles the contract: `make proto`, and the build hook of rappit-contract.

Everything is written to `gen/`: messages and stubs with their types for `rappit.*` and for protovalidate's annotations,
and `rappit/contract.binpb`, the descriptors of all files with their comments, which `_pb2` modules do not carry. Only
files that changed are touched, and none is when the contract does not compile. Works without a network.
"""

import os
import shutil
import sysconfig
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from protovalidate._gen.buf.validate import validate_pb

PROTO = Path(__file__).resolve().parent
GEN = PROTO / "gen"
VALIDATE = "buf/validate/validate.proto"


class CompileContract(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_contract()


def compile_contract() -> None:
    ours = sorted(path.relative_to(PROTO).as_posix() for path in (PROTO / "rappit").rglob("*.proto"))
    with TemporaryDirectory(dir=PROTO, prefix=".gen-") as folder:
        out = Path(folder) / "gen"
        (out / "rappit").mkdir(parents=True)
        image = out / "rappit" / "contract.binpb"
        includes = _includes(Path(folder))
        _protoc(*includes, f"--descriptor_set_out={image}", "--include_imports", "--include_source_info", *ours)
        _protoc(*includes, f"--python_out={out}", f"--mypy_out=quiet:{out}", *ours, VALIDATE)
        with_services = _files_with_services(image)
        if with_services:
            # mypy-protobuf ignores a parameter that it does not know: `only_async`, not `async_only`.
            _protoc(*includes, f"--grpc_python_out={out}", f"--mypy_grpc_out=quiet,only_async:{out}", *with_services)
        (out / "rappit" / "py.typed").touch()
        _update(GEN, out)


def _includes(folder: Path) -> list[str]:
    """Where protoc looks for imports. protovalidate carries its own as a descriptor, not as a file."""
    validate = folder / "validate.binpb"
    descriptor = FileDescriptorProto.FromString(validate_pb._DESC.proto.to_binary())
    validate.write_bytes(FileDescriptorSet(file=[descriptor]).SerializeToString())
    google = metadata.distribution("googleapis-common-protos").locate_file("")
    well_known = metadata.distribution("grpcio-tools").locate_file("grpc_tools/_proto")
    return [f"-I{PROTO}", f"-I{google}", f"-I{well_known}", f"--descriptor_set_in={validate}"]


def _protoc(*arguments: str) -> None:
    # protoc finds mypy-protobuf beside this Python even where its folder is not on the PATH.
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    plugins = [
        f"--plugin={name}={shutil.which(name, path=path)}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")
    ]
    if protoc.main(["protoc", *plugins, *arguments]) != 0:
        raise SystemExit("the contract does not compile")


def _files_with_services(image: Path) -> list[str]:
    files = FileDescriptorSet.FromString(image.read_bytes()).file
    return [file.name for file in files if file.service and file.name.startswith("rappit/")]


def _update(old: Path, new: Path) -> None:
    """Makes `old` equal to `new` file by file, so that who reads one meanwhile finds it whole."""
    wanted = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    for name in wanted:
        if not (old / name).exists() or (old / name).read_bytes() != (new / name).read_bytes():
            (old / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).replace(old / name)
    for path in list(old.rglob("*")):
        if path.is_file() and path.relative_to(old) not in wanted and "__pycache__" not in path.parts:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    compile_contract()
