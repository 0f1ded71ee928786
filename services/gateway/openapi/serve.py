"""`GET /openapi.json` and `GET /docs`: the HTTP API for programs and for people. Both are made once, at the start."""

import hashlib
import json
from typing import Any

from starlette.responses import Response

from gateway.edge.visits import Visit
from gateway.errors import MethodNotAllowed
from gateway.openapi.page import content_security_policy, render_page
from gateway.rest.etags import not_modified

DOCUMENT_PATH = "/openapi.json"
PAGE_PATH = "/docs"
PATHS = frozenset({DOCUMENT_PATH, PAGE_PATH})
_METHODS = ("GET", "HEAD")


class Description:
    """Serves the document and its page."""

    def __init__(self, document: dict[str, Any]) -> None:
        encoded = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        self._answers = {
            # Of any page: there is nothing secret in it, and generators and other tools run in pages.
            DOCUMENT_PATH: _Answer(encoded, "application/json", {"access-control-allow-origin": "*"}),
            PAGE_PATH: _Answer(
                render_page(document), "text/html", {"content-security-policy": content_security_policy()}
            ),
        }

    async def __call__(self, visit: Visit) -> Response:
        """Raises MethodNotAllowed."""
        visit.route = visit.raw_path
        if visit.method not in _METHODS:
            raise MethodNotAllowed(_METHODS)
        return self._answers[visit.raw_path].to(visit)


class _Answer:
    def __init__(self, body: bytes, media_type: str, headers: dict[str, str]) -> None:
        self._body = body
        self._media_type = media_type
        self._etag = hashlib.sha256(body).hexdigest()[:16]
        self._headers = {**headers, "cache-control": "no-cache", "etag": f'"{self._etag}"'}

    def to(self, visit: Visit) -> Response:
        if not_modified(visit.header(b"if-none-match"), self._etag):
            return Response(status_code=304, headers=self._headers)
        return Response(self._body, headers=self._headers, media_type=self._media_type)
