"""What stores say of the risk of an order: kept in the commit, also where the order itself has not come in yet."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from orders.providers.reading import RiskAssessed
from orders.webhooks import sql
from orders.webhooks.delivery import Delivery


async def record_risks(tx: Transaction, deliveries: Sequence[Delivery]) -> None:
    """Keep of each order the latest word of each who assessed it; of two at one time the graver."""
    latest: dict[tuple[object, ...], RiskAssessed] = {}
    for each in deliveries:
        if isinstance(each.reading, RiskAssessed):
            key = (*each.key, each.reading.assessor)
            known = latest.get(key, each.reading)
            latest[key] = max(known, each.reading, key=lambda risk: (risk.time, risk.high))
    if latest:
        columns = zip(*((*key, risk.time, risk.high) for key, risk in sorted(latest.items())), strict=True)
        await tx.execute(sql.RECORD_RISKS, (tx.organization, *(list(column) for column in columns)))
