"""A bare ASGI handler that only checks the HMAC and produces to Kafka, on the gateway's own server and client library.

python -m tests.bench.yardsticks.bare_webhook PORT SECRET BOOTSTRAP TOPIC
"""

import base64
import hashlib
import hmac
import sys
from typing import Any

import uvicorn
from aiokafka import AIOKafkaProducer


class BareWebhook:
    """The ASGI application."""

    def __init__(self, secret: str, bootstrap: str, topic: str) -> None:
        self._secret = secret.encode()
        self._bootstrap = bootstrap
        self._topic = topic
        self._producer: AIOKafkaProducer | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        said = dict(scope["headers"]).get(b"x-shopify-hmac-sha256", b"")
        right = hmac.compare_digest(base64.b64encode(hmac.new(self._secret, body, hashlib.sha256).digest()), said)
        if right:
            assert self._producer is not None
            await self._producer.send_and_wait(self._topic, body)
        await send({"type": "http.response.start", "status": 200 if right else 401, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self._producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, acks="all", linger_ms=0)
        await self._producer.start()
        await send({"type": "lifespan.startup.complete"})
        print("ready", flush=True)
        await receive()
        await self._producer.stop()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    port, secret, bootstrap, topic = sys.argv[1:]
    uvicorn.run(
        BareWebhook(secret, bootstrap, topic),
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
