"""Every RPC answers as its descriptor says. The list of them, the requests and what each needs come from the contract:
a new RPC is tested by being declared, and one that cannot be probed fails.
"""

import time
from uuid import uuid4

import grpc
import pytest

from chassis.errors import RemoteRefusal
from chassis.permissions import access_of, rpcs
from tests.contract.example_requests import hostile_requests, invalid_requests, valid_request
from tests.contract.installation import ALL_PERMISSIONS, Installation, callee_of
from tests.given.service_keys import SERVICES

RPCS = rpcs()
every_rpc = pytest.mark.parametrize("rpc", RPCS)

UNAUTHENTICATED = (grpc.StatusCode.UNAUTHENTICATED, "rappit", "NOT_AUTHENTICATED")
NOT_PERMITTED = (grpc.StatusCode.PERMISSION_DENIED, "rappit", "NOT_PERMITTED")
INVALID_REQUEST = (grpc.StatusCode.INVALID_ARGUMENT, "rappit", "INVALID_REQUEST")
DEADLINE_REQUIRED = (grpc.StatusCode.INVALID_ARGUMENT, "rappit", "DEADLINE_REQUIRED")
KEY_REQUIRED = (grpc.StatusCode.INVALID_ARGUMENT, "rappit", "IDEMPOTENCY_KEY_REQUIRED")

# What a good call of somebody who may call must not be told.
TURNED_AWAY = {
    "NOT_AUTHENTICATED",
    "NOT_PERMITTED",
    "INVALID_REQUEST",
    "DEADLINE_REQUIRED",
    "IDEMPOTENCY_KEY_REQUIRED",
    "INTERNAL_FAULT",
    "UNAVAILABLE_FOR_NOW",
    "DEADLINE_PASSED",
}


def said(refusal: RemoteRefusal | None) -> tuple[grpc.StatusCode, str, str] | None:
    """Code, domain and reason; None for an answer."""
    return (refusal.code, refusal.domain, refusal.reason) if refusal else None


def raw(rpc: str) -> bytes:
    """A request that obeys every rule."""
    return valid_request(rpc).SerializeToString()


async def test_every_service_of_the_contract_serves(installation: Installation) -> None:
    assert set(installation.peers) == {callee_of(rpc) for rpc in RPCS}


@every_rpc
async def test_a_good_call_is_let_in(installation: Installation, rpc: str) -> None:
    """What it is told then, of things that are not there, is the service's own business; that nothing breaks is not."""
    refusal = await installation.refusal(rpc, raw(rpc), token=installation.allowed(rpc), key=str(uuid4()))

    assert refusal is None or refusal.reason not in TURNED_AWAY, refusal


@every_rpc
async def test_nobody_is_let_in_without_a_good_token(installation: Installation, rpc: str) -> None:
    """Trap 50."""
    now = int(time.time())
    service = min(access_of(rpc).services or {"gateway"})
    bad = {
        "no token": None,
        "no token at all": "x",
        "for another audience": installation.person(rpc, *ALL_PERMISSIONS, aud="shipping"),
        "for another service": installation.mint.service_token(service, "shipping"),
        "expired": installation.allowed(rpc, iat=now - 120, exp=now - 60),
        "that lives too long": installation.allowed(rpc, exp=now + 3600),
        "of another issuer": installation.person(rpc, *ALL_PERMISSIONS, iss="gateway"),
        "of a service, signed by another": installation.service(service, rpc, key_of="shipping"),
        "with the permissions of a person for a service": installation.service(service, rpc, perms=ALL_PERMISSIONS),
    }
    answers = {
        name: said(await installation.refusal(rpc, raw(rpc), token=token, key="k")) for name, token in bad.items()
    }

    assert answers == dict.fromkeys(bad, UNAUTHENTICATED)


@every_rpc
async def test_a_person_is_let_in_only_by_the_permission(installation: Installation, rpc: str) -> None:
    """Trap 4. All other permissions together do not help; where no person may call, all of them do not."""
    access = access_of(rpc)
    others = [permission for permission in ALL_PERMISSIONS if permission != access.permission]
    # The empty one is no permission, though an RPC that no person may call names it.
    token = installation.person(rpc, "", *others)
    refusal = await installation.refusal(rpc, raw(rpc), token=token, key=str(uuid4()))

    if access.every_user:
        assert said(refusal) != NOT_PERMITTED
    else:
        assert said(refusal) == NOT_PERMITTED
        assert refusal is not None
        assert refusal.facts == ({"permission": access.permission} if access.permission else {})


@every_rpc
async def test_a_service_that_is_not_listed_is_refused(installation: Installation, rpc: str) -> None:
    """Trap 50."""
    answers = {
        name: said(await installation.refusal(rpc, raw(rpc), token=token, key="k"))
        for name in installation.not_listed(rpc)
        for token in [installation.service(name, rpc, organization=installation.organization)]
    }

    assert answers == dict.fromkeys(answers, NOT_PERMITTED)
    assert len(answers) + len(access_of(rpc).services) == len(SERVICES)


@every_rpc
async def test_a_service_that_is_listed_names_the_organization_where_one_is_needed(
    installation: Installation, rpc: str
) -> None:
    access = access_of(rpc)
    for name in access.services:
        token = installation.service(name, rpc)
        refusal = await installation.refusal(rpc, raw(rpc), token=token, key=str(uuid4()))
        assert (said(refusal) == NOT_PERMITTED) == access.organization_required


@every_rpc
async def test_a_call_without_a_deadline_is_refused(installation: Installation, rpc: str) -> None:
    token = installation.allowed(rpc)
    refusal = await installation.refusal(rpc, raw(rpc), token=token, key="k", within=None)

    assert said(refusal) == DEADLINE_REQUIRED


@every_rpc
async def test_an_rpc_that_takes_a_key_demands_it(installation: Installation, rpc: str) -> None:
    token = installation.allowed(rpc)
    answers = [said(await installation.refusal(rpc, raw(rpc), token=token, key=key)) for key in (None, "", "k" * 201)]

    if access_of(rpc).idempotency_key:
        assert answers == [KEY_REQUIRED] * 3
    else:
        assert KEY_REQUIRED not in answers


@every_rpc
async def test_bytes_that_are_no_request_are_refused(installation: Installation, rpc: str) -> None:
    refusal = await installation.refusal(rpc, b"\xff\xff\xff", token=installation.allowed(rpc), key="k")

    assert said(refusal) == INVALID_REQUEST


@every_rpc
async def test_each_field_that_breaks_its_rule_is_named(installation: Installation, rpc: str) -> None:
    token = installation.allowed(rpc)
    for path, request in invalid_requests(rpc).items():
        refusal = await installation.refusal(rpc, request.SerializeToString(), token=token, key="k")
        assert said(refusal) == INVALID_REQUEST, path
        assert refusal is not None
        assert any(violation.field.startswith(path) for violation in refusal.violations), refusal.violations


@every_rpc
async def test_no_text_breaks_it(installation: Installation, rpc: str) -> None:
    """NUL, which PostgreSQL does not take; signs that turn the line round; quotes, patterns, line ends."""
    token = installation.allowed(rpc)
    for path, request in hostile_requests(rpc):
        refusal = await installation.refusal(rpc, request.SerializeToString(), token=token, key=str(uuid4()))
        assert refusal is None or refusal.reason != "INTERNAL_FAULT", path
