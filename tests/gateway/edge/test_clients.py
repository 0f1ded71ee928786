"""Trap 8: who a request comes from is what trusted proxies say, and nobody else."""

from ipaddress import ip_network

import pytest

from gateway.edge.clients import ClientAddresses

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def client(peer: str, *forwarded: str, header: str = "x-forwarded-for") -> str:
    headers = [(header.encode(), value.encode()) for value in forwarded]
    return ClientAddresses(TRUSTED, header.encode()).client_of(peer, headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        # A stranger's word for himself.
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        # What the client wrote stands before what the proxy added.
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1"], "198.51.100.1"),
        # Through several proxies of ours.
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["10.1.1.1"], "10.1.1.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        # What is no address ends the search.
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, 10.2.2.2:x"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["[2001:db8:1:2:3:4:5:6]:4711"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", ["198.51.100.1"], "2001:db8:1:2::/64"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_the_client_is_the_first_that_is_not_trusted(peer: str, forwarded: list[str], expected: str) -> None:
    """Trap 8."""
    assert client(peer, *forwarded) == expected


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (["for=198.51.100.1;proto=https;by=10.0.0.1"], "198.51.100.1"),
        (['for=192.0.2.66, For="198.51.100.1:80";proto=https'], "198.51.100.1"),
        (['for="[2001:db8:1:2::7]:80"'], "2001:db8:1:2::/64"),
        (["for=_hidden, for=10.3.3.3"], "10.3.3.3"),
        (["proto=https;xfor=192.0.2.66"], "10.0.0.1"),
    ],
)
def test_the_standard_header_is_read_where_it_is_set(forwarded: list[str], expected: str) -> None:
    """Trap 8."""
    assert client("10.0.0.1", *forwarded, header="forwarded") == expected


def test_the_other_header_is_never_read() -> None:
    """Trap 8. A proxy passes it on as the client wrote it."""
    for read, other, value in [
        (b"x-forwarded-for", b"forwarded", b"192.0.2.66"),
        (b"forwarded", b"x-forwarded-for", b"for=192.0.2.66"),
    ]:
        assert ClientAddresses(TRUSTED, read).client_of("10.0.0.1", [(other, value)]) == "10.0.0.1"
