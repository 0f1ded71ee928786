"""AccountService."""

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import IdempotencyKeyReused
from chassis.rpc.context import Call, Context, current_call
from identity.accounts import messages
from identity.accounts.account import NewAccount, canonical_email, organization_of_sign_up
from identity.accounts.change_password import PasswordChange, change_password
from identity.accounts.password import weakness
from identity.accounts.password_hasher import PasswordHasher
from identity.accounts.sign_up import sign_up
from identity.accounts.sql import credential_of
from identity.caller import calling_person
from identity.errors import PasswordTooWeak
from rappit.identity.v1.accounts_pb2 import (
    ChangePasswordRequest,
    ChangePasswordResponse,
    SignUpRequest,
    SignUpResponse,
)
from rappit.identity.v1.accounts_pb2_grpc import AccountServiceServicer


class Accounts(AccountServiceServicer):
    """Accounts of people."""

    def __init__(self, database: Database, clock: Clock, hasher: PasswordHasher) -> None:
        self.database = database
        self.clock = clock
        self.hasher = hasher

    async def SignUp(self, request: SignUpRequest, context: Context) -> SignUpResponse:
        call = current_call()
        problem = weakness(request.password, request.email)
        if problem:
            raise PasswordTooWeak(problem)
        password_hash = await self.hasher.hash(request.password)
        new = NewAccount(request.organization_name, request.email, request.display_name, password_hash)
        key, is_repeat = call.idempotency_key or "", True

        async def effect(tx: Transaction) -> SignUpResponse:
            nonlocal is_repeat
            is_repeat = False
            return messages.sign_up_response(await sign_up(tx, self.clock, new, call.rpc))

        # A repeat computes the same organisation, and finds the answer that the first call left there.
        organization = organization_of_sign_up(key, request.email)
        response = await self.database.answer_once(call, SignUpResponse, effect, organization=organization)
        if is_repeat and not await self._is_their_password(call, request):
            raise IdempotencyKeyReused(key)
        return response

    async def ChangePassword(self, request: ChangePasswordRequest, context: Context) -> ChangePasswordResponse:
        call = current_call()
        person = calling_person(call)
        change = PasswordChange(person.user_id, person.session_id, request.current_password, request.new_password)
        await change_password(self.database, call, self.clock, self.hasher, change)
        return ChangePasswordResponse()

    async def _is_their_password(self, call: Call, request: SignUpRequest) -> bool:
        """Whether a repeat brings the same password, of which a request's fingerprint says nothing."""
        email = canonical_email(request.email)
        credential = await self.database.look_up(call, lambda tx: credential_of(tx, email))
        return await self.hasher.verify(request.password, credential.password_hash if credential else None)
