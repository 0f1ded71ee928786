"""Where a person's call comes from, as the gateway saw it. Nobody else is believed, and nobody else need say it."""

from dataclasses import dataclass, field

from chassis.rpc.context import Context, current_call

_TELLS = "gateway"
_ADDRESS = "x-origin-address"
_AGENT = "x-origin-agent"
# What is read of a header that strangers write, in characters.
_MOST = 512


@dataclass(frozen=True, slots=True)
class Origin:
    """Both empty where they are not known. They say something of a person: not for logs, events or traces.

    address: an IP address, or the network of an IPv6 one.
    agent: the User-Agent header.
    """

    address: str = field(default="", repr=False)
    agent: str = field(default="", repr=False)

    def metadata(self) -> list[tuple[str, str]]:
        """What is sent along with a call; gRPC takes only what can be printed in ASCII."""
        return [(name, _printable(text)) for name, text in ((_ADDRESS, self.address), (_AGENT, self.agent)) if text]


def origin_of(context: Context) -> Origin:
    """Where the call that is being served comes from."""
    if current_call().caller.service != _TELLS:
        return Origin()
    told = {name: value for name, value in context.invocation_metadata() or () if isinstance(value, str)}
    return Origin(told.get(_ADDRESS, ""), told.get(_AGENT, ""))


def _printable(text: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:_MOST])
