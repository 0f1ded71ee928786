"""Stores on the wire."""

from datetime import UTC, timedelta
from uuid import UUID

from google.protobuf.duration_pb2 import Duration

from chassis.timestamps import timestamp
from orders.stores import store as stores
from orders.stores.read_health import ShownStore
from orders.stores.resolve_store import ResolvedStore
from orders.stores.rotate_store_secret import Rotation
from orders.stores.set_store_credentials import NewCredentials
from orders.stores.update_store import StoreUpdate
from rappit.orders.v1 import store_pb2 as nouns
from rappit.orders.v1 import stores_pb2 as proto

_PROVIDERS = {
    nouns.PROVIDER_SHOPIFY: stores.Provider.SHOPIFY,
    nouns.PROVIDER_WOOCOMMERCE: stores.Provider.WOOCOMMERCE,
}
_NUMBERS = {provider: number for number, provider in _PROVIDERS.items()}
_STATES = {
    stores.StoreState.CONNECTED: nouns.STORE_STATE_CONNECTED,
    stores.StoreState.NEEDS_REAUTH: nouns.STORE_STATE_NEEDS_REAUTH,
    stores.StoreState.DISCONNECTED: nouns.STORE_STATE_DISCONNECTED,
}
_RESERVE_WHEN = {
    stores.ReserveWhen.ON_ORDER: nouns.RESERVE_WHEN_ON_ORDER,
    stores.ReserveWhen.ON_PAYMENT: nouns.RESERVE_WHEN_ON_PAYMENT,
}
_WHENS = {number: when for when, number in _RESERVE_WHEN.items()}


def provider(number: nouns.Provider.ValueType) -> stores.Provider:
    """The provider that a request names."""
    return _PROVIDERS[number]


def store_update(request: proto.UpdateStoreRequest) -> StoreUpdate:
    """What a request changes."""
    expiry = request.unpaid_expiry.ToTimedelta() if request.HasField("unpaid_expiry") else None
    when = _WHENS.get(request.reserve_when)
    return StoreUpdate(UUID(request.store_id), request.etag, request.name or None, when, expiry)


def rotation(request: proto.RotateStoreSecretRequest) -> Rotation:
    """The next secret that a request gives."""
    given = request.HasField("old_secret_end_time")
    end_time = request.old_secret_end_time.ToDatetime(UTC) if given else None
    return Rotation(UUID(request.store_id), request.webhook_secret, end_time)


def credentials(request: proto.SetStoreCredentialsRequest) -> NewCredentials:
    """The credentials that a request gives."""
    if request.WhichOneof("credentials") == "shopify":
        of, values = stores.Provider.SHOPIFY, {"access_token": request.shopify.access_token}
    else:
        given = request.woocommerce
        of = stores.Provider.WOOCOMMERCE
        values = {"consumer_key": given.consumer_key, "consumer_secret": given.consumer_secret}
    return NewCredentials(UUID(request.store_id), of, request.api_address, values)


def store_message(store: stores.Store) -> nouns.Store:
    """The store as its people see it."""
    end_time = store.old_webhook_secret_end_time
    return nouns.Store(
        id=str(store.id),
        provider=_NUMBERS[store.provider],
        name=store.name,
        shop=store.shop,
        webhook_path=store.webhook_path,
        create_time=timestamp(store.create_time),
        state=_STATES[store.state],
        state_reason=store.state_reason,
        reserve_when=_RESERVE_WHEN[store.reserve_when],
        unpaid_expiry=_duration(store.unpaid_expiry),
        etag=str(store.version),
        update_time=timestamp(store.update_time),
        has_credentials=store.has_credentials,
        old_webhook_secret_end_time=timestamp(end_time) if end_time else None,
        api_address=store.api_address,
    )


def shown_store(shown: ShownStore) -> nouns.Store:
    """The store with how it goes."""
    store, health, next_steps = shown
    message = store_message(store)
    message.health.CopyFrom(
        nouns.StoreHealth(
            last_delivery_time=timestamp(health.last_delivery_time) if health.last_delivery_time else None,
            waiting_deliveries=health.waiting,
            parked_deliveries=health.parked,
            orders_to_ask=health.to_ask,
            next_steps=next_steps,
        )
    )
    return message


def resolve_store_response(resolved: ResolvedStore) -> proto.ResolveStoreResponse:
    """The store as the gateway sees it."""
    return proto.ResolveStoreResponse(
        organization_id=str(resolved.organization),
        provider=_NUMBERS[resolved.store.provider],
        shop=resolved.store.shop,
        webhook_secrets=resolved.webhook_secrets,
        intake_full=resolved.intake_full,
        state=_STATES[resolved.store.state],
    )


def _duration(length: timedelta) -> Duration:
    message = Duration()
    message.FromTimedelta(length)
    return message
