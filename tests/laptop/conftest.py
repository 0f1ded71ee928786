"""A small service to be kept running: `python -m <name> serve`, told what to do by its environment."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from laptop.guard import Guard
from laptop.ports import free_port
from laptop.service import Service

SHOP = """
import json, os, signal, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

name = os.environ["NAME"]

def log(event, **facts):
    print(json.dumps({"event": event, "service": name, **facts}), flush=True)

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if os.environ["READY"] else 503)
        self.end_headers()

    def log_message(self, *arguments):
        pass

def stop(number, frame):
    log("stopped")
    sys.exit(0)

if os.environ["REFUSES"]:
    log("cannot serve", error=os.environ["REFUSES"])
    sys.exit(3)
signal.signal(signal.SIGTERM, stop)
log("serving", verb=sys.argv[1])
if sys.argv[1] == "serve":
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Health).serve_forever()
"""

MakeShop = Callable[..., Service]


@pytest.fixture
def make_shop(tmp_path: Path) -> MakeShop:
    """`make_shop("first")`: a service of this name; `ready=False` never gets ready, `refuses="why"` ends at once."""

    def make(name: str = "shop", *, ready: bool = True, refuses: str = "") -> Service:
        port = free_port()
        told = {"NAME": name, "PORT": str(port), "READY": "1" if ready else "", "REFUSES": refuses}
        environment = {**os.environ, **told, "PYTHONPATH": str(tmp_path)}
        package = tmp_path / name
        package.mkdir()
        (package / "__main__.py").write_text(SHOP)
        log, guard = tmp_path / "logs" / f"{name}.log", Guard(tmp_path / "started")
        return Service(name, environment, port, log=log, guard=guard)

    return make
