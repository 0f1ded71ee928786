"""GetSourcing."""

from rappit.inventory.v1.sourcing_pb2 import (
    SOURCING_RULE_LINE_BY_LINE,
    SOURCING_RULE_WHOLE_FROM_ONE,
    GetSourcingRequest,
    SetSourcingRequest,
)
from tests.inventory.conftest import Person


async def test_a_new_organization_takes_line_by_line_and_all_or_nothing(person: Person) -> None:
    sourcing = (await person.call(person.warehouses.GetSourcing, GetSourcingRequest())).sourcing

    assert (sourcing.rule, sourcing.take_partly, sourcing.etag) == (SOURCING_RULE_LINE_BY_LINE, False, "1")


async def test_each_organization_has_its_own(person: Person, stranger: Person) -> None:
    """Trap 2."""
    request = SetSourcingRequest(rule=SOURCING_RULE_WHOLE_FROM_ONE, take_partly=True)
    chosen = (await person.call(person.warehouses.SetSourcing, request)).sourcing

    assert (await person.call(person.warehouses.GetSourcing, GetSourcingRequest())).sourcing == chosen
    theirs = (await stranger.call(stranger.warehouses.GetSourcing, GetSourcingRequest())).sourcing
    assert theirs.rule == SOURCING_RULE_LINE_BY_LINE
