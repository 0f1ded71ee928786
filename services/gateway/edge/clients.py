"""Whose address a request comes from. What a stranger writes in a header decides nothing. Pure.

A proxy that is trusted names the one before it, at the end of one header; going back from there, the first that is not
trusted is the client. Only the header that is set is read: a proxy passes the other one on as the client wrote it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
_FORWARDED_FOR = re.compile(r'(?:^|[;,\s])for=(?:"([^"]*)"|([^;,\s"]*))', re.IGNORECASE)
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([^:]+):\d+")
# A household or server has one of these, and as many addresses in it as it likes.
_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class ClientAddresses:
    """trusted: the proxies before the gateway.

    header: "x-forwarded-for" or "forwarded" (RFC 7239), in which they write.
    """

    trusted: Sequence[Network] = ()
    header: bytes = b"x-forwarded-for"

    def client_of(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The client's address as it is counted: an IPv6 one by its network."""
        address = _address(peer)
        if address is None:
            return peer
        if self.trusted:
            for named in self._named(headers):
                if not self._is_trusted(address) or named is None:
                    break
                address = named
        if isinstance(address, IPv6Address):
            return str(IPv6Network((int(address), _IPV6_PREFIX), strict=False))
        return str(address)

    def _is_trusted(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.trusted)

    def _named(self, headers: Iterable[tuple[bytes, bytes]]) -> Iterator[IPv4Address | IPv6Address | None]:
        """What the proxies named, the nearest first; None for what is no address."""
        text = ",".join(value.decode("latin-1") for name, value in headers if name == self.header)
        if self.header == b"forwarded":
            named = [quoted or plain for quoted, plain in _FORWARDED_FOR.findall(text)]
        else:
            named = text.split(",") if text else []
        yield from (_address(each.strip()) for each in reversed(named))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    match = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((match[1] or match[2]) if match else text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
