"""The signing keys, sealed in the database; read once per CACHE_LIFE, the first one made at the first start."""

import asyncio
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.clock import Clock
from chassis.database import faults
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import UnavailableForNow
from chassis.sealing import Sealer
from identity.tokens import sql
from identity.tokens.signing_key import CACHE_LIFE, SigningKey


class SigningKeys:
    """Gives the keys that are not retired."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._keys: tuple[SigningKey, ...] = ()
        self._read_time: datetime | None = None
        self._reading = asyncio.Lock()

    async def make_first(self) -> None:
        """Make a key if there is none. Replicas that start at once make one between them."""
        async with self._database.directory() as tx:
            await sql.lock_keys(tx)
            now = self._clock.now()
            if not await sql.select_keys(tx, now):
                await add_key(tx, self._sealer, self._clock, now)

    async def keys(self) -> tuple[SigningKey, ...]:
        """The keys, at most CACHE_LIFE old. Whoever comes while they are being read waits. Raises UnavailableForNow."""
        async with self._reading:
            now = self._clock.now()
            if self._read_time is None or not self._read_time <= now < self._read_time + CACHE_LIFE:
                self._keys, self._read_time = await self._read(now), now
            return self._keys

    async def _read(self, now: datetime) -> tuple[SigningKey, ...]:
        try:
            async with self._database.directory() as tx:
                sealed = await sql.select_keys(tx, now)
        except Exception as error:
            if faults.is_passing(error):
                raise UnavailableForNow("database") from error
            raise
        return tuple(self._open(key) for key in sealed)

    def _open(self, key: sql.SealedKey) -> SigningKey:
        private = Ed25519PrivateKey.from_private_bytes(self._sealer.open(key.sealed_private_key, _context(key.id)))
        return SigningKey(key.id, private, key.sign_time, key.retire_time)


async def add_key(tx: Transaction, sealer: Sealer, clock: Clock, sign_time: datetime) -> str:
    """Make a key that signs from a time on; its id."""
    key_id, private_key = str(clock.new_id()), Ed25519PrivateKey.generate()
    sealed = sealer.seal(private_key.private_bytes_raw(), _context(key_id))
    await sql.insert_key(tx, key_id, private_key.public_key().public_bytes_raw(), sealed, sign_time)
    return key_id


def _context(key_id: str) -> str:
    """What a private key is sealed for: it opens in no other row."""
    return f"signing key {key_id}"
