"""Tables of those who wait, and of what wakes them."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Identity, Index, Sequence, Uuid

from chassis.database.tenant_table import tenant_table
from inventory.tables import METADATA

_DEMAND = ["demands.organization_id", "demands.id"]
_ITEM = ["items.organization_id", "items.id"]

# All rows of a demand have the position that it got when it began to wait.
waiting_position = Sequence("waiting_position", metadata=METADATA)

waiting = tenant_table(
    METADATA,
    "waiting",
    Column("item_id", Uuid, nullable=False),
    # Where the units are to be: all 0 for wherever, else in this warehouse.
    Column("warehouse_id", Uuid, nullable=False),
    Column("demand_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("units", BigInteger, nullable=False),
    ForeignKeyConstraint(["organization_id", "demand_id"], _DEMAND, name="waiting_demand_fkey"),
    ForeignKeyConstraint(["organization_id", "item_id"], _ITEM, name="waiting_item_fkey"),
    CheckConstraint("units > 0", name="waiting_units"),
    primary_key=("item_id", "warehouse_id", "demand_id"),
)
Index("waiting_demand", waiting.c.organization_id, waiting.c.demand_id)
Index(
    "waiting_in_turn",
    waiting.c.organization_id,
    waiting.c.item_id,
    waiting.c.warehouse_id,
    waiting.c.units,
    waiting.c.position,
)

# An item of which units came: those who wait for it are to be served. No foreign key: it would lock the item.
wakes = tenant_table(
    METADATA,
    "wakes",
    Column("id", BigInteger, Identity(always=True), nullable=False),
    Column("item_id", Uuid, nullable=False),
)

# A demand that lost units to a fact: it is to be tried again, and told. No foreign key: it would lock the demand.
notices = tenant_table(
    METADATA,
    "notices",
    Column("id", BigInteger, Identity(always=True), nullable=False),
    Column("demand_id", Uuid, nullable=False),
)
