"""SetStoreCredentials."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import InvalidRequest, Violation
from chassis.sealing import Sealer
from orders.errors import StoreDisconnected
from orders.stores import sql
from orders.stores.change_store import lock_store, save_store
from orders.stores.store import Provider, Store, StoreState, credentials_context


@dataclass(frozen=True)
class NewCredentials:
    """What a store's API knows RAPPIT by, of which provider, and where the API is; empty is https at the shop."""

    store_id: UUID
    provider: Provider
    api_address: str
    values: Mapping[str, str] = field(repr=False)


async def set_store_credentials(
    tx: Transaction, clock: Clock, sealer: Sealer, new: NewCredentials, cause: str, *, development: bool
) -> Store:
    """Keep a store's API credentials, sealed; what was to be asked of the store is asked now.

    Raises StoreNotFound, StoreDisconnected, and InvalidRequest for another provider's or an address elsewhere.
    """
    store = await lock_store(tx, new.store_id)
    if store.state is StoreState.DISCONNECTED:
        raise StoreDisconnected(store.id)
    if store.provider is not new.provider:
        raise InvalidRequest(violations=[Violation("credentials", f"are not {store.provider}'s")])
    problem = address_problem(new.api_address, store.shop, development=development)
    if problem:
        raise InvalidRequest(violations=[Violation("api_address", problem)])
    sealed = sealer.seal(json.dumps(dict(new.values)).encode(), credentials_context(store.id))
    await tx.execute(sql.SET_CREDENTIALS, (sealed, store.id))
    await tx.execute(sql.ASK_AGAIN, (store.id,))
    address = new.api_address.rstrip("/")
    after = replace(store, state=StoreState.CONNECTED, state_reason="", has_credentials=True, api_address=address)
    return await save_store(tx, clock, after, cause)


def address_problem(address: str, shop: str, *, development: bool) -> str:
    """Why RAPPIT would not call this address for the shop; empty when it would. On a laptop the shop is simulated."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError:
        return "is no address"
    if parts.username is not None or parts.query or parts.fragment or not host or "\\" in address:
        return "has more than scheme, host and path"
    if development and parts.scheme in {"http", "https"}:
        return ""
    if parts.scheme != "https" or port not in {None, 443}:
        return "is not https"
    return "" if host == shop else f"is not at {shop}"
