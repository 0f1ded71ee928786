"""The job that does what stores ask for people: find what is held of them, or leave nothing of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from orders.dead_letters.replay_dead_letter import KeepDiscarded
from orders.errors import DeliveryNotFound
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_orders
from orders.orders.order import Order
from orders.orders.save_changes import save_changes
from orders.privacy import sql
from orders.privacy.privacy_request import outcome, without_person
from orders.providers.reading import PrivacyKind
from orders.stores.forget_secrets import forget_disconnected_secret
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES
from orders.webhooks.discard_delivery import discard_delivery

log = get_logger()

CAUSE = "answer_privacy_requests"
_AT_ONCE = 100
# What one transaction looks at, and what it erases.
_STRETCH = 2_000
_ORDERS = 200
_BEGINNING = UUID(int=0)
_ERASED = Entry("ERASED", "what was known of the person was erased, as the store asked")


@dataclass(frozen=True)
class AnswerPrivacyRequests:
    """What the job works with."""

    database: Database
    clock: Clock
    keep: KeepDiscarded

    async def run(self, lease: Lease) -> None:
        """Answer each open request; what fails for one keeps no other from its turn."""
        async with self.database.finder() as finder:
            found = await (await finder.execute(sql.OPEN_REQUESTS, (_AT_ONCE,))).fetchall()
        for row in found:
            try:
                while not await self.answer(lease, row.organization_id, row.id):
                    pass
            except LeaseLost:
                raise
            except Exception:
                log.exception("privacy request not answered", organization_id=str(row.organization_id))

    async def answer(self, lease: Lease, organization: UUID, request_id: UUID, most: int = _ORDERS) -> bool:
        """Do one transaction's part of a request. Returns whether nothing more is to be done now."""
        async with self.database.transaction(organization) as tx:
            await lease.hold(tx)
            request = await (await tx.execute(sql.LOCK_REQUEST, (request_id,))).fetchone()
            if request is None:
                return True
            if not await self._look(tx, request, most):
                return False
            if request.kind == PrivacyKind.DATA_REQUEST:
                await self._done(tx, request)
                return True
            if await self._discard_parked(tx, request):
                return True  # what waited behind them may stop as well: it goes on at the next turn
            await tx.execute(sql.FORGET_REQUESTS, _person(request))
            await self._done(tx, request)
            if request.kind == PrivacyKind.SHOP_REDACT:
                await forget_disconnected_secret(tx, self.clock, request.store_id, CAUSE)
            return True

    async def _done(self, tx: Transaction, request: Any) -> None:
        said = outcome(PrivacyKind(request.kind), request.order_count)
        await tx.execute(sql.DONE, (self.clock.now(), said, request.id))

    async def _look(self, tx: Transaction, request: Any, most: int) -> bool:
        """Go through the next orders. Returns whether there are no more."""
        erases = request.kind != PrivacyKind.DATA_REQUEST
        after = request.after_order_id or _BEGINNING
        values = _person(request) | {"after": after, "empty_too": erases, "most": _STRETCH}
        stretch = await (await tx.execute(sql.STRETCH, values)).fetchall()
        if not stretch:
            return True
        theirs = [row for row in stretch if row.is_theirs][:most]
        last = theirs[-1].id if len(theirs) == most else stretch[-1].id
        ids = [row.id for row in theirs]
        if ids:
            await tx.execute(sql.FOUND, (tx.organization, request.id, ids))
        if ids and erases:
            if request.kind != PrivacyKind.SHOP_REDACT:  # of which every order is erased already, up to its time
                named = [row.external_id for row in theirs]
                await tx.execute(sql.ERASE_FROM_NOW_ON, (tx.organization, request.store_id, self.clock.now(), named))
            await self._erase(tx, ids)
        await tx.execute(sql.GO_ON_AFTER, (last, len(ids), request.id))
        return False

    async def _erase(self, tx: Transaction, ids: Sequence[UUID]) -> None:
        """Through the one writer of orders, so that search terms and etag follow. Stock is not touched."""
        orders = await lock_orders(tx, ids)
        now = self.clock.now()
        changes = [
            settle(order, _nobodys(order), [_ERASED], actor="service:orders", cause=CAUSE, now=now) for order in orders
        ]
        await save_changes(tx, self.clock, changes)
        await tx.execute(sql.FORGET_CUSTOMERS, ([order.customer_id for order in orders if order.customer_id],))
        for statement in sql.FORGET_WORDS:
            await tx.execute(statement, (list(ids),))

    async def _discard_parked(self, tx: Transaction, request: Any) -> bool:
        """Discard deliveries that stopped their lane: they hold the person. Returns whether there were some."""
        values = _person(request) | {"consumer": DELIVERIES, "most": _ORDERS}
        parked = await (await tx.execute(sql.PARKED_OF, values)).fetchall()
        who = f"store:{request.store_id}"
        for row in parked:
            try:
                await discard_delivery(tx, self.keep, row.event_id, who, _ERASED.message)
            except DeliveryNotFound:
                log.info("delivery was replayed or discarded meanwhile", event_id=str(row.event_id))
        return bool(parked)


def _person(request: Any) -> dict[str, Any]:
    """Whom a request is about, as statements take it."""
    return {
        "id": request.id,
        "store": request.store_id,
        "everybody": request.kind == PrivacyKind.SHOP_REDACT,
        "orders": request.order_external_ids,
        "customer": request.customer_external_id,
        "email": request.email,
        "until": request.create_time,
    }


def _nobodys(order: Order) -> Order:
    return replace(order, snapshot=without_person(order.snapshot), customer_id=None, own_shipping_address=None)
