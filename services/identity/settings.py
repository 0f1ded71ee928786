"""Settings of identity: what every service has, and the master key that seals its secrets."""

from chassis.settings import MasterKeyFile, ServiceSettings


class Settings(ServiceSettings):
    """Environment of `python -m identity serve`.

    master_key_file: seals signing keys and, for the ten seconds of their grace, refresh tokens.
    """

    master_key_file: MasterKeyFile
