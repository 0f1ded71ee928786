"""Who calls: the token in the `authorization` metadata, verified once and then known by its digest."""

from chassis.errors import NotAuthenticated
from chassis.rpc.chain import Incoming, Interceptor, Method, Step
from chassis.tokens import TokenVerifier

_SCHEME = "Bearer "


def authentication(verifier: TokenVerifier) -> Interceptor:
    remembered = verifier.remembered

    def intercept(_method: Method, next_step: Step) -> Step:
        async def authenticated(incoming: Incoming) -> bytes:
            header = incoming.text("authorization")
            if not header.startswith(_SCHEME):
                raise NotAuthenticated("the call carries no token")
            token = header[len(_SCHEME) :]
            incoming.caller = remembered(token) or await verifier.verify(token)
            return await next_step(incoming)

        return authenticated

    return intercept
