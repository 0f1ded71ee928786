"""Settings of orders: what every service has, who verifies people's tokens, and the key that seals stores' secrets."""

from chassis.settings import MasterKeyFile, ServiceSettings, Target


class Settings(ServiceSettings):
    """Environment of `python -m orders serve`.

    identity_address: where identity gives the keys that verify people's tokens.
    master_key_file: seals the secrets with which stores sign their webhooks.
    """

    identity_address: Target
    master_key_file: MasterKeyFile
