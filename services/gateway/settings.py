"""Settings of the gateway (RAPPIT_...)."""

from chassis.settings import Address, PeerSettings, Target


class Settings(PeerSettings):
    """What the gateway has besides what all have.

    http_address: host:port that takes webhooks and the REST API.
    identity_address, orders_address, inventory_address: gRPC targets of the services that it calls.
    """

    http_address: Address
    identity_address: Target
    orders_address: Target
    inventory_address: Target
