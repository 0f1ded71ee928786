"""The client against the real gateway and the real services."""

import asyncio
from dataclasses import replace
from types import NoneType
from uuid import uuid4

import pytest

from rappit_client import RappitClient, Retries, Session
from rappit_client.errors import (
    ChangedMeanwhile,
    CredentialsWrong,
    InvalidRequest,
    ItemNotFound,
    NotSignedIn,
    RefreshTokenInvalid,
    SkuTaken,
    Unreachable,
)
from rappit_client.inventory import (
    AdjustmentReason,
    AdjustStockRequest,
    CreateItemRequest,
    ExplainLevelRequest,
    GetItemRequest,
    ListItemsRequest,
    UpdateItemRequest,
)
from tests.clients.conftest import PASSWORD, Counted, Rappit
from tests.clients.faulty_line import faulty_line

REFRESH = "/v1/sessions:refresh"
RECEIVED = AdjustmentReason.ADJUSTMENT_REASON_RECEIVED


def new_item() -> CreateItemRequest:
    return CreateItemRequest(sku=f"MUG-{uuid4().hex[:12]}", name='كوب أحمر "Red" & blue')


def spoilt(session: Session | None) -> Session:
    """A session whose access token nobody accepts; its refresh token is good."""
    assert session is not None
    header, claims, _ = session.access_token.split(".")
    return replace(session, access_token=f"{header}.{claims}.{'A' * 86}")


async def test_what_is_made_is_read_changed_and_explained(rappit: RappitClient) -> None:
    made = (await rappit.inventory.create_item(new_item())).item

    adjusted = await rappit.inventory.adjust_stock(AdjustStockRequest(item_id=made.id, delta=12, reason=RECEIVED))
    explained = await rappit.inventory.explain_level(ExplainLevelRequest(item_id=made.id))

    assert (await rappit.inventory.get_item(GetItemRequest(item_id=made.id))).item == made
    assert adjusted.level.available == 12
    assert [entry.on_hand_delta for entry in explained.entries] == [12]


async def test_a_refusal_is_its_class_with_facts_and_trace(rappit: RappitClient) -> None:
    item = (await rappit.inventory.create_item(request := new_item())).item

    with pytest.raises(SkuTaken) as refused:
        await rappit.inventory.create_item(request)

    assert refused.value.facts == {"sku": item.sku, "item_id": item.id}
    assert (refused.value.status, refused.value.domain) == (409, "inventory.rappit")
    assert len(refused.value.trace_id) == 32
    assert refused.value.trace_id in str(refused.value)


async def test_fields_at_fault_are_named_as_the_message_has_them(rappit: RappitClient) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await rappit.inventory.adjust_stock(AdjustStockRequest(item_id="mug", reason=RECEIVED))

    assert [violation.field for violation in refused.value.violations] == ["item_id", "delta"]
    assert "item_id: " in str(refused.value)


async def test_a_list_is_gone_through_page_by_page(rappit: RappitClient, counted: Counted) -> None:
    item = (await rappit.inventory.create_item(new_item())).item
    for delta in (1, 2, 3, 4, 5):
        await rappit.inventory.adjust_stock(AdjustStockRequest(item_id=item.id, delta=delta, reason=RECEIVED))
    request = ExplainLevelRequest(item_id=item.id, page_size=2)

    entries = rappit.inventory.all_explain_level_entries(request)
    deltas = [(await anext(entries)).on_hand_delta for _ in range(3)]
    assert counted.sent("/v1/levels:explain") == 2
    assert request.page_token == ""
    deltas += [entry.on_hand_delta async for entry in entries]

    assert deltas == [5, 4, 3, 2, 1]
    assert counted.sent("/v1/levels:explain") == 3
    assert [found.id async for found in rappit.inventory.all_items(ListItemsRequest(sku=item.sku))] == [item.id]
    assert [order async for order in rappit.orders.all_orders()] == []


async def test_an_etag_changes_only_what_was_seen(rappit: RappitClient) -> None:
    seen = (await rappit.inventory.create_item(new_item())).item
    changed = (
        await rappit.inventory.update_item(UpdateItemRequest(item_id=seen.id, name="Blue mug", etag=seen.etag))
    ).item

    with pytest.raises(ChangedMeanwhile) as refused:
        await rappit.inventory.update_item(UpdateItemRequest(item_id=seen.id, name="Green mug", etag=seen.etag))

    assert refused.value.facts == {"etag": changed.etag}
    assert (await rappit.inventory.get_item(GetItemRequest(item_id=seen.id))).item.name == "Blue mug"


