"""Writes what of the client follows from the contract: `make proto`, and the build hook of rappit-client.

`rappit_client/gen/` gets one module per context with a method per RPC that has an HTTP route and is not the gateway's
own, an iterator per list that has pages, and the messages that they need; `errors.py` with a class per reason; and
`contexts.py`. Comments of the contract become docstrings. Works without a network.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from google.api import annotations_pb2
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pb2 import MethodDescriptorProto as MethodProto
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

from rappit.options.v1 import access_pb2

GEN = Path(__file__).resolve().parent / "rappit_client" / "gen"
HEAD = '"""{about} Made from the contract: do not edit."""\n'
# Numbers of descriptor.proto: where comments stand.
_MESSAGES, _ENUMS, _SERVICES, _METHODS_OF_SERVICE, _VALUES_OF_ENUM = 4, 5, 6, 2, 2
# What every method takes besides its request.
_OPTIONS = {"timeout", "idempotency_key"}


class WriteClient(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        write_client()


def write_client() -> None:
    """Write the folder anew, file by file, so that who reads one meanwhile finds it whole."""
    made = dict(modules(Contract()))
    GEN.mkdir(exist_ok=True)
    for name, text in made.items():
        whole = GEN / f"{name}.new"
        whole.write_text(text)
        whole.replace(GEN / name)
    for path in GEN.glob("*.py"):
        if path.name not in made:
            path.unlink()


def modules(contract: "Contract") -> Iterator[tuple[str, str]]:
    """Name and text of each file."""
    contexts = contract.contexts()
    yield "__init__.py", HEAD.format(about="What of the client follows from the contract.")
    yield "errors.py", errors_module(contract.reasons())
    yield "contexts.py", contexts_module(list(contexts))
    for context, rpcs in contexts.items():
        yield f"{context}.py", context_module(context, rpcs, contract)


@dataclass(frozen=True)
class Rpc:
    """An RPC of the HTTP API."""

    file: FileDescriptorProto
    service: str
    method: MethodProto
    comment: str
    reasons: Mapping[str, str]
    """Reason -> its class."""

    @property
    def name(self) -> str:
        """Of the method: `cancel_order`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.method.name).lower()

    @property
    def answer(self) -> str:
        return self.method.output_type.rpartition(".")[2]

    @property
    def access(self) -> access_pb2.Access:
        return self.method.options.Extensions[access_pb2.access]

    @property
    def route(self) -> tuple[str, str, bool]:
        """HTTP method, path, and whether there is a body."""
        rule = self.method.options.Extensions[annotations_pb2.http]
        kind = rule.WhichOneof("pattern")
        if kind not in {"get", "put", "post", "delete", "patch"} or rule.body not in {"", "*"}:
            raise SystemExit(f"{self.method.name}: the client cannot call this route: {rule}")
        return kind.upper(), getattr(rule, kind), rule.body == "*"

    @property
    def words(self) -> str:
        """The comment of the contract, with the classes of its reasons."""
        verb, path, _ = self.route
        role = access_pb2.Role.Name(self.access.least_role).removeprefix("ROLE_")
        needs = f" Needs the permission {self.access.permission}, which {role} has." if self.access.permission else ""
        said = re.sub(r"\b[A-Z][A-Z_]+\b", lambda m: self.reasons.get(m[0], m[0]), self.comment)
        return f"{said}\n\n{verb} {path}.{needs}"


