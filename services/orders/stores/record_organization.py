"""What identity tells of an organisation."""

from chassis.database.transaction import Transaction
from chassis.messaging import lane_rows
from orders.stores import sql
from orders.stores.known_organization import OrganizationState
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES


async def record_organization(tx: Transaction, state: str, version: int) -> None:
    """Keep the newest state of the transaction's organisation; this service works for it from now on.

    Deliveries that waited for it to be ACTIVE are applied at once, in their order, and stores are asked what waited to
    be asked; deliveries of a CLOSED one are let go.
    """
    recorded = await tx.execute(sql.RECORD_ORGANIZATION, (tx.organization, state, version))
    if recorded.rowcount and state != OrganizationState.SUSPENDED:
        await lane_rows.make_due(tx, DELIVERIES, stopped=state == OrganizationState.CLOSED)
        await tx.execute(sql.RESUME_ASKING)