async def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(served: Rappit, counted: Counted) -> None:
    async with (
        faulty_line(served.port) as line,
        RappitClient(line.address, http=counted.http) as rappit,
    ):
        await rappit.sign_in(email=served.email, password=PASSWORD)
        item = (await rappit.inventory.create_item(new_item())).item
        counted.requests.clear()
        line.lose = 2

        request = AdjustStockRequest(item_id=item.id, delta=7, reason=RECEIVED)
        answer = await rappit.inventory.adjust_stock(request)

        levels = await rappit.inventory.explain_level(ExplainLevelRequest(item_id=item.id))
    assert line.lose == 0
    assert answer.level.on_hand == 7
    assert [entry.on_hand_delta for entry in levels.entries] == [7]
    keys = [request.headers["idempotency-key"] for request in counted.requests if request.method == "POST"]
    assert len(keys) == 3
    assert len(set(keys)) == 1


async def test_a_call_that_was_given_up_goes_on_with_the_key_of_its_error(served: Rappit) -> None:
    retries = Retries(most=1, first_wait=0.01)
    async with faulty_line(served.port) as line, RappitClient(line.address, retries=retries) as rappit:
        await rappit.sign_in(email=served.email, password=PASSWORD)
        line.lose = 2
        request = new_item()

        with pytest.raises(Unreachable) as failed:
            await rappit.inventory.create_item(request)
        again = await rappit.inventory.create_item(request, idempotency_key=failed.value.idempotency_key)

    assert failed.value.maybe_done
    assert again.item.sku == request.sku


async def test_signing_in_whose_answer_was_lost_is_not_repeated(served: Rappit, counted: Counted) -> None:
    async with faulty_line(served.port) as line, RappitClient(line.address, http=counted.http) as rappit:
        line.lose = 1

        with pytest.raises(Unreachable):
            await rappit.sign_in(email=served.email, password=PASSWORD)

    assert counted.sent("/v1/sessions") == 1


async def test_twenty_calls_whose_token_is_refused_make_one_refresh(
    rappit: RappitClient, served: Rappit, counted: Counted
) -> None:
    kept: list[Session | None] = []

    async def keep(session: Session | None) -> None:
        kept.append(session)

    async with RappitClient(
        served.address, session=spoilt(rappit.session), keep_session=keep, http=counted.http
    ) as many:
        answers = await asyncio.gather(*(many.identity.get_organization() for _ in range(20)))
        await many.inventory.create_item(new_item())

    assert {answer.organization.id for answer in answers} == {str(served.organization)}
    assert counted.sent(REFRESH) == 1
    assert kept == [many.session]
    assert kept[0] is not None
    assert rappit.session is not None
    assert kept[0].id == rappit.session.id
    assert kept[0].refresh_token != rappit.session.refresh_token


async def test_a_session_that_ended_is_told_once_and_forgotten(rappit: RappitClient, served: Rappit) -> None:
    kept: list[Session | None] = []

    async def keep(session: Session | None) -> None:
        kept.append(session)

    async with RappitClient(served.address, session=spoilt(rappit.session), keep_session=keep) as other:
        await rappit.sign_out()
        calls = (other.identity.get_organization() for _ in range(5))
        errors = await asyncio.gather(*calls, return_exceptions=True)

    assert {type(error) for error in errors} == {NotSignedIn}
    assert {type(error.__cause__) for error in errors if isinstance(error, NotSignedIn)} <= {
        RefreshTokenInvalid,
        NoneType,
    }
    assert kept == [None]
    assert other.session is None
    assert rappit.session is None


async def test_a_session_goes_on_in_the_next_program(rappit: RappitClient, served: Rappit) -> None:
    assert rappit.session is not None
    text = rappit.session.to_json()

    async with RappitClient(served.address, session=Session.from_json(text)) as next_program:
        answer = await next_program.identity.get_organization()

    assert answer.organization.name == "Souq"
    assert next_program.session == rappit.session
    assert rappit.session.access_token not in repr(rappit.session)
    assert rappit.session.refresh_token not in repr(rappit.session)


async def test_nobody_signed_in_sends_nothing(served: Rappit, counted: Counted) -> None:
    async with RappitClient(served.address, http=counted.http) as rappit:
        with pytest.raises(NotSignedIn):
            await rappit.orders.list_orders()

    assert counted.requests == []


async def test_a_wrong_password_is_refused_and_not_repeated(served: Rappit, counted: Counted) -> None:
    async with RappitClient(served.address, http=counted.http) as rappit:
        with pytest.raises(CredentialsWrong):
            await rappit.sign_in(email=served.email, password="not the password")

    assert len(counted.requests) == 1
    assert rappit.session is None


async def test_an_id_is_no_path(rappit: RappitClient, counted: Counted) -> None:
    with pytest.raises(ValueError, match="item_id is ''"):
        await rappit.inventory.get_item(GetItemRequest())
    with pytest.raises(InvalidRequest):
        await rappit.inventory.get_item(GetItemRequest(item_id="../stores/x?y=1#z:cancel"))
    with pytest.raises(ItemNotFound):
        await rappit.inventory.get_item(GetItemRequest(item_id=str(uuid4())))

    assert counted.requests[0].url.raw_path[:13] == b"/v1/items/..%"
    assert len(counted.requests) == 2