class Contract:
    """The descriptors of the contract that is installed, with their comments."""

    def __init__(self) -> None:
        image = FileDescriptorSet.FromString(files("rappit").joinpath("contract.binpb").read_bytes())
        self.files = [file for file in image.file if file.package.startswith("rappit.")]
        self.messages = {
            f".{file.package}.{message.name}": (file, message) for file in self.files for message in file.message_type
        }
        self.enums = {f".{file.package}.{enum.name}": file for file in self.files for enum in file.enum_type}

    def contexts(self) -> dict[str, list[Rpc]]:
        """Context -> its RPCs. Two of one context never have one name."""
        found: dict[str, list[Rpc]] = {}
        classes = {reason: camel_case(reason) for reason, _, _ in self.reasons()}
        for file in self.files:
            comments = comments_of(file)
            for i, service in enumerate(file.service):
                for j, method in enumerate(service.method):
                    if method.options.HasExtension(annotations_pb2.http):
                        comment = comments.get((_SERVICES, i, _METHODS_OF_SERVICE, j), "")
                        rpc = Rpc(file, f"{file.package}.{service.name}", method, comment, classes)
                        found.setdefault(context_of(file), []).append(rpc)
        for context, rpcs in found.items():
            if len({rpc.name for rpc in rpcs}) < len(rpcs):
                raise SystemExit(f"{context} has two RPCs of one name")
        return found

    def reasons(self) -> list[tuple[str, str, str]]:
        """(reason, domain, comment) of each refusal."""
        found = []
        for file in self.files:
            if file.name.endswith("/error_reason.proto"):
                context, comments = context_of(file), comments_of(file)
                domain = "rappit" if context == "types" else f"{context}.rappit"
                (enum,) = file.enum_type
                prefix = enum.value[0].name.removesuffix("UNSPECIFIED")
                found += [
                    (value.name.removeprefix(prefix), domain, comments.get((_ENUMS, 0, _VALUES_OF_ENUM, i), ""))
                    for i, value in enumerate(enum.value)
                    if i
                ]
        return found

    def types_of(self, rpcs: Iterable[Rpc]) -> dict[str, list[str]]:
        """Module -> names of the messages and enums that these RPCs speak of, however deep."""
        waiting = [name for rpc in rpcs for name in (rpc.method.input_type, rpc.method.output_type)]
        seen: set[str] = set()
        found: dict[str, list[str]] = {}
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.messages:
                file, message = self.messages[name]
                waiting += [part.type_name for part in fields_of(message) if part.type_name]
            elif name in self.enums:
                file = self.enums[name]
            else:
                continue
            module = file.name.removesuffix(".proto").replace("/", ".") + "_pb2"
            found.setdefault(module, []).append(name.rpartition(".")[2])
        return {module: sorted(names) for module, names in sorted(found.items())}

    def page_of(self, rpc: Rpc) -> FieldDescriptorProto | None:
        """The field of the answer with the elements of a page, where the list has pages."""
        request, answer = (self.messages[name][1] for name in (rpc.method.input_type, rpc.method.output_type))
        if "page_token" not in {part.name for part in request.field}:
            return None
        repeated = [part for part in answer.field if part.label == FieldDescriptorProto.LABEL_REPEATED]
        if len(repeated) != 1 or "next_page_token" not in {part.name for part in answer.field}:
            raise SystemExit(f"{rpc.method.name}: the client cannot go through its pages")
        return repeated[0]


def context_module(context: str, rpcs: list[Rpc], contract: Contract) -> str:
    """The module of a context: its class, and what its methods take and answer."""
    types = contract.types_of(rpcs)
    imports = [f"from {module} import {name} as {name}" for module, names in types.items() for name in names]
    public = sorted([context.capitalize(), *(name for names in types.values() for name in names)])
    lines = [
        HEAD.format(about=f"RPCs of {context}, and their messages."),
        "from collections.abc import AsyncIterator\n",
        *imports,
        "from rappit_client.calls import Calls\nfrom rappit_client.paging import all_pages",
        "from rappit_client.rpc import Rpc\n",
        f"__all__ = {public!r}\n".replace("'", '"'),
        *(constant(rpc) for rpc in rpcs),
        f"\n\nclass {context.capitalize()}:",
        doc(f"RPCs of {context}. Each may raise any RappitError; those of its own are named with it.", 4),
        "\n    def __init__(self, calls: Calls) -> None:\n        self._calls = calls\n",
    ]
    for rpc in rpcs:
        lines += [*method(rpc, contract), ""]
    return "\n".join(lines).rstrip() + "\n"


def constant(rpc: Rpc) -> str:
    """What a call of the RPC needs to know."""
    verb, path, has_body = rpc.route
    flags = {"has_body": has_body, "signed_in": "USER" in rpc.access.callers}
    flags |= {"reads": rpc.access.reads, "takes_key": rpc.access.idempotency_key}
    said = ", ".join(f"{name}=True" for name, holds in flags.items() if holds)
    name = f"{rpc.service}/{rpc.method.name}"
    return f'{rpc.name.upper()} = Rpc("{name}", "{verb}", "{path}", {rpc.answer}, {said})'


