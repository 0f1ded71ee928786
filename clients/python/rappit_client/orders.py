"""RPCs of orders, and the messages that they take and answer."""

from rappit_client.gen.orders import *  # noqa: F403 (the contract says what is here)
