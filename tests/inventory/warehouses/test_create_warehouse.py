"""CreateWarehouse."""

from uuid import uuid4

import pytest

from chassis.database.pool import Database
from chassis.rpc.client import Peer
from rappit.inventory.v1.warehouses_pb2 import CreateWarehouseRequest
from tests.given.mint import Mint
from tests.given.refusals import refused
from tests.inventory.conftest import Person


async def test_a_warehouse_is_made_open(person: Person) -> None:
    request = CreateWarehouseRequest(code="JED-2", name="جدة", priority=7)
    made = (await person.call(person.warehouses.CreateWarehouse, request)).warehouse

    assert (made.code, made.name, made.priority) == ("JED-2", "جدة", 7)
    assert (made.open, made.is_default) == (True, False)


async def test_a_code_is_one_warehouse_in_an_organization(person: Person, stranger: Person) -> None:
    """Trap 1."""
    request = CreateWarehouseRequest(code="JED", name="Jeddah")
    await person.call(person.warehouses.CreateWarehouse, request)
    await stranger.call(stranger.warehouses.CreateWarehouse, request)
    with refused("WAREHOUSE_CODE_TAKEN") as caught:
        await person.call(person.warehouses.CreateWarehouse, request)

    assert caught.error.facts == {"code": "JED"}
    with refused("WAREHOUSE_CODE_TAKEN"):
        await person.call(person.warehouses.CreateWarehouse, CreateWarehouseRequest(code="MAIN", name="Main"))


@pytest.mark.parametrize("code", ["", "jed", "-JED", "JED 2", "J" * 21])
async def test_a_code_is_capitals_digits_and_hyphens(person: Person, code: str) -> None:
    with refused("INVALID_REQUEST"):
        await person.call(person.warehouses.CreateWarehouse, CreateWarehouseRequest(code=code, name="Jeddah"))


async def test_before_inventory_knows_the_organization_the_caller_is_to_repeat(
    peer: Peer, mint: Mint, inventory: Database
) -> None:
    early = Person(peer, mint, uuid4())
    with refused("UNAVAILABLE_FOR_NOW") as caught:
        await early.call(early.warehouses.CreateWarehouse, CreateWarehouseRequest(code="JED", name="Jeddah"))

    assert caught.error.facts == {"part": "identity"}
