"""What identity refuses: one class per reason of `rappit.identity.v1.IdentityErrorReason`."""

from datetime import timedelta
from uuid import UUID

from grpc import StatusCode

from chassis.errors import Refusal, Violation


class IdentityRefusal(Refusal):
    """A refusal that identity gives."""

    domain = "identity.rappit"


class EmailTaken(IdentityRefusal):
    """Somebody has an account with this address."""

    code = StatusCode.ALREADY_EXISTS

    def __init__(self) -> None:
        super().__init__("the e-mail address has an account", violations=[Violation("email", "has an account")])


class PasswordTooWeak(IdentityRefusal):
    """The password is one of those that are guessed first. `problem` says why and never quotes it."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self, problem: str, field: str = "password") -> None:
        super().__init__(f"the password {problem}", violations=[Violation(field, problem)])


class CredentialsWrong(IdentityRefusal):
    """No account with this address and password; which of the two was wrong is not said."""

    code = StatusCode.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("no account with this address and password")


class TooManyAttempts(IdentityRefusal):
    """Sign-in with this address is locked for a while, whether it has an account or not."""

    code = StatusCode.RESOURCE_EXHAUSTED

    def __init__(self, retry_after: timedelta) -> None:
        seconds = max(1, round(retry_after.total_seconds()))
        super().__init__(
            "too many failed sign-ins for this address",
            facts={"retry_after_seconds": seconds},
            retry_after=timedelta(seconds=seconds),
        )


class RefreshTokenInvalid(IdentityRefusal):
    """The refresh token is unknown or expired, or its session has ended."""

    code = StatusCode.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("the refresh token is unknown, expired, or its session has ended")


class RefreshTokenReused(IdentityRefusal):
    """The refresh token was used before; its session was ended for it."""

    code = StatusCode.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("the refresh token was used before, so the session was ended")


class TokenInvalid(IdentityRefusal):
    """The access token is forged or expired, or its session has ended; `problem` says which."""

    code = StatusCode.UNAUTHENTICATED

    def __init__(self, problem: str) -> None:
        super().__init__(f"the access token is of no use: {problem}", facts={"problem": problem})


class NotAMember(IdentityRefusal):
    """The person does not belong to the organisation."""

    code = StatusCode.PERMISSION_DENIED

    def __init__(self) -> None:
        super().__init__("the person is not a member of the organisation")


class OrganizationNotActive(IdentityRefusal):
    """The organisation is suspended or closed: its people begin nothing new."""

    code = StatusCode.PERMISSION_DENIED

    def __init__(self, state: str) -> None:
        super().__init__(f"the organisation is {state.lower().replace('_', ' ')}", facts={"state": state})


class SessionNotFound(IdentityRefusal):
    """The person has no session of this id in the organisation."""

    code = StatusCode.NOT_FOUND

    def __init__(self, session_id: UUID) -> None:
        super().__init__("there is no such session", facts={"session_id": session_id})


class PasswordWrong(IdentityRefusal):
    """The password is not the account's. `field` is the request's that brought it."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self, field: str) -> None:
        super().__init__("the password is wrong", violations=[Violation(field, "is not the account's password")])


class MemberNotFound(IdentityRefusal):
    """Nobody with this id belongs to the organisation."""

    code = StatusCode.NOT_FOUND

    def __init__(self, user_id: UUID) -> None:
        super().__init__("there is no such member", facts={"user_id": user_id})


class LastAdmin(IdentityRefusal):
    """The organisation would be left without an admin."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, user_id: UUID) -> None:
        super().__init__("nobody else in the organisation is an admin", facts={"user_id": user_id})


class AlreadyAMember(IdentityRefusal):
    """The person belongs to the organisation already."""

    code = StatusCode.ALREADY_EXISTS

    def __init__(self) -> None:
        super().__init__("the person is a member already")


class AlreadyInvited(IdentityRefusal):
    """The address has an open invitation."""

    code = StatusCode.ALREADY_EXISTS

    def __init__(self, invitation_id: UUID) -> None:
        super().__init__("the address has an open invitation", facts={"invitation_id": invitation_id})


class InvitationNotFound(IdentityRefusal):
    """No invitation has this id, or this token."""

    code = StatusCode.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("there is no such invitation")


class InvitationNotOpen(IdentityRefusal):
    """The invitation was accepted or revoked, or is expired; `state` says which."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, state: str) -> None:
        super().__init__(f"the invitation is {state.lower()}", facts={"state": state})


class ResendLimitReached(IdentityRefusal):
    """The invitation was sent as often as it may be."""

    code = StatusCode.FAILED_PRECONDITION

    def __init__(self, most: int) -> None:
        super().__init__(f"the invitation was sent {most} times", facts={"most": most})
