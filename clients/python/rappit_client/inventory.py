"""RPCs of inventory, and the messages that they take and answer."""

from rappit_client.gen.inventory import *  # noqa: F403 (the contract says what is here)
