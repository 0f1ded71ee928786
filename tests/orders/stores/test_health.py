"""What people should do about a store, in words."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from orders.stores.health import StoreHealth, next_steps
from orders.stores.known_organization import OrganizationState
from orders.stores.store import Provider, Store, StoreState

NOW = datetime(2026, 11, 2, 14, tzinfo=UTC)
STORE = Store(UUID(int=7), Provider.SHOPIFY, "Riyadh", "riyadh.myshopify.com", 1, NOW, NOW)
ASKABLE = replace(STORE, has_credentials=True)
REFUSED = replace(STORE, state=StoreState.NEEDS_REAUTH, state_reason="new credentials, please")
GONE = replace(STORE, state=StoreState.DISCONNECTED, state_reason="connect it again")
WELL = StoreHealth(NOW)


@pytest.mark.parametrize(
    ("store", "health", "steps"),
    [
        (STORE, WELL, []),
        (ASKABLE, replace(WELL, waiting=3, to_ask=2), []),
        (STORE, StoreHealth(), ["nothing came in the last 30 days"]),
        (STORE, StoreHealth(parked=1), ["1 delivery could not be applied and stops its order"]),
        (STORE, replace(WELL, parked=1200), ["1,200 deliveries stop their order"]),
        (STORE, replace(WELL, to_ask=1), ["1 order changed in the store"]),
        (ASKABLE, replace(WELL, to_ask=2, ask_failure="the store answered 503"), ["2 orders are asked for again"]),
        (REFUSED, replace(WELL, to_ask=2), ["new credentials, please", "2 orders changed in the store"]),
        (GONE, replace(StoreHealth(), to_ask=2), ["connect it again"]),
    ],
)
def test_each_trouble_has_its_next_step_and_no_trouble_has_none(
    store: Store, health: StoreHealth, steps: list[str]
) -> None:
    found = next_steps(store, health, OrganizationState.ACTIVE)

    assert len(found) == len(steps)
    assert all(said.startswith(step) for said, step in zip(found, steps, strict=True))


def test_what_waits_for_a_suspended_organisation_says_so() -> None:
    found = next_steps(STORE, replace(WELL, waiting=1), OrganizationState.SUSPENDED)

    assert found == ["1 delivery waits until the organisation is active"]
