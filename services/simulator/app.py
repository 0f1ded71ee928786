"""The simulator as a process: what it is made of, and in which order that is started and stopped."""

from random import Random

from chassis.clock import SystemClock
from chassis.process import Service
from chassis.settings import load
from simulator.pace import Pace
from simulator.providers import provider_of
from simulator.server import HttpServer
from simulator.settings import Settings
from simulator.shops.control import Control
from simulator.shops.sender import Sender, make_client
from simulator.shops.shop import Shops
from simulator.shops.storefront import Storefront
from simulator.shops.traffic import Traffic

NAME = "simulator"


async def serve() -> None:
    """Serve until told to stop."""
    settings = load(Settings)
    random = Random()
    async with Service(NAME, settings) as service:
        shops = Shops(settings.simulator_folder / "shops", provider_of, settings.simulator_run)
        sender = Sender(make_client())
        service.runs("sender", sender)
        sender.resume(shops)
        storefront = Storefront(sender, SystemClock(), random)
        service.runs("pace", Pace(shops, Traffic(storefront, random).beat, random, is_behind=sender.is_behind))
        await service.serve(HttpServer(Control(shops, storefront).app(), settings.http_address))
