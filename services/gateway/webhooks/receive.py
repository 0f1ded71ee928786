"""`POST /webhooks/{provider}/{store}`: from the raw bytes of a delivery to its 2xx.

The address fixes the store, the store fixes organisation and secrets; no header chooses either. 401 leaves no trace;
503 says that it was our fault, so that the store sends it again; 2xx means that it is durable.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from starlette.responses import Response

from chassis.clock import Clock
from chassis.errors import UnavailableForNow
from chassis.telemetry.traces import current_traceparent
from gateway.edge.bodies import Bodies
from gateway.edge.visits import Visit
from gateway.errors import MethodNotAllowed, SignatureWrong
from gateway.rates.limits import RateLimits
from gateway.webhooks.deliveries import MOST_BODY_BYTES, Delivery, record
from gateway.webhooks.envelopes import Envelope, Provider, read_envelope
from gateway.webhooks.intake import Intake, NotDurable
from gateway.webhooks.providers import PROVIDERS
from gateway.webhooks.signatures import decode, is_signed
from gateway.webhooks.stores import Store, Stores, StoresAway
from gateway.webhooks.subjects import STORE, find_subject

PREFIX = "/webhooks/"
ROUTE = "/webhooks/{provider}/{store}"
_STORE_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_ACCEPTED = "webhook accepted"
_REFUSED = "signature refused"
_NOT_TAKEN = "webhook not taken"
_PINGED = "webhook address tried"
# Of a store that may leave no more for now. Shopify tries again for four hours.
FULL_RETRY = timedelta(minutes=5)


class ReceiveWebhook:
    """Takes deliveries of all providers."""

    def __init__(self, stores: Stores, intake: Intake, bodies: Bodies, limits: RateLimits, clock: Clock) -> None:
        self._stores = stores
        self._intake = intake
        self._bodies = bodies
        self._limits = limits
        self._clock = clock

    async def __call__(self, visit: Visit) -> Response:
        """Raises SignatureWrong, UnavailableForNow, and what is wrong with the HTTP."""
        visit.route = ROUTE
        visit.event = _NOT_TAKEN
        if visit.method != "POST":
            raise MethodNotAllowed(["POST"])
        async with self._bodies.read(visit, most_bytes=MOST_BODY_BYTES) as body:
            if _is_ping(visit, body):
                # Said of every address that a store may have, so that nobody learns which stores there are.
                visit.event = _PINGED
                return Response()
            try:
                delivery = await self._verified(visit, body)
                await self._limits.delay(delivery.store)
                visit.facts["by"] = await self._intake.take(
                    record(delivery, self._clock.now(), current_traceparent()), delivery.organization
                )
            except StoresAway as error:
                raise UnavailableForNow("orders") from error
            except NotDurable as error:
                raise UnavailableForNow("intake") from error
        visit.event = _ACCEPTED
        return Response()

    async def _verified(self, visit: Visit, body: bytes) -> Delivery:
        """The delivery, signed by the store that the address names. Raises SignatureWrong, StoresAway."""
        provider, store_id = _address(visit.raw_path)
        if provider is None or not store_id:
            raise _refused(visit, "no such address")
        visit.facts |= {"provider": provider.name, "store_id": store_id}
        envelope = read_envelope(provider, visit.headers)
        digest = decode(envelope.signature) if envelope else None
        if envelope is None or digest is None:
            raise _refused(visit, "no signature")
        store = await self._stores.find(store_id)
        problem = _problem(store, provider, envelope, body, digest)
        if problem and store is not None:
            # Its secret or shop may be newer than what is remembered.
            store = await self._stores.find_again(store_id, store)
            problem = _problem(store, provider, envelope, body, digest)
        if problem or store is None:
            raise _refused(visit, problem)
        visit.facts["topic"] = envelope.topic if envelope.topic in provider.places else "another"
        subject = find_subject(provider.places, envelope.topic, body)
        if store.is_full and subject.kind != STORE:
            # Uninstalled and privacy are heard whatever happens.
            raise UnavailableForNow("intake", retry_after=FULL_RETRY)
        return Delivery(store.organization, store_id, provider.name, envelope, subject, body)


def _address(raw_path: str) -> tuple[Provider | None, str]:
    """Provider and store of a path; None and empty for what is none. A store's id has one spelling."""
    name, _, store_id = raw_path.removeprefix(PREFIX).partition("/")
    return PROVIDERS.get(name), store_id if _STORE_ID.fullmatch(store_id) else ""


def _is_ping(visit: Visit, body: bytes) -> bool:
    """Whether a provider only asks if its store's address answers. It signs nothing and says nothing."""
    provider, store_id = _address(visit.raw_path)
    if provider is None or not store_id or provider.ping is None:
        return False
    return visit.header(provider.signature[0]) == b"" and provider.ping.fullmatch(body) is not None


def _problem(store: Store | None, provider: Provider, envelope: Envelope, body: bytes, digest: bytes) -> str:
    """Why the delivery is not the store's; empty when it is."""
    return next(_problems(store, provider, envelope, body, digest), "")


def _problems(store: Store | None, provider: Provider, envelope: Envelope, body: bytes, digest: bytes) -> Iterator[str]:
    if store is None:
        yield "no such store"
        return
    if store.provider != provider.number:
        yield "another provider"
    if store.is_disconnected and envelope.topic not in provider.privacy:
        yield "disconnected"
    if not is_signed(body, digest, store.secrets):
        yield "wrong signature"
    if envelope.shop and envelope.shop.lower() != store.shop.lower():
        yield "another shop"


def _refused(visit: Visit, problem: str) -> SignatureWrong:
    visit.event = _REFUSED
    visit.facts["problem"] = problem
    return SignatureWrong()
