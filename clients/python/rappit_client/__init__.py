"""RAPPIT from Python: `async with RappitClient("https://rappit.example") as rappit: ...`

Errors are in `rappit_client.errors`; the messages of each context in `rappit_client.orders`, `.inventory`, `.identity`.
"""

from rappit_client.client import RappitClient
from rappit_client.rappit_error import RappitError, Refused, Unreachable
from rappit_client.retries import Retries
from rappit_client.session import Session

__all__ = ["RappitClient", "RappitError", "Refused", "Retries", "Session", "Unreachable"]
