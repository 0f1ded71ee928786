"""GetJsonWebKeySet."""

from chassis.clock import Clock
from identity.tokens.signing_key import json_web_key_set
from identity.tokens.signing_keys import SigningKeys


async def get_json_web_key_set(keys: SigningKeys, clock: Clock) -> str:
    """The public keys that verify identity's tokens, as JSON text."""
    return json_web_key_set(await keys.keys(), clock.now())
