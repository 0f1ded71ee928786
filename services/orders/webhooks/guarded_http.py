"""HTTP to addresses that a merchant named: never into our own network, never elsewhere by a redirect, never endless."""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2

MOST_BYTES = 900_000
ANSWER_SECONDS = 10.0
_CONNECT_SECONDS = 3.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NoAnswer(Exception):
    """Nothing usable came back; the words are ours and name no secret."""


class Answer(NamedTuple):
    """A status, a whole body (empty unless the status is 200), and when to come again, as the header says it."""

    status: int
    body: bytes
    retry_after: str


class GuardedHttp:
    """One client for all stores; `private`: a laptop, where a store may be on this machine."""

    def __init__(self, *, private: bool = False) -> None:
        self._private = private
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(ANSWER_SECONDS, connect=_CONNECT_SECONDS),
            # A connection is known by its address, which shops share, and was proven for one of their names alone.
            limits=httpx2.Limits(max_keepalive_connections=0),
            trust_env=False,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Raises NoAnswer: not resolved, not public, too late, too long, broken off."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                address = await self._resolve(host, port)
                # To the address that was looked at: the name could mean another one a moment later.
                literal = f"[{address}]" if ":" in address else address
                target = parts._replace(netloc=f"{literal}:{port}").geturl()
                named = {**headers, "Host": parts.netloc, "Accept-Encoding": "identity"}
                return await self._read(target, named, host)
        except TimeoutError:
            raise NoAnswer(f"no answer in {ANSWER_SECONDS:.0f} seconds") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from None

    async def _read(self, target: str, headers: Mapping[str, str], host: str) -> Answer:
        extensions = {"sni_hostname": host}
        async with self._client.stream("GET", target, headers=headers, extensions=extensions) as response:
            body = bytearray()
            if response.status_code == httpx2.codes.OK:
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise NoAnswer(f"an answer of more than {MOST_BYTES} bytes")
            return Answer(response.status_code, bytes(body), response.headers.get("retry-after", ""))

    async def _resolve(self, host: str, port: int) -> str:
        """An address of a host, if all of them are public; IPv4 first, which every network of ours reaches."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NoAnswer("the name has no address") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self._private and not all(map(is_public, addresses)):
            raise NoAnswer("the name leads into a private network")
        return min(addresses, key=lambda address: ":" in address)


def is_public(address: str) -> bool:
    """Whether an address is one of the internet's, also inside an IPv6 address that carries an IPv4 one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo and parsed.teredo[1])
        if inner or parsed in _NAT64:
            return is_public(str(inner)) if inner else False
    return parsed.is_global and not parsed.is_multicast
