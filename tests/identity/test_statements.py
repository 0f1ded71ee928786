"""What each call asks of the database: a fixed number of statements, however many rows there are."""

from tests.given.people import Identity
from tests.given.statements import statements


async def test_each_call_has_its_number_of_statements(identity: Identity) -> None:
    """In SignUp two are of the idempotency key, one is of the outbox; keys that sign are read once per five minutes."""
    counts = {}
    with statements() as seen:
        signed_up = await identity.sign_up()
        counts["SignUp"] = len(seen)
        seen.clear()
        tokens = await identity.sign_in(signed_up.user.email)
        seen.clear()
        tokens = await identity.sign_in(signed_up.user.email)
        counts["SignIn"] = len(seen)
        seen.clear()
        await identity.exchange(tokens.access_token)
        counts["ExchangeToken"] = len(seen)
        seen.clear()
        await identity.refresh(tokens.refresh_token)
        counts["RefreshSession"] = len(seen)

    assert counts == {"SignUp": 7, "SignIn": 7, "ExchangeToken": 2, "RefreshSession": 4}
