"""Sessions on the wire."""

from uuid import UUID

from chassis.timestamps import timestamp
from identity.sessions.device import Device
from identity.sessions.session import Session
from identity.sessions.session_tokens import SessionTokens
from identity.sessions.sign_in import Attempt
from rappit.identity.v1 import sessions_pb2 as proto


def attempt(request: proto.SignInRequest, device: Device) -> Attempt:
    """What somebody signs in with."""
    organization = UUID(request.organization_id) if request.organization_id else None
    return Attempt(request.email, request.password, organization, device)


def tokens_message(tokens: SessionTokens) -> proto.SessionTokens:
    """The tokens as their holder gets them."""
    return proto.SessionTokens(
        access_token=tokens.access_token,
        access_expire_time=timestamp(tokens.access.expire_time),
        refresh_token=tokens.refresh_token,
        refresh_expire_time=timestamp(tokens.refresh_expire_time),
        session_id=str(tokens.access.session_id),
        organization_id=str(tokens.access.organization_id),
        user_id=str(tokens.access.user_id),
    )


def session_message(session: Session, *, current: UUID | None = None) -> proto.Session:
    """The session as its person sees it; `current` is the one that asks."""
    return proto.Session(
        id=str(session.id),
        create_time=timestamp(session.create_time),
        refresh_time=timestamp(session.rotate_time),
        expire_time=timestamp(session.expire_time),
        current=session.id == current,
        device=session.device,
        address=session.address,
    )
