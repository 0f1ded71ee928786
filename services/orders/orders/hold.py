"""Holds and notes: what people here say of an order, each a row of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class HoldReason(StrEnum):
    """Why nothing of an order is to leave for now."""

    ADDRESS = "ADDRESS"
    FRAUD = "FRAUD"
    PAYMENT = "PAYMENT"
    CUSTOMER_REQUEST = "CUSTOMER_REQUEST"
    STOCK = "STOCK"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason for which nothing of an order is to leave for now. `owner`: who is to resolve it, in words; "store" for
    one that its store placed, and lifts.
    """

    id: UUID
    reason: HoldReason
    owner: str
    note: str
    actor: str
    create_time: datetime


@dataclass(frozen=True, slots=True)
class OrderNote:
    """What somebody here wrote about an order."""

    id: UUID
    text: str
    actor: str
    create_time: datetime
