"""The job that answers what stores ask for people: what is held of them, or that nothing is any more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.messaging import dead_letters
from chassis.telemetry.logs import get_logger
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_orders
from orders.orders.order import Order
from orders.orders.save_changes import save_changes
from orders.providers.reading import PrivacyKind
from orders.webhooks import sql
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES

log = get_logger()

CAUSE = "answer_privacy_requests"
_AT_ONCE = 100
_ORDERS = 200
_ERASED = Entry("ERASED", "what was known of the person was erased, as the store asked")


@dataclass(frozen=True)
class AnswerPrivacyRequests:
    """What the job works with."""

    database: Database
    clock: Clock

    async def run(self, lease: Lease) -> None:
        """Answer each open request; what fails for one keeps no other from its turn."""
        async with self.database.finder() as finder:
            found = await (await finder.execute(sql.OPEN_PRIVACY_REQUESTS, (_AT_ONCE,))).fetchall()
        for row in found:
            try:
                while not await self.answer(lease, row.organization_id, row.id):
                    pass
            except LeaseLost:
                raise
            except Exception:
                log.exception("privacy request not answered", organization_id=str(row.organization_id))

    async def answer(self, lease: Lease, organization: UUID, request_id: UUID, most: int = _ORDERS) -> bool:
        """Do one transaction's part of a request. Returns whether it is answered."""
        async with self.database.transaction(organization) as tx:
            await lease.hold(tx)
            request = await (await tx.execute(sql.LOCK_PRIVACY_REQUEST, (request_id,))).fetchone()
            if request is None:
                return True
            orders = await self._orders(tx, request, most)
            if request.kind == PrivacyKind.DATA_REQUEST:
                held = ", ".join(f"{order.name} ({order.id})" for order in orders)
                outcome = f"held: name, addresses, e-mail, telephone, note of {held}" if held else "nothing is held"
                await tx.execute(sql.PRIVACY_DONE, (self.clock.now(), outcome, request_id))
                return True
            if orders:
                await self._erase(tx, [row.id for row in orders])
                return False
            parked = await self._parked(tx, request)
            if not parked:
                await tx.execute(sql.PRIVACY_DONE, (self.clock.now(), "erased", request_id))
                return True
        for event_id in parked:
            await dead_letters.discard(
                self.database, DELIVERIES, organization, event_id, who=f"store:{request.store_id}", why=_ERASED.message
            )
        return False

    async def _orders(self, tx: Transaction, request: Any, most: int) -> Sequence[Any]:
        values = {
            "store": request.store_id,
            "everybody": request.kind == PrivacyKind.SHOP_REDACT,
            "orders": request.order_external_ids,
            "customer": request.customer_external_id,
            "email": request.email,
            "most": most,
        }
        return await (await tx.execute(sql.ORDERS_OF, values)).fetchall()

    async def _erase(self, tx: Transaction, ids: Sequence[UUID]) -> None:
        """Through the one writer of orders, so that search terms and etag follow. Stock is not touched."""
        orders = await lock_orders(tx, ids)
        now = self.clock.now()
        changes = [
            settle(order, _without_person(order), [_ERASED], actor="service:orders", cause=CAUSE, now=now)
            for order in orders
        ]
        await save_changes(tx, self.clock, changes)
        await tx.execute(sql.FORGET_CUSTOMERS, ([order.customer_id for order in orders if order.customer_id],))

    async def _parked(self, tx: Transaction, request: Any) -> list[UUID]:
        """Deliveries that stopped their lane: replayed, they would bring the person back."""
        lanes = [f"{request.store_id}/order/{external_id}" for external_id in request.order_external_ids]
        everybody = request.kind == PrivacyKind.SHOP_REDACT
        found = await tx.execute(sql.PARKED_OF, (DELIVERIES, lanes, everybody, f"{request.store_id}/%"))
        return [row.event_id for row in await found.fetchall()]


def _without_person(order: Order) -> Order:
    nobody = replace(order.snapshot, customer=None, shipping_address=None, billing_address=None, note="")
    return replace(order, snapshot=nobody, customer_id=None)
