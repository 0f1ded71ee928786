"""RPCs of identity, and the messages that they take and answer."""

from rappit_client.gen.identity import *  # noqa: F403 (the contract says what is here)
