"""While an organisation is suspended its deliveries wait, in order; when it is closed they are let go."""

from orders.stores.record_organization import record_organization
from orders.stores.resolve_store import resolve_store
from tests.given.parked import arrive, park, states, work
from tests.given.privacy import request
from tests.given.shop import SEALER, SECRET, Shop, open_shop
from tests.given.shopify_orders import cancelled, edited, fulfilled, later, paid, placed


async def become(shop: Shop, state: str, version: int) -> None:
    """Identity tells of the organisation's new state."""
    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, state, version)


async def test_its_deliveries_wait_and_are_applied_in_their_order_when_it_is_active_again(shop: Shop) -> None:
    """Traps 5 and 49."""
    order, other = placed("#1"), placed("#2")
    await arrive(shop, shop.delivery(order))
    await become(shop, "SUSPENDED", 2)

    stages = [edited(order, "TEE-RED", 1), paid(edited(order, "TEE-RED", 1)), other]
    await arrive(shop, *map(shop.delivery, stages))
    await work(shop)
    assert await states(shop) == ["DONE", "RETRYING", "WAITING", "RETRYING"]
    assert [each.snapshot.name for each in await shop.orders()] == ["#1"]

    await become(shop, "ACTIVE", 3)
    await work(shop)

    assert await states(shop) == ["DONE"] * 4
    assert (await shop.order("#1")).lines[0].said.wanted == 1
    assert await shop.timeline(await shop.order("#1")) == ["CREATED", "LINES_CHANGED", "PAYMENT_CHANGED"]
    assert len(await shop.orders()) == 2


async def test_hours_of_webhooks_end_as_if_nobody_had_been_suspended(shop: Shop) -> None:
    """Trap 49: the gateway goes on answering 2xx, so no subscription is lost, and no stock stays stuck."""
    twin = await open_shop(shop.database, "TEE-RED", "TEE-BLUE", "CAP", "MUG")
    orders = [placed(f"#{number}") for number in range(3)]
    stages = [
        paid(orders[2]),
        later(edited(orders[0], "TEE-RED", 1)),
        cancelled(later(orders[1])),
        orders[1],
        fulfilled(later(later(orders[2])), "TEE-RED", 1),
        paid(orders[2]),
    ]
    for each in (shop, twin):
        await arrive(each, each.delivery(orders[0]), each.delivery(orders[1]))

    await become(shop, "SUSPENDED", 2)
    for each in (shop, twin):
        await arrive(each, *(each.delivery(stage) for stage in stages))
    assert [order.version for order in await shop.orders()] == [1, 1]
    async with shop.database.transaction(shop.organization) as tx:
        resolved = await resolve_store(tx, SEALER, shop.store.id)
    assert (resolved.webhook_secrets, resolved.intake_full) == ((SECRET,), False)
    await become(shop, "ACTIVE", 3)
    await work(shop)

    assert set(await states(shop)) == {"DONE"}
    assert await _wanted(shop) == await _wanted(twin)


async def _wanted(shop: Shop) -> dict[str, tuple[bool, str, list[tuple[int, int]]]]:
    """What inventory was told of each order last."""
    found = {}
    for order in await shop.orders():
        told = (await shop.told(order))[-1].order_changed
        lines = [(line.wanted, sum(at.quantity for at in line.fulfilled_at)) for line in told.lines]
        found[order.snapshot.name] = (told.cancelled, str(order.snapshot.payment_status), lines)
    return found


async def test_they_do_not_fail_every_second_while_they_wait(shop: Shop) -> None:
    """Trap 49: an organisation that waits costs the others nothing."""
    await become(shop, "SUSPENDED", 2)

    await arrive(shop, shop.delivery(placed()))

    (row,) = await shop.rows("SELECT next_try_time > now() + interval '1 minute' AS rests FROM lanes")
    assert row.rests


async def test_a_parked_one_stays_parked_over_a_suspension(shop: Shop) -> None:
    await park(shop, placed("#1"))
    await become(shop, "SUSPENDED", 2)
    await become(shop, "ACTIVE", 3)

    await work(shop)

    assert await states(shop) == ["PARKED"]


async def test_what_the_law_asks_and_an_uninstall_are_handled_all_the_same(shop: Shop) -> None:
    """Trap 5."""
    await become(shop, "SUSPENDED", 2)

    # One without effect among them must not stop the store's lane.
    for topic in ("shop/update", "customers/redact", "shop/redact", "customers/data_request", "app/uninstalled"):
        await arrive(shop, request(shop, topic))

    assert await states(shop) == ["DONE"] * 5
    assert len(await shop.rows("SELECT FROM privacy_requests")) == 3


async def test_a_closed_organisation_keeps_no_deliveries(shop: Shop) -> None:
    waits, parked = placed("#1"), placed("#2")
    await park(shop, parked)
    await become(shop, "SUSPENDED", 2)
    await arrive(shop, shop.delivery(waits), shop.delivery(cancelled(parked)))

    await become(shop, "CLOSED", 3)
    await work(shop)
    await arrive(shop, shop.delivery(placed("#3")))

    assert await states(shop) == ["DONE"] * 4
    assert await shop.rows("SELECT FROM inbox WHERE message IS NOT NULL") == []
    assert await shop.orders() == []
    outcomes = {row.outcome for row in await shop.rows("SELECT outcome FROM deliveries")}
    assert outcomes == {"without effect: the organisation is closed"}


async def test_past_its_quota_the_gateway_is_told_to_take_no_more(shop: Shop) -> None:
    """Trap 49: the store sends again later what is refused for now."""

    async def full(most_waiting: int) -> bool:
        async with shop.database.transaction(shop.organization) as tx:
            return (await resolve_store(tx, SEALER, shop.store.id, most_waiting)).intake_full

    await become(shop, "SUSPENDED", 2)
    await arrive(shop, shop.delivery(placed("#1")), shop.delivery(placed("#2")))
    assert (await full(3), await full(2)) == (False, True)

    await become(shop, "ACTIVE", 3)

    assert not await full(2)
