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


class StoreDisconnected(OrdersRefusal):
    """The store is disconnected; its shop is to be connected again first."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, store_id: UUID) -> None:
        super().__init__("the store is disconnected: connect its shop again", facts={"store_id": store_id})


class DeliveryNotFound(OrdersRefusal):
    """There is no such delivery, or it is not one that stopped its lane."""

    code = StatusCode.NOT_FOUND

    def __init__(self, delivery_id: UUID) -> None:
        super().__init__("there is no such delivery", facts={"delivery_id": delivery_id})


class DeadLetterNotFound(OrdersRefusal):
    """The consumer has no dead letter of this event."""

    code = StatusCode.NOT_FOUND

    def __init__(self, consumer: str, event_id: UUID) -> None:
        super().__init__("there is no such dead letter", facts={"consumer": consumer, "event_id": event_id})


class ItemNotFound(OrdersRefusal):
    """The organisation has no such item, or orders has not heard of it yet."""

    code = StatusCode.NOT_FOUND

    def __init__(self, item_id: UUID) -> None:
        super().__init__("there is no such item", facts={"item_id": item_id})


class OrderAlreadyExists(OrdersRefusal):
    """Another order was entered with this external id."""

    code = StatusCode.ALREADY_EXISTS

    def __init__(self, external_id: str, order_id: UUID) -> None:
        facts = {"external_id": external_id, "order_id": order_id}
        super().__init__("another order was entered with this external id", facts=facts)


class OrderCancelled(OrdersRefusal):
    """The order is cancelled."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, order_id: UUID) -> None:
        super().__init__("the order is cancelled", facts={"order_id": order_id})


class LineNotFound(OrdersRefusal):
    """The order has no such line."""

    code = StatusCode.NOT_FOUND

    def __init__(self, line_id: UUID) -> None:
        super().__init__("the order has no such line", facts={"line_id": line_id})


class LineNotStocked(OrdersRefusal):
    """The line takes no stock, so that no other SKU can be sent for it."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, line_id: UUID) -> None:
        super().__init__("the line takes no stock", facts={"line_id": line_id})


class LineFulfilled(OrdersRefusal):
    """More of the line left than would be wanted, or anything did of a line to swap."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, line_id: UUID, fulfilled: int) -> None:
        facts = {"line_id": line_id, "fulfilled": fulfilled}
        super().__init__(f"{fulfilled} of the line left already", facts=facts)


class HoldNotFound(OrdersRefusal):
    """The order has no such hold."""

    code = StatusCode.NOT_FOUND

    def __init__(self, hold_id: UUID) -> None:
        super().__init__("the order has no such hold", facts={"hold_id": hold_id})


class TooManyTags(OrdersRefusal):
    """The order would have more tags than it may."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, order_id: UUID, most: int) -> None:
        super().__init__(f"an order has at most {most} tags", facts={"order_id": order_id})


class PaymentOfStore(OrdersRefusal):
    """The order is a store's, and so is the word on its payment."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, order_id: UUID) -> None:
        super().__init__("its store says whether it is paid: record the payment there", facts={"order_id": order_id})


class MappingNotFound(OrdersRefusal):
    """Nobody said which item the SKU means."""

    code = StatusCode.NOT_FOUND

    def __init__(self, sku: str) -> None:
        super().__init__("nobody said which item the SKU means", facts={"sku": sku})


class PrivacyRequestNotFound(OrdersRefusal):
    """No store asked this for a person."""

    code = StatusCode.NOT_FOUND

    def __init__(self, request_id: UUID) -> None:
        super().__init__("there is no such privacy request", facts={"privacy_request_id": request_id})
