"""The control API: opens shops, and makes happen in them what is asked for. For laptops and tests; it asks nobody who
he is, so it is bound where only they can reach it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.shops.answers import REFUSALS, body_of, number_of
from simulator.shops.order_book import Versions
from simulator.shops.orders_api import OrdersApi
from simulator.shops.provider import ChangeRefused, Verb
from simulator.shops.requests import NewOrder, Problem, Refused, Send, Update, pieces, read, read_settings, shop_name
from simulator.shops.shop import Shop, Shops
from simulator.shops.storefront import First, Storefront

_LIMIT, _MOST = 50, 250
_VERBS = (Verb.PAY, Verb.CANCEL, Verb.FULFIL)


class Control:
    """The routes."""

    def __init__(self, shops: Shops, storefront: Storefront) -> None:
        self._shops = shops
        self._storefront = storefront

    def app(self) -> Starlette:
        """The ASGI application."""
        order = "/shops/{shop}/orders/{order}"
        routes = [
            Route("/shops/{shop}", self.open, methods=["PUT"]),
            Route("/shops/{shop}", self.show, methods=["GET"]),
            Route("/shops/{shop}/orders", self.place, methods=["POST"]),
            Route("/shops/{shop}/orders", self.list, methods=["GET"]),
            Route(order, self.show_order, methods=["GET"]),
            Route(f"{order}/update", self.update, methods=["POST"]),
            Route(f"{order}/send", self.send, methods=["POST"]),
            *OrdersApi(self._shops).routes(),
            *(Route(f"{order}/{verb}", self._change(verb), methods=["POST"]) for verb in _VERBS),
        ]
        return Starlette(routes=routes, exception_handlers=REFUSALS)

    async def open(self, request: Request) -> Response:
        """Open a shop or change its settings. The same once more changes nothing."""
        name = shop_name(request.path_params["shop"])
        settings = read_settings(await body_of(request))
        known = self._shops.get(name) is not None
        return JSONResponse(self._shops.open(name, settings).shown(), 200 if known else 201)

    async def show(self, request: Request) -> Response:
        """A shop's settings, without its secret."""
        return JSONResponse(self._shop(request).shown())

    async def list(self, request: Request) -> Response:
        """Orders as they are now, the newest first: `limit` of them, below the number `before`."""
        limit, before = number_of(request, "limit") or _LIMIT, number_of(request, "before")
        found = self._shop(request).orders.latest(min(limit, _MOST), before)
        return JSONResponse({"orders": [versions[-1].order for versions in found]})

    async def show_order(self, request: Request) -> Response:
        """An order as it is now."""
        return JSONResponse(self._order(request, to_be_read=True)[1][-1].order)

    async def place(self, request: Request) -> Response:
        """A new order."""
        shop, new = self._open_shop(request), read(NewOrder, await body_of(request))
        wanted = None if new.lines is None else pieces(shop, new.lines, least=1)
        return JSONResponse(self._storefront.place(shop, pieces=wanted, is_paid=new.paid), 201)

    async def update(self, request: Request) -> Response:
        """An edited order."""
        asked = read(Update, await body_of(request))
        shop, versions = self._order(request)
        order = versions[-1].order
        if asked.lines is None:
            return JSONResponse(self._storefront.change(shop, order, Verb.TOUCH))
        return JSONResponse(self._storefront.edit(shop, order, pieces(shop, asked.lines, least=0)))

    async def send(self, request: Request) -> Response:
        """Deliveries that are unusual. Answers when their first try was, or at once where they are delayed."""
        asked = read(Send, await body_of(request))
        shop, versions = self._order(request)
        if asked.older and asked.forge:
            raise Refused(Problem("forge", "is one thing and older another"))
        send = self._storefront.send_again
        if asked.older or asked.forge:
            send = self._storefront.send_older if asked.older else self._storefront.forge
        begun = send(shop, versions, times=asked.repeat, delay_seconds=asked.delay_seconds)
        if not begun:
            raise ChangeRefused("it never changed: there is no older copy of it")
        if not asked.delay_seconds:
            await asyncio.gather(*(first for _, first in begun))
        return JSONResponse({"deliveries": [_shown(first) for first in begun]}, 202 if asked.delay_seconds else 200)

    def _change(self, verb: Verb) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            shop, versions = self._order(request)
            return JSONResponse(self._storefront.change(shop, versions[-1].order, verb))

        return endpoint

    def _shop(self, request: Request) -> Shop:
        shop = self._shops.get(request.path_params["shop"])
        if shop is None:
            raise HTTPException(404, "there is no such shop")
        return shop

    def _open_shop(self, request: Request) -> Shop:
        shop = self._shop(request)
        if not shop.is_open.is_set():
            raise ChangeRefused("the shop rests since an earlier run: open it again")
        return shop

    def _order(self, request: Request, *, to_be_read: bool = False) -> tuple[Shop, Versions]:
        shop = self._shop(request) if to_be_read else self._open_shop(request)
        versions = shop.find(request.path_params["order"])
        if versions is None:
            raise HTTPException(404, "the shop keeps no such order")
        return shop, versions


def _shown(begun: First) -> dict[str, object]:
    """A delivery, and what became of its first try; null while that is still to come."""
    delivery, first = begun
    return {
        "topic": delivery.topic,
        "webhook_id": delivery.webhook_id,
        "fault": delivery.fault,
        "status": first.result() if first.done() else None,
    }
