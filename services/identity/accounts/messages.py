"""Accounts on the wire."""

from identity.accounts.account import User
from identity.accounts.sign_up import SignedUp
from identity.organizations.messages import organization_message
from rappit.identity.v1 import accounts_pb2 as proto


def user_message(user: User) -> proto.User:
    """The person as they see themselves."""
    return proto.User(id=str(user.id), email=user.email, display_name=user.display_name)


def sign_up_response(signed_up: SignedUp) -> proto.SignUpResponse:
    """The answer to a sign-up."""
    return proto.SignUpResponse(
        organization=organization_message(signed_up.organization), user=user_message(signed_up.user)
    )
