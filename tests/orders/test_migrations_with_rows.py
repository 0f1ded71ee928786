"""Migrations that fill what they add do so for every organisation, although policies bind the tables' owner too."""

import shutil
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from chassis.database import migrate as migrating
from chassis.database.migrate import migrate
from chassis.database.revisions import folder_of
from tests.given.postgres import DatabaseOf

ORDER = """
    INSERT INTO orders (
        organization_id, id, store_id, source, external_id, snapshot_time, snapshot_cancelled, snapshot_refunded,
        snapshot_paid, snapshot_closed, snapshot_digest, name, order_time, payment_status, currency, subtotal, discount,
        shipping, tax, total, presentment_currency, presentment_subtotal, presentment_discount, presentment_shipping,
        presentment_tax, presentment_total, taxes_included, totals_mismatch, customer_external_id, customer_name,
        customer_email, customer_phone, note, tags, shipping_lines, test, stock_shortage, fulfillment_status,
        short_reason, line_count, unmapped_line_count, version, version_time, etag, timeline_length, create_time,
        update_time
    ) VALUES (
        %(org)s, %(id)s, %(id)s, 'store:1', '1', now(), false, false, false, false, '', '#1', now(), 'PENDING', 'SAR',
        0, 0, 0, 0, 0, 'SAR', 0, 0, 0, 0, 0, true, false, '', '', '', '', '', '{}', '[]', false, '', 'NEW', '', 1, 1, 1,
        now(), 1, 1, now(), now()
    )
"""
LINE = """
    INSERT INTO order_lines VALUES (
        %(org)s, %(id)s, %(id)s, 0, '1', ' Tee  RED', '', '', 'STOCKED', NULL, 3, 3, 1, 0, 0, 0, 0
    )
"""
STORE = """
    INSERT INTO stores (organization_id, id, provider, name, shop, webhook_secret, version, create_time)
    VALUES (%(org)s, %(id)s, 'SHOPIFY', 'Riyadh', 'riyadh', '', 1, now())
"""
ITEM = "INSERT INTO items (organization_id, id, sku, version) VALUES (%(org)s, %(id)s, 'TEE-RED', 1)"
LEFT = "INSERT INTO unfinished_items VALUES (%(org)s, %(id)s)"


def test_what_people_decide_is_added_to_the_orders_that_are_there(
    empty_database: DatabaseOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = empty_database("orders")
    before = _migrations_up_to("0003", tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(migrating, "folder_of", lambda _: before)
        migrate("orders", database.owner)
    organizations = [uuid4(), uuid4()]
    for organization in organizations:
        with psycopg.connect(database.service) as connection:
            connection.execute("SELECT set_config('app.organization', %s, true)", [str(organization)])
            for statement in (STORE, ORDER, LINE, ITEM, LEFT):
                connection.execute(statement.encode(), {"org": organization, "id": UUID(int=7)})

    migrate("orders", database.owner)

    for organization in organizations:
        with psycopg.connect(database.service) as connection:
            connection.execute("SELECT set_config('app.organization', %s, true)", [str(organization)])
            lines = connection.execute("SELECT sku_key, open, in_store FROM order_lines").fetchall()
            items = connection.execute("SELECT sku_key FROM items").fetchall()
            left = connection.execute("SELECT sku_key FROM unfinished_skus").fetchall()
        assert (lines, items, left) == ([("tee red", 2, True)], [("tee-red",)], [("tee-red",)])


def _migrations_up_to(last: str, folder: Path) -> Path:
    """The service's migrations as they were, so that rows can be written under them."""
    found = folder_of("orders")
    assert found is not None
    for file in found.glob("[0-9]*_*.py"):
        if file.name[:4] <= last:
            shutil.copy(file, folder)
    return folder
