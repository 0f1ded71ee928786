"""What a call needs to know of an RPC."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

A = TypeVar("A", bound=Message)


@dataclass(frozen=True)
class Rpc(Generic[A]):
    """An RPC with its HTTP route, as the contract declares both."""

    name: str
    """Full name: "rappit.orders.v1.OrderService/CancelOrder"."""
    method: str
    path: str
    """Template of the path: "/v1/orders/{order_id}:cancel"."""
    answer: type[A]
    has_body: bool = False
    """Whether the request's other fields are the body; else they are query parameters."""
    signed_in: bool = False
    """Whether it is called with the session's access token."""
    reads: bool = False
    takes_key: bool = False
    """Whether it takes an idempotency key."""

    @property
    def may_repeat(self) -> bool:
        """Whether a second try does no harm when nobody knows what became of the first."""
        return self.reads or self.takes_key