def method(rpc: Rpc, contract: Contract) -> Iterator[str]:
    """The method of an RPC, and the iterator over its pages."""
    request = contract.messages[rpc.method.input_type][1]
    taken = _OPTIONS & {part.name for part in request.field}
    if taken:
        raise SystemExit(f"{rpc.method.name}: a field of the request has the name of an option: {taken}")
    optional = may_be_left_out(rpc, request)
    argument = f"request: {request.name} | None = None" if optional else f"request: {request.name}"
    given = f"request or {request.name}()" if optional else "request"
    options, passed = "timeout: float | None = None", "timeout=timeout"
    page = contract.page_of(rpc)
    if page is not None:
        name = rpc.name.removeprefix("list_") if rpc.name.startswith("list_") else f"{rpc.name}_{page.name}"
        element = page.type_name.rpartition(".")[2] or "str"
        yield f"    def all_{name}(self, {argument}, *, {options}) -> AsyncIterator[{element}]:"
        yield doc(f"Goes through all pages of {rpc.name}; `timeout` is that of a page.\n\n{rpc.words}", 8)
        elements = f"lambda answer: answer.{page.name}"
        yield f"        return all_pages(self._calls, {rpc.name.upper()}, {given}, {elements}, {passed})\n"
    if rpc.access.idempotency_key:
        options, passed = f'{options}, idempotency_key: str = ""', f"{passed}, idempotency_key=idempotency_key"
    yield f"    async def {rpc.name}(self, {argument}, *, {options}) -> {rpc.answer}:"
    yield doc(rpc.words, 8)
    yield f"        return await self._calls.call({rpc.name.upper()}, {given}, {passed})"


def may_be_left_out(rpc: Rpc, request: DescriptorProto) -> bool:
    """Whether an empty request is an ordinary one: of a whole list, or of what takes nothing."""
    return not request.field or (rpc.method.name.startswith("List") and "{" not in rpc.route[1])


def errors_module(reasons: list[tuple[str, str, str]]) -> str:
    """A class per reason; services that share a reason share its class."""
    comments: dict[str, str] = {}
    for reason, _, comment in reasons:
        comments.setdefault(reason, comment)
    names = sorted(camel_case(reason) for reason in comments)
    lines = [
        HEAD.format(about="Refusals by their reasons."),
        "from collections.abc import Mapping\n",
        "from rappit_client.rappit_error import Refused\n",
        f"__all__ = {names!r}",
    ]
    for reason, comment in comments.items():
        lines += [f"\n\nclass {camel_case(reason)}(Refused):", doc(comment, 4)]
    table = "".join(f'    ("{domain}", "{reason}"): {camel_case(reason)},\n' for reason, domain, _ in reasons)
    return "\n".join([*lines, f"\n\nBY_REASON: Mapping[tuple[str, str], type[Refused]] = {{\n{table}}}\n"])


def contexts_module(contexts: list[str]) -> str:
    """What a client has: one attribute per context."""
    lines = [HEAD.format(about="All contexts."), "from rappit_client.calls import Calls"]
    lines += [f"from rappit_client.gen.{name} import {name.capitalize()}" for name in contexts]
    lines += ["\n\nclass Contexts:", doc("The RPCs, by context.", 4), "\n    def __init__(self, calls: Calls) -> None:"]
    lines += [f"        self.{name} = {name.capitalize()}(calls)" for name in contexts]
    return "\n".join(lines) + "\n"


def doc(text: str, indent: int) -> str:
    """A docstring."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.replace("\\", "\\\\").split("\n\n")]
    if not all(paragraphs):
        raise SystemExit("something in the contract has no comment")
    margin = " " * indent
    wrapped = ["\n".join(textwrap.wrap(p, 115 - indent, break_long_words=False)) for p in paragraphs]
    body = textwrap.indent("\n\n".join(wrapped).replace('"""', "'''"), margin).lstrip()
    end = f"\n{margin}" if len(wrapped) > 1 or "\n" in body or body.endswith('"') else ""
    return f'{margin}"""{body}{end}"""'


def comments_of(file: FileDescriptorProto) -> dict[tuple[int, ...], str]:
    """Place in the file -> the comment above it."""
    return {tuple(place.path): place.leading_comments.strip() for place in file.source_code_info.location}


def fields_of(message: DescriptorProto) -> Iterator[FieldDescriptorProto]:
    """Fields of a message, and of those within it."""
    yield from message.field
    for inner in message.nested_type:
        yield from fields_of(inner)


def context_of(file: FileDescriptorProto) -> str:
    return file.package.split(".")[1]


def camel_case(reason: str) -> str:
    return "".join(word.capitalize() for word in reason.split("_"))


if __name__ == "__main__":
    write_client()
