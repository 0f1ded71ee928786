"""What an error of the database means: whose fault it is, and whether to repeat."""

import psycopg

# Two transactions met; one of them was rolled back so that the other could go on.
_CONFLICT = {"40001", "40P01"}

# Somebody's time ran out: a lock, a statement, a transaction, an idle session.
_TIMEOUT = {"55P03", "57014", "25P03", "25P04"}

# Connection failures, lack of resources, operator intervention.
_CLASSES = ("08", "53", "57P")


def is_conflict(error: BaseException) -> bool:
    """Whether the transaction lost against another one and is to be repeated at once."""
    return isinstance(error, psycopg.Error) and error.sqlstate in _CONFLICT


def is_timeout(error: BaseException) -> bool:
    """Whether a limit of time ended it: nobody's fault once, the work's own fault when it happens again alone."""
    return isinstance(error, psycopg.Error) and error.sqlstate in _TIMEOUT


def is_lost(error: BaseException) -> bool:
    """Whether the database went away, cannot be reached, or has nothing left to give."""
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(_CLASSES)


def is_passing(error: BaseException) -> bool:
    """Whether it is nobody's fault, so that the same work may succeed when it is repeated."""
    return is_conflict(error) or is_timeout(error) or is_lost(error)
