"""Organisations on the wire."""

from chassis.timestamps import timestamp
from identity.organizations.organization import Organization, State
from rappit.identity.v1 import organizations_pb2 as proto

_STATES = {
    State.ACTIVE: proto.ORGANIZATION_STATE_ACTIVE,
    State.PAST_DUE: proto.ORGANIZATION_STATE_PAST_DUE,
    State.SUSPENDED: proto.ORGANIZATION_STATE_SUSPENDED,
    State.CLOSED: proto.ORGANIZATION_STATE_CLOSED,
}


def state_message(state: State) -> proto.OrganizationState.ValueType:
    """The state as the contract numbers it."""
    return _STATES[state]


def organization_message(organization: Organization) -> proto.Organization:
    """The organisation as its people see it."""
    return proto.Organization(
        id=str(organization.id),
        name=organization.name,
        state=state_message(organization.state),
        create_time=timestamp(organization.create_time),
    )
