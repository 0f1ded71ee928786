"""Settings of the simulator."""

from pathlib import Path

from chassis.settings import Address, ProcessSettings


class Settings(ProcessSettings):
    """Environment of `python -m simulator serve`.

    http_address: host:port of the control API. It asks nobody who they are: loopback only.
    simulator_folder: where shops, their orders and what they have still to send are kept.
    simulator_run: names one run of all that the simulator is part of. A shop that was opened in another run rests, for
        its address may be a stranger's by now. Without it shops always go on.
    """

    http_address: Address
    simulator_folder: Path
    simulator_run: str = ""
