"""How it goes between RAPPIT and a store, and what its people should do, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime

from orders.stores.known_organization import OrganizationState
from orders.stores.store import Store, StoreState


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What came of a store's deliveries.

    last_delivery_time: when the store sent something last; None where that is more than 30 days ago, or never was.
    waiting, parked: deliveries that are not applied yet, and those that were given up. to_ask: orders that the store is
    still to be asked for; ask_failure: why that did not work.
    """

    last_delivery_time: datetime | None = None
    waiting: int = 0
    parked: int = 0
    to_ask: int = 0
    ask_failure: str = ""


def next_steps(store: Store, health: StoreHealth, organization: OrganizationState) -> list[str]:
    """What is wrong and what to do about it, the worst first; nothing where all is well."""
    steps = [store.state_reason] if store.state is not StoreState.CONNECTED else []
    if organization is not OrganizationState.ACTIVE and health.waiting:
        steps.append(f"{_count(health.waiting, 'delivery waits', 'deliveries wait')} until the organisation is active")
    if health.parked:
        stop = _count(health.parked, "delivery could not be applied and stops its", "deliveries stop their")
        steps.append(f"{stop} order: look at the reason among the deliveries that are PARKED, then replay or discard")
    if health.to_ask and not store.has_credentials and store.state is not StoreState.DISCONNECTED:
        orders = _count(health.to_ask, "order", "orders")
        steps.append(f"{orders} changed in the store in ways that only its API tells: set API credentials")
    elif health.to_ask and health.ask_failure:
        orders = _count(health.to_ask, "order", "orders")
        steps.append(f"{orders} are asked for again by themselves: {health.ask_failure}")
    if health.last_delivery_time is None and not health.waiting + health.parked and not steps:
        steps.append(f"nothing came in the last 30 days: have the store send its webhooks to {store.webhook_path}")
    return steps


def _count(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
