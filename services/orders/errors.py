"""What orders refuses: one class per reason of rappit/orders/v1/error_reason.proto."""

from uuid import UUID

from grpc import StatusCode

from chassis.errors import Refusal


class OrdersRefusal(Refusal):
    """A refusal of this service."""

    domain = "orders.rappit"


class OrderNotFound(OrdersRefusal):
    """The organisation has no such order."""

    code = StatusCode.NOT_FOUND

    def __init__(self, order_id: UUID) -> None:
        super().__init__("there is no such order", facts={"order_id": order_id})


class StoreNotFound(OrdersRefusal):
    """There is no such store."""

    code = StatusCode.NOT_FOUND

    def __init__(self, store_id: UUID) -> None:
        super().__init__("there is no such store", facts={"store_id": store_id})


class StoreAlreadyConnected(OrdersRefusal):
    """The organisation has connected this shop, as `store_id`."""

    code = StatusCode.ALREADY_EXISTS

    def __init__(self, shop: str, store_id: UUID) -> None:
        super().__init__(f"{shop} is connected already", facts={"shop": shop, "store_id": store_id})


class OrderFulfilled(OrdersRefusal):
    """All of the order left; take it back as a return instead."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, order_id: UUID) -> None:
        super().__init__("all of the order left: take it back as a return", facts={"order_id": order_id})


class DeliveryNotYours(OrdersRefusal):
    """The delivery names another organisation than the caller's token."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self) -> None:
        super().__init__("the delivery is of another organisation than the call")
