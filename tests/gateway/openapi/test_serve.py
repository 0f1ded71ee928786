"""The description as it is served, and the page's text."""

import base64
import hashlib
import re

import pytest

from gateway.openapi.page import render_page
from tests.gateway.conftest import Served


async def test_the_document_is_for_programs_of_any_page(gateway: Served) -> None:
    answer = await gateway.http.get("/openapi.json")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert gateway.log[-1]["route"] == "/openapi.json"


async def test_the_page_needs_nothing_from_elsewhere(gateway: Served) -> None:
    """Its policy lets in what stands in it and nothing else, so that it shows that all of it is there."""
    answer = await gateway.http.get("/docs")

    (policy,) = answer.headers.get_list("content-security-policy")
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"(?:src|href)=\"(?!#|/openapi\.json)[^\"]*", answer.text) == []
    assert re.findall(r" (?:style|on\w+)=", answer.text) == []
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_every_operation_is_on_the_page_once_and_in_its_menu(gateway: Served) -> None:
    page, document = (await gateway.http.get("/docs")).text, (await gateway.http.get("/openapi.json")).json()
    names = [each["operationId"] for methods in document["paths"].values() for each in methods.values()]

    for name in names:
        assert page.count(f'<article id="{name}"') == 1
        assert page.count(f'<a href="#{name}"') == 2
    assert page.count("<article") == len(set(names)) == len(names)


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_who_has_it_gets_it_no_second_time(gateway: Served, path: str) -> None:
    etag = (await gateway.http.get(path)).headers["etag"]

    again = await gateway.http.get(path, headers={"If-None-Match": etag})
    other = await gateway.http.get(path, headers={"If-None-Match": '"other"'})
    posted = await gateway.http.post(path)

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert again.headers["cache-control"] == "no-cache"
    assert other.status_code == 200
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")


def test_words_of_the_contract_are_no_html() -> None:
    document = {
        "info": {"title": "<script>", "version": "1", "description": "**bold** & `<b>`\n\n- one\n- <two>"},
        "tags": [],
        "paths": {},
    }
    page = render_page(document).decode()

    assert "<title>&lt;script&gt; API</title>" in page
    assert "<p><b>bold</b> &amp; <code>&lt;b&gt;</code></p><ul><li>one</li><li>&lt;two&gt;</li></ul>" in page
