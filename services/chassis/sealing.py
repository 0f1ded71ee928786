"""Sealing: what is secret at rest is encrypted (AES-256-GCM) under a master key that can be changed at any time.

A sealed value is: length of the key id (1 byte), key id, nonce (12), ciphertext with its tag. The context ("store <id>
consumer secret") is authenticated with it, so a value that is copied into another row does not open there.

To change the key: put a new line in front of the file (`keys.new_master_key`), restart, seal again what `is_current`
denies, take the old line out.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.keys import KeyRefused, refuse_weak

_NONCE_BYTES = 12
_KEY_BYTES = 32
_LONGEST_KEY_ID = 64


class CannotOpen(Exception):
    """The value is damaged, belongs to another context, or was sealed under a key that is no longer in the file."""


class Sealer:
    """Seals under the first key of a file and opens under any."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """keys: key id -> 32 bytes, the current one first."""
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))

    @classmethod
    def from_file(cls, path: Path) -> "Sealer":
        """Read `<key id>:<base64 of 32 bytes>` lines. Raises KeyRefused."""
        return cls(master_keys(path.read_text()))

    def seal(self, plain: bytes, context: str) -> bytes:
        """The value as it may be stored. `context` says whose it is and must be the same at opening."""
        key_id = self._current.encode()
        nonce = os.urandom(_NONCE_BYTES)
        head = bytes([len(key_id)]) + key_id
        return head + nonce + self._ciphers[self._current].encrypt(nonce, plain, head + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The value that was sealed for this context. Raises CannotOpen."""
        key_id, length = _key_id(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"sealed under the key {key_id!r}, which is not in the file of master keys")
        nonce, rest = sealed[length : length + _NONCE_BYTES], sealed[length + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, rest, sealed[:length] + context.encode())
        except (InvalidTag, ValueError):
            raise CannotOpen("damaged, or sealed for another context") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether it is sealed under the current key; if not, open it and seal it again."""
        return _key_id(sealed)[0] == self._current


def master_keys(text: str) -> dict[str, bytes]:
    """The keys of a file of master keys, the current one first. Raises KeyRefused."""
    keys: dict[str, bytes] = {}
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        key_id, colon, encoded = line.partition(":")
        if not colon or not 1 <= len(key_id) <= _LONGEST_KEY_ID or not key_id.isascii() or key_id in keys:
            raise KeyRefused(f"has a line {number} that does not begin with a key id of its own and a colon")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != _KEY_BYTES:
            raise KeyRefused(f"holds in line {number} no base64 of {_KEY_BYTES} bytes")
        refuse_weak(key)
        keys[key_id] = key
    if not keys:
        raise KeyRefused("holds no key")
    return keys


def _key_id(sealed: bytes) -> tuple[str, int]:
    """The key id in front of a sealed value, and where it ends."""
    end = 1 + sealed[0] if sealed else 0
    if not 1 < end <= len(sealed):
        raise CannotOpen("no sealed value")
    return sealed[1:end].decode("ascii", "replace"), end
