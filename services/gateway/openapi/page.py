"""The OpenAPI document as one page for people: plain HTML that needs nothing from elsewhere."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from typing import Any

Json = dict[str, Any]

_CODE = re.compile(r"`([^`]+)`")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


def render_page(document: Json) -> bytes:
    """The page. `content_security_policy` is what it must be served with."""
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    info = document["info"]
    menu, groups = [], []
    for tag in document["tags"]:
        mine = [each for each in operations if tag["name"] in each[2]["tags"]]
        title = escape(tag["name"])
        menu.append(f"<div data-group><h2>{title}</h2>{''.join(_link(*each) for each in mine)}</div>")
        articles = "".join(_article(*each, document) for each in mine)
        groups.append(f"<section data-group><h2>{title}</h2>{_prose(tag['description'])}{articles}</section>")
    return "".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(info['title'])} API</title><style>{_asset('page.css')}</style></head><body>",
            '<a class="skip" href="#api">Skip the menu</a>',
            '<div class="frame"><nav aria-label="Operations">',
            '<input type="search" placeholder="Search  ( / )" aria-label="Search operations" autocomplete="off">',
            *menu,
            '</nav><main id="api" tabindex="-1">',
            f'<h1>{escape(info["title"])} API <span class="soft">{escape(info["version"])}</span></h1>',
            '<p class="soft"><a href="/openapi.json">openapi.json</a> (OpenAPI 3.1) makes clients of any language.</p>',
            _prose(info["description"]),
            '<p id="nothing" hidden>Nothing is called so.</p>',
            *groups,
            f"</main></div><script>{_asset('page.js')}</script></body></html>",
        ]
    ).encode()


def content_security_policy() -> str:
    """Lets in this page's own style and script, and nothing else."""
    style, script = (_digest(_asset(name)) for name in ("page.css", "page.js"))
    return f"default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; frame-ancestors 'none'"


def _asset(name: str) -> str:
    return files("gateway.openapi").joinpath(name).read_text()


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _link(method: str, path: str, operation: Json) -> str:
    return (
        f'<a href="#{operation["operationId"]}" data-words="{_words(method, path, operation)}">'
        f'<span class="method {method}">{method.upper()}</span>{_title(operation)}</a>'
    )


def _title(operation: Json) -> str:
    """`CancelOrder` as people write it."""
    return escape(re.sub(r"(?<!^)(?=[A-Z])", " ", operation["operationId"]).capitalize())


def _words(method: str, path: str, operation: Json) -> str:
    refusals = re.findall(r"`([A-Z_]+)`", json.dumps(operation["responses"]))
    words = [
        method,
        path,
        operation["operationId"],
        _title(operation),
        operation["description"],
        *sorted(set(refusals)),
    ]
    return escape(" ".join(words).lower())


def _article(method: str, path: str, operation: Json, document: Json) -> str:
    role = operation.get("x-least-role")
    who = f"Needs <code>{operation['x-permission']}</code>, which {role} and above have." if role else ""
    who = who or ("Everybody who is signed in." if operation["security"] else "Nobody need be signed in.")
    parts = [
        f'<article id="{operation["operationId"]}" data-words="{_words(method, path, operation)}">',
        f'<h3><a href="#{operation["operationId"]}">{_title(operation)}</a></h3>',
        f'<div class="path"><span class="method {method}">{method.upper()}</span> {escape(path)}</div>',
        _prose(operation["description"]),
        f'<p class="soft">{who}</p>',
        _parameters(operation["parameters"], document),
    ]
    if "requestBody" in operation:
        parts.append(_content("Body", operation["requestBody"]["content"]["application/json"], document))
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            if status == "200":
                parts.append(_content(f"Answer <code>{media_type}</code>", content, document))
    refusals = [response for status, response in operation["responses"].items() if status[0] in "345"]
    statuses = [status for status in operation["responses"] if status[0] in "345"]
    rows = [
        f"<tr><td>{status}</td><td>{_prose(each['description'])}</td></tr>"
        for status, each in zip(statuses, refusals, strict=True)
    ]
    parts.append(f"<details><summary>Refusals</summary><table>{''.join(rows)}</table></details></article>")
    return "".join(parts)


