"""Which keys sign, verify and are published."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from identity.tokens.signing_key import SigningKey, current_key, json_web_key_set, verifying_keys

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def key(key_id: str, sign_time: datetime, retire_time: datetime | None = None) -> SigningKey:
    return SigningKey(key_id, Ed25519PrivateKey.generate(), sign_time, retire_time)


OLD = key("old", NOW - 2 * HOUR, NOW + HOUR)
CURRENT = key("current", NOW - HOUR)
NEXT = key("next", NOW + HOUR)
KEYS = [NEXT, OLD, CURRENT]


def test_the_newest_key_whose_time_has_come_signs() -> None:
    assert current_key(KEYS, NOW) is CURRENT
    assert current_key(KEYS, NOW + HOUR) is NEXT


def test_a_clock_that_is_behind_signs_with_the_first_key() -> None:
    """Trap 38. Replicas' clocks differ when the first key is made, and any clock may be set back."""
    assert current_key([NEXT, CURRENT], NOW - 24 * HOUR) is CURRENT


def test_all_keys_that_are_not_retired_verify_and_are_published_before_they_sign() -> None:
    assert set(verifying_keys(KEYS, NOW)) == {"old", "current", "next"}
    assert {entry["kid"] for entry in json.loads(json_web_key_set(KEYS, NOW))["keys"]} == {"old", "current", "next"}


def test_a_retired_key_does_nothing() -> None:
    later = NOW + HOUR

    assert set(verifying_keys(KEYS, later)) == {"current", "next"}
    assert {entry["kid"] for entry in json.loads(json_web_key_set(KEYS, later))["keys"]} == {"current", "next"}
    with pytest.raises(LookupError):
        current_key([OLD], later)


def test_a_key_shows_only_its_id() -> None:
    assert repr(CURRENT) == "SigningKey(current)"
