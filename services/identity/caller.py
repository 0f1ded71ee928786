"""The person who calls."""

from typing import NamedTuple
from uuid import UUID

from chassis.errors import NotPermitted
from chassis.rpc.context import Call


class CallingPerson(NamedTuple):
    """Who calls, and in which session."""

    user_id: UUID
    session_id: UUID


def calling_person(call: Call) -> CallingPerson:
    """The person whose call it is. Refused with NotPermitted when it is a service's."""
    user_id, session_id = call.caller.user_id, call.caller.session_id
    if user_id is None or session_id is None:
        raise NotPermitted("the token names no session")
    return CallingPerson(user_id, session_id)
