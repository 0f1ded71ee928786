"""ExchangeToken: a person's access token for a short one that a single service accepts (terms of RFC 8693)."""

from collections.abc import Iterable

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.permissions import permissions_of_roles
from identity.errors import TokenInvalid
from identity.roles.membership import require_member
from identity.sessions.sql import select_session
from identity.tokens.access_token import AccessToken
from identity.tokens.internal_token import InternalToken, internal_token
from identity.tokens.signing_key import SigningKey, current_key

SESSION_ENDED = "the session has ended"


async def exchange_token(
    tx: Transaction, clock: Clock, keys: Iterable[SigningKey], access: AccessToken, audience: str
) -> InternalToken:
    """A token with what the person may do now in the transaction's organisation, which the access token named.

    Refused with TokenInvalid when the session has ended, with NotAMember and with OrganizationNotActive.
    """
    now = clock.now()
    session = await select_session(tx, access.session_id)
    if session is None or session.user_id != access.user_id or not session.is_alive(now):
        raise TokenInvalid(SESSION_ENDED)
    role = await require_member(tx, access.user_id)
    permissions = permissions_of_roles()[role.name]
    key = current_key(keys, now)
    return internal_token(access, audience, permissions, key=key, token_id=clock.new_id(), now=now)
