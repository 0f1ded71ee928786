"""Asking identity to exchange a token."""

from uuid import UUID

import jwt

from chassis.errors import RemoteRefusal, UnavailableForNow
from chassis.rpc.client import Peer
from gateway.access.exchanges import Exchanged, Revoked
from gateway.access.revocations import Revocations
from rappit.identity.v1.tokens_pb2 import ExchangeTokenRequest, ListRevocationsRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub

EXCHANGE_SECONDS = 3.0
# What identity says of the person's token and organisation, in its own name. Anything else is between it and us.
_DOMAIN = "identity.rappit"


class Identity:
    """identity's TokenService, as the gateway asks it."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = TokenServiceStub(peer.channel)

    async def exchange(self, access_token: str, audience: str) -> Exchanged:
        """A token for the audience. Raises identity's refusal of the access token; UnavailableForNow, never 401, for
        an exchange that could not be asked."""
        request = ExchangeTokenRequest(subject_token=access_token, audience=audience)
        try:
            answer = await self._peer.call(
                self._stub.ExchangeToken, request, cause="ExchangeToken", timeout=EXCHANGE_SECONDS
            )
        except RemoteRefusal as refusal:
            if refusal.domain == _DOMAIN:
                raise
            raise UnavailableForNow("identity") from refusal
        # The token comes from identity itself: whether it is signed is for its service to ask.
        claims = jwt.decode(answer.token, options={"verify_signature": False})
        return Exchanged(
            token=answer.token,
            user_id=UUID(claims["sub"]),
            organization=UUID(claims["org"]),
            session_id=UUID(claims["sid"]),
            expires=answer.expire_time.seconds,
            permissions=frozenset(claims["perms"]),
        )

    async def revocations(self) -> Revocations:
        """What ended before its tokens did. Raises a Refusal."""
        answer = await self._peer.call(
            self._stub.ListRevocations, ListRevocationsRequest(), cause="ListRevocations", timeout=EXCHANGE_SECONDS
        )
        revoked = Revoked(
            sessions=frozenset(map(UUID, answer.ended_session_ids)),
            users=frozenset(UUID(change.user_id) for change in answer.access_changes),
            organizations=frozenset(UUID(each.organization_id) for each in answer.inactive_organizations),
        )
        return Revocations(revoked, answer.truncated)
