"""What a session is used from, in plain words: what else a browser says of itself is not kept."""

import re
from ipaddress import ip_address, ip_network
from typing import NamedTuple

# The first that a User-Agent names counts: most also claim to be those further down.
_BROWSERS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Opera": r"OPR/",
    "Samsung Internet": r"SamsungBrowser/",
    "Firefox": r"(Firefox|FxiOS)/",
    "Chrome": r"(Chrome|CriOS)/",
    "Safari": r"Safari/",
}
_SYSTEMS = {
    "iPhone": r"\biPhone\b",
    "iPad": r"\biPad\b",
    "Android": r"\bAndroid\b",
    "ChromeOS": r"\bCrOS\b",
    "Windows": r"\bWindows\b",
    "macOS": r"\bMac(intosh| OS X)\b",
    "Linux": r"\bLinux\b",
}
_PROGRAM = re.compile(r"([A-Za-z][A-Za-z0-9._-]{0,39})(?=/|$)")


class Device(NamedTuple):
    """Both empty where they are not known.

    name: "Firefox on Windows", or the program's own name, "curl".
    address: an IP address, or the network of an IPv6 one.
    """

    name: str = ""
    address: str = ""


def device_of(agent: str, address: str) -> Device:
    """What a User-Agent header and the text of an address say; anybody may have written the first."""
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    program = _PROGRAM.match(agent)
    named = browser or (program[1] if program and program[1] != "Mozilla" else "")
    return Device(" on ".join(part for part in (named, system) if part), _address(address))


def _first(patterns: dict[str, str], text: str) -> str:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text)), "")


def _address(text: str) -> str:
    try:
        return str(ip_network(text) if "/" in text else ip_address(text))
    except ValueError:
        return ""
