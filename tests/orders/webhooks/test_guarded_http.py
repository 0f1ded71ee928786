"""What RAPPIT calls at a merchant's word."""

from collections.abc import AsyncIterator

import pytest

from orders.webhooks.guarded_http import GuardedHttp, NoAnswer, is_public
from tests.given.canned_http import canned_http


@pytest.fixture
async def http() -> AsyncIterator[GuardedHttp]:
    guarded = GuardedHttp()
    yield guarded
    await guarded.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0"])
async def test_a_name_of_this_machine_is_not_called(http: GuardedHttp, host: str) -> None:
    async with canned_http() as canned:
        port = canned.address.rpartition(":")[2]

        with pytest.raises(NoAnswer, match=r"private network|no address"):
            await http.get(f"http://{host}:{port}/", {})

    assert canned.asked == []


async def test_a_name_without_address_is_no_answer(http: GuardedHttp) -> None:
    with pytest.raises(NoAnswer, match="the name has no address"):
        await http.get("https://shop.invalid/", {})


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 (looked at, not bound)
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
