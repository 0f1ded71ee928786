"""Say how warehouses are chosen."""

from dataclasses import replace

from chassis.database.transaction import Transaction
from chassis.errors import ChangedMeanwhile
from inventory.reservations.waiting.sql import notice_those_who_wait_for_one
from inventory.warehouses import sql
from inventory.warehouses.known_organization import OrganizationNotKnown
from inventory.warehouses.sourcing import Sourcing


async def set_sourcing(tx: Transaction, wanted: Sourcing, etag: str) -> Sourcing:
    """The policy for reservations from now on; those in flight are waited for. An empty etag is any. Who waits for
    units in one warehouse is tried again by the new one.

    Raises ChangedMeanwhile, OrganizationNotKnown.
    """
    present = await sql.lock_sourcing(tx)
    if present is None:
        raise OrganizationNotKnown
    if etag not in {"", present.etag}:
        raise ChangedMeanwhile(present.etag)
    if replace(wanted, version=present.version) == present:
        return present
    changed = replace(wanted, version=present.version + 1)
    await sql.update_sourcing(tx, changed)
    await notice_those_who_wait_for_one(tx)
    return changed
