"""Subjects of live updates, and with which permission a person is told of each, as the contract declares it."""

from collections.abc import Mapping
from functools import cache

from chassis.permissions import AccessUndeclared, permissions_of_roles
from rappit.gateway.v1.live_pb2 import LiveSubject
from rappit.options.v1 import access_pb2


@cache
def told_with() -> Mapping[LiveSubject.ValueType, str]:
    """Subject -> the permission. Raises AccessUndeclared for one without a permission that somebody can have."""
    subjects = [value for value in LiveSubject.DESCRIPTOR.values if value.number]
    declared = {subject: subject.GetOptions().Extensions[access_pb2.told_with] for subject in subjects}
    known = frozenset[str]().union(*permissions_of_roles().values())
    for subject, permission in declared.items():
        if permission not in known:
            raise AccessUndeclared(f"{subject.name} does not declare with which permission people are told of it")
    return {LiveSubject.Value(subject.name): permission for subject, permission in declared.items()}
