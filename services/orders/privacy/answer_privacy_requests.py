"""The job that does what stores ask for people: find what is held of them, or leave nothing of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from orders.dead_letters.replay_dead_letter import KeepDiscarded
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_orders
from orders.orders.order import Order
from orders.orders.save_changes import save_changes
from orders.privacy import sql
from orders.privacy.discard_erased import ERASED, discard_erased
from orders.privacy.privacy_request import outcome, without_person
from orders.providers.reading import PrivacyKind
from orders.stores.forget_secrets import forget_disconnected_secret
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES

log = get_logger()

CAUSE = "answer_privacy_requests"
_AT_ONCE = 100
# What one transaction looks at, and what it erases.
_STRETCH = 2_000
_ORDERS = 200
_BEGINNING = UUID(int=0)
_ERASED = Entry("ERASED", ERASED)


@dataclass(frozen=True)
class AnswerPrivacyRequests:
    """What the job works with."""

    database: Database
    clock: Clock
    keep: KeepDiscarded

    async def run(self, lease: Lease) -> None:
        """Answer each open request, and discard what stopped of erased people whether or not there is one.

        What fails for one keeps no other from its turn.
        """
        async with self.database.finder() as finder:
            stopped = await (await finder.execute(sql.WITH_STOPPED, (DELIVERIES,))).fetchall()
        for row in stopped:
            await self._try(row.organization_id, partial(self.discard, lease, row.organization_id))
        after: dict[str, Any] = {"time": None, "id": None}
        while found := await self._open(after):
            for row in found:
                await self._try(row.organization_id, partial(self.answer, lease, row.organization_id, row.id))
            after = {"time": found[-1].record_time, "id": found[-1].id}

    async def _open(self, after: dict[str, Any]) -> Sequence[Any]:
        async with self.database.finder() as finder:
            return await (await finder.execute(sql.OPEN_REQUESTS, after | {"most": _AT_ONCE})).fetchall()

    async def _try(self, organization: UUID, part: Callable[[], Awaitable[bool]]) -> None:
        """Do part after part until nothing more is to be done now."""
        try:
            while not await part():
                pass
        except LeaseLost:
            raise
        except Exception:
            log.exception("privacy request not answered", organization_id=str(organization))

    async def discard(self, lease: Lease, organization: UUID) -> bool:
        """Discard some deliveries of erased people. Returns whether there were no more."""
        async with self.database.transaction(organization) as tx:
            await lease.hold(tx)
            return not await discard_erased(tx, self.keep, _ORDERS)

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
            if await discard_erased(tx, self.keep, _ORDERS) or await self._waiting(tx, request):
                return True  # what waits may stop as well: it goes on at the next turn
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
                named = [row.external_id for row in theirs if row.store_id]
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

    async def _waiting(self, tx: Transaction, request: Any) -> bool:
        """Whether deliveries wait that hold whom it erases."""
        return bool((await tx.execute(sql.WAITING, _person(request) | {"consumer": DELIVERIES})).rowcount)


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
