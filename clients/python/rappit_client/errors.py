"""What a call may raise: the tree of `RappitError`, with one class per reason of the contract below `Refused`."""

from rappit_client.gen.errors import *  # noqa: F403 (a class per reason of the contract)
from rappit_client.rappit_error import *  # noqa: F403
