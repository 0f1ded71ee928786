"""Whether the caller may: a person by a permission, a service by its name in the contract. By default nobody may."""

from chassis.errors import NotPermitted
from chassis.rpc.chain import Incoming, Method, Step
from chassis.rpc.context import Caller


def permission(method: Method, next_step: Step) -> Step:
    access = method.access

    def check(caller: Caller) -> None:
        if caller.service is not None:
            if caller.service not in access.services:
                raise NotPermitted(f"{caller.service} may not call this")
        elif not access.users:
            raise NotPermitted("people may not call this")
        elif not access.every_user and access.permission not in caller.permissions:
            raise NotPermitted(f"the permission {access.permission} is missing", permission=access.permission)

    async def permitted(incoming: Incoming) -> bytes:
        check(incoming.caller)
        return await next_step(incoming)

    return permitted
