"""Members on the wire."""

from chassis.timestamps import timestamp
from identity.members.member import Member
from rappit.identity.v1 import members_pb2 as proto


def member_message(member: Member) -> proto.Member:
    """The member as the organisation's people see it."""
    return proto.Member(
        user_id=str(member.user_id),
        email=member.email,
        display_name=member.display_name,
        role=member.role.name,
        join_time=timestamp(member.join_time),
        etag=member.etag,
    )
