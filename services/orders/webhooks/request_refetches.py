"""Orders to ask the store for: rows in the commit of what asked. The job `refetch_orders` works them off."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from orders.webhooks import sql
from orders.webhooks.delivery import Delivery


async def request_refetches(tx: Transaction, because_of: Sequence[Delivery]) -> None:
    """Have these deliveries' orders asked for, each once; where there are no credentials, when there are."""
    wishes = {each.key: each for each in because_of}
    rows = [(*key, str(wishes[key].event_id), wishes[key].store.can_be_asked) for key in sorted(wishes)]
    if rows:
        columns = (list(column) for column in zip(*rows, strict=True))
        await tx.execute(sql.REQUEST_REFETCHES, (tx.organization, *columns))
