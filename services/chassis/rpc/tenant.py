"""For whom: the organisation comes from the verified token, never from the request."""

from chassis.errors import NotPermitted
from chassis.rpc.chain import Incoming, Method, Step


def tenant(method: Method, next_step: Step) -> Step:
    required = method.access.organization_required

    async def with_organization(incoming: Incoming) -> bytes:
        organization = incoming.caller.organization
        if organization is not None:
            incoming.span.facts["organization_id"] = organization
        elif required:
            raise NotPermitted("the token names no organisation")
        return await next_step(incoming)

    return with_organization
