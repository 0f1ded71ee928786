"""Revocations on the wire."""

from chassis.timestamps import timestamp
from identity.organizations.messages import state_message
from identity.tokens.list_revocations import Revocations
from rappit.identity.v1 import tokens_pb2 as proto


def revocations_message(revocations: Revocations) -> proto.ListRevocationsResponse:
    """What ended, as the gateway is told."""
    return proto.ListRevocationsResponse(
        read_time=timestamp(revocations.read_time),
        ended_session_ids=[str(session.id) for session in revocations.sessions],
        access_changes=[
            proto.AccessChange(user_id=str(user.id), change_time=timestamp(user.revoke_time))
            for user in revocations.users
        ],
        inactive_organizations=[
            proto.InactiveOrganization(
                organization_id=str(organization.id),
                state=state_message(organization.state),
                change_time=timestamp(organization.state_time),
            )
            for organization in revocations.organizations
        ],
        truncated=revocations.truncated,
    )
