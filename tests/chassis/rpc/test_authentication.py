"""Who calls, as a verified token says; nobody else is let in."""

import time
from typing import Any
from uuid import uuid4

import grpc
import pytest

from chassis import tokens
from chassis.errors import RemoteRefusal
from rappit.identity.v1.tokens_pb2 import GetJsonWebKeySetRequest
from tests.given.log_lines import LogLines
from tests.given.mint import Mint
from tests.given.refusals import refused
from tests.given.served_items import Served, serving


async def test_a_person_is_who_the_token_says(served: Served) -> None:
    session = uuid4()
    await served.list_items(
        token=served.mint.internal_token(
            "inventory",
            "items.read",
            organization=served.organization,
            user=served.user,
            sid=str(session),
            act={"sub": "platform:omar"},
        )
    )

    caller = served.items.calls[0].caller
    assert (caller.name, caller.user_id, caller.session_id) == (f"user:{served.user}", served.user, session)
    assert (caller.organization, caller.permissions) == (served.organization, frozenset({"items.read"}))
    assert (caller.impersonator, caller.service) == ("platform:omar", None)


async def test_a_service_is_who_signed_the_token(served: Served) -> None:
    await served.peer.call(served.token_stub.GetJsonWebKeySet, GetJsonWebKeySetRequest(), cause="event 7")

    caller = served.tokens.calls[0].caller
    assert (caller.name, caller.service, caller.cause) == ("service:orders", "orders", "event 7")
    assert (caller.organization, caller.permissions, caller.user_id) == (None, frozenset(), None)


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer ", "Basic b3I6MQ==", "Bearer a.b.c", "Bearer " + "x" * 9000]
)
async def test_without_a_good_token_nobody_is_let_in(
    served: Served, log_lines: LogLines, authorization: str | None
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await served.send("rappit.inventory.v1.ItemService/ListItems", authorization=authorization)

    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED
    assert served.items.calls == []
    assert len(log_lines.of("call refused")) == 1


async def test_a_token_is_verified_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    def counted(*arguments: Any, **more: Any) -> dict[str, Any]:
        verified.append(arguments)
        return original(*arguments, **more)

    original = tokens.verified_claims
    monkeypatch.setattr(tokens, "verified_claims", counted)
    for _ in range(5):
        await served.list_items()

    assert len(verified) == 1
    assert len(served.items.calls) == 5


async def test_keys_that_cannot_be_asked_for_are_no_fault_of_the_token(mint: Mint) -> None:
    """An exchange that cannot be asked is UNAVAILABLE, which a client repeats, and never UNAUTHENTICATED."""

    async def away() -> str:
        raise RemoteRefusal("away", code=grpc.StatusCode.UNAVAILABLE, domain="rappit", reason="UNAVAILABLE_FOR_NOW")

    mint.identity_keys = away  # type: ignore[method-assign]
    async with serving(mint) as served:
        with refused("UNAVAILABLE_FOR_NOW") as refusal:
            await served.list_items()

    assert refusal.error.facts == {"part": "identity"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"key_of": "inventory"},  # signed by another service
        {"iss": "gateway", "sub": "gateway"},  # a name that is not the key's
        {"sub": "gateway"},
        {"aud": "identity"},  # for another callee
        {"aud": ["inventory", "identity"]},
        {"perms": ["items.read"]},  # a person's permissions
        {"sid": "1"},
        {"exp": int(time.time()) + 86400},  # for longer than a minute
        {"iat": int(time.time()) - 600, "exp": int(time.time()) - 540},
    ],
)
async def test_a_service_token_used_by_or_for_another_is_refused(served: Served, wrong: dict[str, Any]) -> None:
    """Trap 50."""
    good = served.mint.service_token("orders", "inventory")
    bad = served.mint.service_token("orders", "inventory", **wrong)
    await served.peer.call(served.token_stub.GetJsonWebKeySet, GetJsonWebKeySetRequest(), token=good)
    with refused("NOT_AUTHENTICATED"):
        await served.peer.call(served.token_stub.GetJsonWebKeySet, GetJsonWebKeySetRequest(), token=bad)

    assert len(served.tokens.calls) == 1
