"""The built-in roles, each with what the one before it may do and more."""

from enum import IntEnum


class Role(IntEnum):
    """A built-in role; the numbers are the contract's."""

    VIEWER = 1
    OPERATOR = 2
    MANAGER = 3
    ADMIN = 4
