"""Lists stay fast under row-level security: the indexes serve them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from chassis.database.pool import Database
from orders.mappings import sql as mappings
from orders.orders import sql
from orders.orders.sql import Filters
from orders.orders.tables import order_lines, orders
from orders.privacy import sql as privacy
from tests.given.postgres import DatabaseOf
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import placed

MANY = 4000
ALL = Filters("", None, (), (), unmapped=False, on_hold=False, placed_from=None, placed_before=None)


@pytest.fixture(scope="module")
async def large_shop(fresh_service_database: DatabaseOf) -> AsyncIterator[Shop]:
    """A shop with so many orders that a plan without an index would be the dearer one.

    In a database of its own: other tests' rows and statistics would choose the plans.
    """
    addresses = fresh_service_database("orders")
    database = await Database.open(addresses.service, addresses.finder, service="orders", size=2)
    shop = await open_shop(database, "TEE-RED")
    await shop.deliver(placed("#1047"))
    columns = ", ".join(column.name for column in orders.columns)
    copied = {
        "id": "md5(n::text || organization_id)::uuid",
        "external_id": "n::text",
        "order_time": "order_time - make_interval(secs => n)",
        "fulfillment_status": "CASE WHEN mod(n, 100) = 0 THEN 'SHORT' ELSE 'NEW' END",
        "short_reason": "CASE WHEN mod(n, 100) = 0 THEN 'x' ELSE '' END",
        "customer_id": "CASE WHEN mod(n, 100) = 4 THEN customer_id END",
        "hold_count": "CASE WHEN mod(n, 100) = 1 THEN 1 ELSE 0 END",
        "unmapped_line_count": "CASE WHEN mod(n, 100) = 2 THEN 1 ELSE 0 END",
    }
    values = ", ".join(copied.get(column.name, column.name) for column in orders.columns)
    copies = f"INSERT INTO orders ({columns}) SELECT {values} FROM orders, generate_series(1, %s) AS n RETURNING 1"  # noqa: S608
    await shop.rows(copies, MANY)
    await shop.rows(
        """INSERT INTO order_terms (organization_id, order_id, term)
        SELECT organization_id, id, 'term ' || external_id FROM orders RETURNING 1"""
    )
    copied = {"order_id": "md5(n::text || organization_id)::uuid", "external_id": "n::text"}
    copied |= {"item_id": "CASE WHEN mod(n, 100) <> 2 THEN item_id END", "sku_key": "'key ' || mod(n, 100)"}
    columns = ", ".join(column.name for column in order_lines.columns)
    values = ", ".join(copied.get(column.name, column.name) for column in order_lines.columns)
    copies = (
        f"INSERT INTO order_lines ({columns}) SELECT {values} FROM order_lines, generate_series(1, %s) AS n RETURNING 1"  # noqa: S608
    )
    await shop.rows(copies, MANY)
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        connection.execute("ANALYZE orders, order_lines, order_terms, stores")
    yield shop
    await database.close()


async def plan(shop: Shop, filters: Filters, after: Any = None) -> str:
    """How the service's own role, under its policies, would read a page."""
    return await plan_of(shop, *sql.list_orders(filters, after, 51))


async def plan_of(shop: Shop, statement: str, values: Any) -> str:
    async with shop.database.transaction(shop.organization) as tx:
        rows = await (await tx.execute(f"EXPLAIN {statement}".encode(), values)).fetchall()
    return "\n".join(row[0] for row in rows)


def sought(text: str) -> str:
    """By what indexes are read."""
    return "\n".join(line for line in text.splitlines() if "Index Cond" in line)


async def test_a_search_reads_the_terms_that_begin_so(large_shop: Shop) -> None:
    """LIKE would read all of an organisation's; see search.py."""
    text = await plan(large_shop, ALL._replace(beginning="term 3999"))

    assert "order_terms_pkey" in text
    assert "term >= 'term 3999'" in text
    assert "Seq Scan on orders" not in text


async def test_the_first_page_reads_the_latest(large_shop: Shop) -> None:
    text = await plan(large_shop, ALL)

    assert "using orders_latest " in text
    assert "Sort" not in text


async def test_a_later_page_begins_where_the_one_before_ended(large_shop: Shop) -> None:
    (row,) = await large_shop.rows("SELECT order_time FROM orders ORDER BY order_time DESC LIMIT 1 OFFSET 200")

    text = await plan(large_shop, ALL, (row.order_time, uuid4()))

    assert "using orders_latest " in text
    assert "ROW(order_time, id) < ROW(" in text.replace("orders.", "")


async def test_a_rare_status_is_read_by_its_own_index(large_shop: Shop) -> None:
    text = await plan(large_shop, ALL._replace(fulfillment_statuses=["SHORT"]))

    assert "orders_latest_in_status" in text


async def test_what_is_on_hold_and_what_is_unmapped_are_read_by_indexes_of_their_own(large_shop: Shop) -> None:
    held, unmapped = (
        await plan(large_shop, ALL._replace(on_hold=True)),
        await plan(large_shop, ALL._replace(unmapped=True)),
    )

    assert "using orders_latest_on_hold " in held
    assert "using orders_latest_unmapped " in unmapped
    assert "Sort" not in held + unmapped


async def test_the_unmapped_desk_reads_the_lines_that_wait_alone(large_shop: Shop) -> None:
    text = await plan_of(large_shop, mappings.UNMAPPED, {"after": None, "limit": 51})

    assert "order_lines_unmapped" in text
    assert "Seq Scan on order_lines" not in text


async def test_lines_that_follow_their_sku_are_found_by_it(large_shop: Shop) -> None:
    sku = {"key": "key 7", "sku": "TEE-RED", "item_id": uuid4(), "most": 500}

    for statement in (mappings.MISPLACED, mappings.COUNT_MISPLACED):
        text = await plan_of(large_shop, statement, sku)
        assert "order_lines_of_sku" in text
        assert "sku_key = 'key 7'" in sought(text)


async def test_a_stores_unpaid_orders_are_found_by_it(large_shop: Shop) -> None:
    await large_shop.rows(
        "UPDATE orders SET payment_status = 'PENDING' WHERE mod(external_id::numeric, 100) = 3 RETURNING 1"
    )

    text = await plan_of(large_shop, sql.UNPAID_OF_STORE, (large_shop.store.id, uuid4(), 200))

    assert "orders_unpaid_of_store" in text
    assert f"store_id = '{large_shop.store.id}'" in sought(text)


async def test_a_customers_orders_are_found_by_it_as_the_foreign_key_asks(large_shop: Shop) -> None:
    """For each customer that is forgotten: an organisation's every order would be read as often."""
    (row,) = await large_shop.rows("SELECT organization_id, id FROM customers")

    of_key = "SELECT FROM orders WHERE organization_id = %s AND customer_id = %s"
    text = await plan_of(large_shop, of_key, tuple(row)) + await plan_of(
        large_shop, privacy.FORGET_CUSTOMERS, ([row.id],)
    )

    assert text.count("orders_of_customer") == 2
    assert "Seq Scan on orders" not in text
