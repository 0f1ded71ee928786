"""What a request passes before it is carried out: the limits of its address, and of who calls."""

from gateway.access.exchanges import Exchanged
from gateway.edge.clients import ClientAddresses
from gateway.edge.visits import Visit
from gateway.rates.limits import RateLimits


class Door:
    """Lets requests in, or refuses them."""

    def __init__(self, addresses: ClientAddresses, limits: RateLimits) -> None:
        self._addresses = addresses
        self._limits = limits

    async def admit(self, visit: Visit) -> None:
        """Before anything is looked at: guessing tokens and passwords counts too. Raises RateLimited."""
        await self._limits.admit(visit, {"address": self.address_of(visit)})

    def address_of(self, visit: Visit) -> str:
        """The client's address as it is counted and shown: an IPv6 one by its network."""
        return self._addresses.client_of(visit.peer, visit.headers)

    async def admit_person(self, visit: Visit, person: Exchanged) -> None:
        """Once it is known who calls. Raises RateLimited."""
        await self._limits.admit(visit, {"account": str(person.user_id), "organization": str(person.organization)})