def _parameters(parameters: list[Json], document: Json) -> str:
    if not parameters:
        return ""
    rows = [
        _row(
            each["name"],
            f"{_kind(each['schema'], document)} in {each['in']}",
            each["description"],
            "required" if each["required"] else "",
        )
        for each in parameters
    ]
    return f"<h4>Parameters</h4><table>{''.join(rows)}</table>"


def _content(title: str, content: Json, document: Json) -> str:
    rows = "".join(_rows(content["schema"], document))
    example = escape(json.dumps(content["example"], indent=2, ensure_ascii=False)) if "example" in content else ""
    shown = f"<details><summary>Example</summary><pre>{example}</pre></details>" if example not in ("", "{}") else ""
    return f"<h4>{title}</h4>{f'<table>{rows}</table>' if rows else '<p class=soft>Empty.</p>'}{shown}"


def _rows(schema: Json, document: Json, prefix: str = "", seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """A row for each field, and for those inside it: `lines[].itemId`."""
    name, schema = _resolved(schema, document)
    if name in seen:
        return
    choices = {field for each in (schema, *schema.get("allOf", ())) for field in _chosen(each)}
    for field, inner in schema.get("properties", {}).items():
        path = f"{prefix}{field}"
        required = field in schema.get("required", ()) and name.endswith("Request")
        must = "one of these" if field in choices else "required" if required else ""
        yield _row(path, _kind(inner, document), inner.get("description", ""), must)
        item = inner.get("items", inner)
        yield from _rows(item, document, f"{path}[]." if "items" in inner else f"{path}.", seen | {name})


def _chosen(schema: Json) -> Iterator[str]:
    """The fields of which one is to be chosen."""
    for each in schema.get("oneOf", ()):
        yield from each.get("required", ())


def _row(name: str, kind: str, description: str, must: str) -> str:
    said = f' <span class="must">{must}</span>' if must else ""
    return (
        f'<tr><td><code>{escape(name)}</code>{said}<br><span class="soft">{kind}</span></td>'
        f"<td>{_prose(description)}</td></tr>"
    )


def _kind(schema: Json, document: Json) -> str:
    """A type in a few words."""
    name, schema = _resolved(schema, document)
    if "items" in schema:
        return f"list of {_kind(schema['items'], document)}"
    if "enum" in schema:
        return " | ".join(
            f"<code>{escape(value)}</code>" for value in schema["enum"] if not value.endswith("_UNSPECIFIED")
        )
    kind = escape(name or schema.get("format") or schema.get("type", "any"))
    least = schema.get("minLength", schema.get("minimum"))
    most = schema.get("maxLength", schema.get("maximum"))
    if least is None and most is None:
        return kind
    of = "characters" if "maxLength" in schema or "minLength" in schema else ""
    return f"{kind}, {'' if least is None else least} to {'any' if most is None else most} {of}".replace(
        ",  to", ", up to"
    )


def _resolved(schema: Json, document: Json) -> tuple[str, Json]:
    """Name and schema behind a reference; no name where there is none."""
    if "$ref" not in schema:
        return "", schema
    name = schema["$ref"].rpartition("/")[2]
    return name, document["components"]["schemas"][name]


def _prose(text: str) -> str:
    """The little of Markdown that descriptions have: paragraphs, lists, `code` and **bold**."""
    return "".join(_paragraphs(text.split("\n\n")))


def _paragraphs(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        said = _BOLD.sub(r"<b>\1</b>", _CODE.sub(r"<code>\1</code>", escape(paragraph)))
        lines = said.strip().split("\n")
        if lines[0].startswith("- "):
            yield f"<ul>{''.join(f'<li>{line[2:]}</li>' for line in lines)}</ul>"
        elif said.strip():
            yield f"<p>{' '.join(lines)}</p>"
