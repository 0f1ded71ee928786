"""Settings of inventory: what every service has, and where identity is."""

from chassis.settings import ServiceSettings, Target


class Settings(ServiceSettings):
    """Environment of `python -m inventory serve`.

    identity_address: gRPC target of identity, whose public keys verify people's tokens.
    """

    identity_address: Target
