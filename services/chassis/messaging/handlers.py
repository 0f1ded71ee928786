"""From the bytes of a message to the function that applies it."""

import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
from google.protobuf.message import DecodeError

from chassis.database.transaction import Transaction
from chassis.errors import NotYet, Refusal
from chassis.messaging.envelope import EventMessage, Message, handling, payload_name
from chassis.messaging.inbox import AGGREGATE_ID_CHARACTERS, Received, received

# A batch of one organisation, in order, in one transaction. Raising rolls it back, and each is handled alone.
Handler: TypeAlias = Callable[[Transaction, Sequence[Message[Any]]], Awaitable[None]]

# Whose a message is that does not say whose it is.
NOBODY = UUID(int=0)


class Unreadable(Exception):
    """A message that no repeat will make readable: it is PARKED at its first try. Raise it from a handler."""


class Handlers:
    """What a consumer does with each type of message."""

    def __init__(self, handlers: Mapping[type[EventMessage], Handler]) -> None:
        self._types = {each.DESCRIPTOR.full_name: each for each in handlers}
        self._handlers = {each.DESCRIPTOR.full_name: handler for each, handler in handlers.items()}

    @property
    def types(self) -> list[str]:
        """Full names of the messages, which are also the names of their topics."""
        return list(self._types)

    def read(self, message_type: str, value: bytes, key: bytes, place: str) -> Received:
        """A record as the inbox takes it. What cannot be read at all is nobody's, under an id made of its place."""
        try:
            return received(self._types[message_type].FromString(value), value)
        except (DecodeError, ValueError):
            aggregate_id = key.decode(errors="replace").replace("\0", "\ufffd")[:AGGREGATE_ID_CHARACTERS] or place
            return Received(NOBODY, uuid5(NAMESPACE_URL, place), aggregate_id, message_type, "", value)

    async def apply(self, tx: Transaction, batch: Sequence[Received]) -> None:
        """Hand the messages to their handlers, in order. Raises NotYet for what this code does not know."""
        messages = [(each.type, message) for each in batch for message in self._known(each)]
        with handling({str(message.id): message.traceparent for _, message in messages}):
            for message_type, run in groupby(messages, key=lambda pair: pair[0]):
                await self._handlers[message_type](tx, [message for _, message in run])

    def _known(self, each: Received) -> list[Message[EventMessage]]:
        """The message to be handled; none where it says something unknown that may be passed over."""
        if each.type not in self._types:
            raise NotYet(f"nothing here handles {each.type}")
        try:
            event = each.event or self._types[each.type].FromString(each.message)
        except DecodeError as error:
            raise Unreadable(f"it is no {each.type}") from error
        if each.organization == NOBODY:
            raise Unreadable("its header does not say whose it is")
        header = event.header
        if not payload_name(event):
            if header.may_ignore:
                return []
            raise NotYet(f"the payload of this {each.type} is not known here")
        time = header.time.ToDatetime(UTC)
        version = header.aggregate_version
        return [
            Message(
                event, each.id, each.organization, each.aggregate_id, version, time, header.cause, header.traceparent
            )
        ]


def described(error: BaseException) -> str:
    """What went wrong, for operators: where and in which words, but never what a store, a person or a row said."""
    # PostgreSQL keeps no NUL: words that hold one must not fail what writes down the failure.
    if isinstance(error, NotYet | Unreadable):
        return (str(error) or type(error).__name__).replace("\0", "\ufffd")
    if isinstance(error, Refusal):
        return f"{error.reason}: {error.message}".replace("\0", "\ufffd")
    name = type(error).__name__
    if isinstance(error, psycopg.Error) and error.sqlstate:
        facts = (error.sqlstate, error.diag.table_name, error.diag.constraint_name)
        name = f"{name} ({', '.join(fact for fact in facts if fact)})"
    frames = traceback.extract_tb(error.__traceback__)
    # The last line of ours, not the library's that raised.
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    if not ours:
        return name
    return f"{name} in {ours[-1].name}, {'/'.join(Path(ours[-1].filename).parts[-3:])}:{ours[-1].lineno}"
