"""The job that asks stores for orders that deliveries only hinted at. The answer enters the order's own lane."""

import asyncio
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.sealing import Sealer
from chassis.telemetry.logs import get_logger
from orders.providers.read_delivery import FETCHED, GONE, PROVIDERS, read_delivery
from orders.providers.unreadable_body import UnreadableBody
from orders.stores.known_organization import OrganizationState, known_organization
from orders.stores.record_refused_credentials import REFUSED, are_still, record_refused_credentials
from orders.stores.store import Provider, credentials_context
from orders.webhooks import events, sql
from orders.webhooks.accept_delivery import accept_delivery
from orders.webhooks.ask_store import Found, Gone, Later, Refused, Said, StoreApi, ask_store
from orders.webhooks.delivery import OrderKey
from orders.webhooks.guarded_http import GuardedHttp

log = get_logger()

CAUSE = "refetch_orders"
_AT_ONCE = 100
_SIDE_BY_SIDE = 8
_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=30)
_SUSPENDED_PAUSE = timedelta(minutes=5)
# Shopify shows older orders only to apps that may read all: for those "not found" says nothing.
_SHOPIFY_SHOWS = timedelta(days=55)


class _Task(NamedTuple):
    """One order to ask for."""

    organization: UUID
    key: OrderKey
    api: StoreApi
    sealed: bytes
    wishes: int
    tries: int
    order_time: datetime | None


@dataclass(frozen=True)
class RefetchOrders:
    """What the job works with."""

    database: Database
    clock: Clock
    sealer: Sealer
    http: GuardedHttp

    async def run(self, lease: Lease) -> None:
        """Ask for each order that is due, organisations in turn, some side by side."""
        async with self.database.finder() as finder:
            due = await (await finder.execute(sql.DUE_REFETCHES, {"most": _AT_ONCE})).fetchall()
        waiting = iter(due)

        async def take_turns() -> None:
            for row in waiting:
                await self.refetch(lease, row.organization_id, OrderKey(row.store_id, row.external_id))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(_SIDE_BY_SIDE, len(due))):
                group.create_task(take_turns())

    async def refetch(self, lease: Lease, organization: UUID, key: OrderKey) -> None:
        """Ask for one order, if it is still due. What fails for one keeps no other from its turn."""
        try:
            async with self.database.transaction(organization) as tx:
                await lease.hold(tx)
                task = await self._task(tx, key)
            if task is None:
                return
            lease.check()
            said = _readable(task, await ask_store(self.http, task.api, key.external_id, self.clock.now()))
            async with self.database.transaction(organization) as tx:
                await lease.hold(tx)
                await self._record(tx, task, said)
        except LeaseLost:
            raise
        except Exception:
            log.exception("order not asked for", organization_id=str(organization), store_id=str(key.store_id))

    async def _task(self, tx: Transaction, key: OrderKey) -> _Task | None:
        """What is to be asked, or None where it may not be asked now."""
        row = await (await tx.execute(sql.REFETCH, key)).fetchone()
        if row is None:
            return None
        known = await known_organization(tx, [key.store_id])
        store = known.stores[key.store_id]
        if known.state is not OrganizationState.ACTIVE:
            await tx.execute(sql.PAUSE_STORE, (_SUSPENDED_PAUSE, key.store_id))
            return None
        if not store.can_be_asked:
            await tx.execute(sql.WAIT_FOR_CREDENTIALS, ("there are no credentials", key.store_id))
            return None
        sealed = self.sealer.open(row.api_credentials, credentials_context(store.id))
        api = StoreApi(store, json.loads(sealed))
        return _Task(tx.organization, key, api, row.api_credentials, row.wishes, row.tries, row.order_time)

    async def _record(self, tx: Transaction, task: _Task, said: Said) -> None:
        match said:
            case Found(body=body):
                await self._enter(tx, task, FETCHED, body)
            case Gone() if not self._too_old_to_be_shown(task):
                await self._enter(tx, task, GONE, b"")
            case Gone():
                await self._over(tx, task)
            case Refused() if not await are_still(tx, task.key.store_id, task.sealed):
                # Those that were set while the store was asked are none that it refused.
                await tx.execute(sql.TRY_REFETCH_LATER, (0, "", timedelta(), *task.key))
            case Refused(status=status):
                await tx.execute(sql.WAIT_FOR_CREDENTIALS, (f"the store answered {status}", task.key.store_id))
                await record_refused_credentials(
                    tx, self.clock, task.key.store_id, REFUSED.format(status=status), CAUSE
                )
            case Later(failure=failure, pause=pause):
                tries = task.tries + 1
                await tx.execute(sql.TRY_REFETCH_LATER, (tries, failure, pause or backoff(tries), *task.key))
                if pause:
                    await tx.execute(sql.PAUSE_STORE, (pause, task.key.store_id))
        log.info(
            "order asked for",
            organization_id=str(task.organization),
            store_id=str(task.key.store_id),
            answer=type(said).__name__.lower(),
        )

    async def _enter(self, tx: Transaction, task: _Task, topic: str, body: bytes) -> None:
        """Into the lane of the order, behind what it has already."""
        answer = events.StoreAnswer(task.api.store, task.key.external_id, topic, body)
        await accept_delivery(tx, events.delivery(tx, self.clock, answer))
        await self._over(tx, task)

    async def _over(self, tx: Transaction, task: _Task) -> None:
        """Done with, unless somebody wished for it again while it was asked."""
        if (await tx.execute(sql.REFETCHED, (*task.key, task.wishes))).rowcount == 0:
            await tx.execute(sql.TRY_REFETCH_LATER, (0, "", timedelta(), *task.key))

    def _too_old_to_be_shown(self, task: _Task) -> bool:
        old = task.order_time is not None and task.order_time < self.clock.now() - _SHOPIFY_SHOWS
        return old and task.api.store.provider is Provider.SHOPIFY


def _readable(task: _Task, said: Said) -> Said:
    """A page of a shop under maintenance must not stop the order's lane: what is no order is asked for again."""
    if isinstance(said, Found):
        try:
            read_delivery(PROVIDERS[task.api.store.provider.lower()], FETCHED, task.key.external_id, said.body)
        except UnreadableBody as error:
            return Later(f"the store's answer is no such order: {error}")
    return said


def backoff(tries: int) -> timedelta:
    """How long after so many failures: twice as long each time, up to half an hour, not all at one time."""
    pause = min(_FIRST_PAUSE * 2.0 ** min(tries - 1, 16), _LONGEST_PAUSE)
    return pause * random.uniform(0.75, 1.0)  # noqa: S311 (jitter)
