"""What goes wrong between a store and its receivers, and how often. Pure."""

from enum import StrEnum
from random import Random

from pydantic import BaseModel, ConfigDict, Field


class Fault(StrEnum):
    """What is unusual about a delivery, in the words of the log."""

    REPEAT = "repeat"  # sent before, with the same ids
    OLDER_COPY = "older copy"  # of an order that has changed since
    FORGED = "forged"  # by somebody who does not know the secret
    DELAYED = "delayed"  # overtaken by what was sent after it


class FaultShares(BaseModel):
    """How often each fault is made: the share of new orders beside which it happens, 0 to 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    repeat: float = Field(default=0.10, ge=0, le=1)
    older: float = Field(default=0.08, ge=0, le=1)
    forge: float = Field(default=0.03, ge=0, le=1)
    delay: float = Field(default=0.05, ge=0, le=1)


def draw(shares: FaultShares, random: Random) -> frozenset[Fault]:
    """The faults to make this time."""
    by_fault = {
        Fault.REPEAT: shares.repeat,
        Fault.OLDER_COPY: shares.older,
        Fault.FORGED: shares.forge,
        Fault.DELAYED: shares.delay,
    }
    return frozenset(fault for fault, share in by_fault.items() if random.random() < share)
