"""What is kept of a device."""

import pytest

from identity.sessions.device import Device, device_of

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{WINDOWS} Chrome/142.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} Chrome/142.0.0.0 Safari/537.36 OPR/124.0", "Opera on Windows"),
        (f"{MAC} Version/18.5 Safari/605.1.15", "Safari on macOS"),
        (f"{PHONE} Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{PHONE} CriOS/142.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36", "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox on Linux"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0 Safari/537.36", "Chrome on ChromeOS"),
        ("curl/8.14.1", "curl"),
        ("rappit-client/0.1", "rappit-client"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("Mozilla/5.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_in_plain_words(agent: str, name: str) -> None:
    assert device_of(agent, "").name == name


@pytest.mark.parametrize(
    "agent", ["<script>alert(1)</script>", "a" * 500, "name@example.com", "Ayşe's phone", "\0\n", "47"]
)
def test_nothing_that_somebody_made_up_is_kept(agent: str) -> None:
    assert device_of(agent, agent) == Device()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ("localhost", ""),
        ("203.0.113.7:443", ""),
        ("", ""),
    ],
)
def test_only_what_is_an_address_is_kept(text: str, address: str) -> None:
    assert device_of("", text).address == address
