"""The providers' own APIs, as far as a receiver needs them who was told of an order without its content: read one."""

import base64
import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.shops.provider import Json
from simulator.shops.shop import Shop, Shops

_SHOPIFY = "/shops/{shop}/admin/api/{version}/orders/{order}.json"
_WOOCOMMERCE = "/shops/{shop}/wp-json/wc/v3/orders/{order}"


class OrdersApi:
    """The routes. Who asks shows the shop's `api_credential`: a token, or key and secret joined by a colon."""

    def __init__(self, shops: Shops) -> None:
        self._shops = shops

    def routes(self) -> list[Route]:
        """Of both providers."""
        return [
            Route(_SHOPIFY, self._answer(_shopify_token, lambda order: {"order": order})),
            Route(_WOOCOMMERCE, self._answer(_basic_credential, lambda order: order)),
        ]

    def _answer(
        self, credential_of: Callable[[Request], str], shown: Callable[[Json], Json]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            shop = self._shops.get(request.path_params["shop"])
            if shop is None or not _may_read(shop, credential_of(request)):
                return JSONResponse({"errors": "Invalid credential"}, 401)
            versions = shop.find(request.path_params["order"])
            if versions is None:
                return JSONResponse({"errors": "Not Found"}, 404)
            return JSONResponse(shown(versions[-1].order))

        return endpoint


def _may_read(shop: Shop, credential: str) -> bool:
    known = shop.settings.api_credential
    return known is not None and hmac.compare_digest(known.get_secret_value().encode(), credential.encode())


def _shopify_token(request: Request) -> str:
    return request.headers.get("x-shopify-access-token", "")


def _basic_credential(request: Request) -> str:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
    except ValueError:
        return ""
