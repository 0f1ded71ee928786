"""TokenService."""

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Context, current_call
from chassis.timestamps import timestamp
from identity.tokens.access_token import decode_access_token
from identity.tokens.exchange_token import exchange_token
from identity.tokens.get_json_web_key_set import get_json_web_key_set
from identity.tokens.internal_token import InternalToken
from identity.tokens.list_revocations import list_revocations
from identity.tokens.messages import revocations_message
from identity.tokens.signing_key import verifying_keys
from identity.tokens.signing_keys import SigningKeys
from rappit.identity.v1.tokens_pb2 import (
    ExchangeTokenRequest,
    ExchangeTokenResponse,
    GetJsonWebKeySetRequest,
    GetJsonWebKeySetResponse,
    ListRevocationsRequest,
    ListRevocationsResponse,
)
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceServicer


class Tokens(TokenServiceServicer):
    """Tokens between parts of RAPPIT."""

    def __init__(self, database: Database, clock: Clock, keys: SigningKeys) -> None:
        self.database = database
        self.clock = clock
        self.keys = keys

    async def ExchangeToken(self, request: ExchangeTokenRequest, context: Context) -> ExchangeTokenResponse:
        keys, now = await self.keys.keys(), self.clock.now()
        access = decode_access_token(request.subject_token, verifying_keys(keys, now), now)

        async def effect(tx: Transaction) -> InternalToken:
            return await exchange_token(tx, self.clock, keys, access, request.audience)

        internal = await self.database.read(current_call(), effect, organization=access.organization_id)
        return ExchangeTokenResponse(token=internal.text, expire_time=timestamp(internal.expire_time))

    async def GetJsonWebKeySet(self, request: GetJsonWebKeySetRequest, context: Context) -> GetJsonWebKeySetResponse:
        return GetJsonWebKeySetResponse(json=await get_json_web_key_set(self.keys, self.clock))

    async def ListRevocations(self, request: ListRevocationsRequest, context: Context) -> ListRevocationsResponse:
        return revocations_message(await list_revocations(self.database, self.clock))
