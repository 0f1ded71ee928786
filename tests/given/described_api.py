"""Answers held against the OpenAPI document that the gateway serves."""

import json
import re
from functools import cached_property
from typing import Any

import httpx2
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]
_API = "urn:api"
# Python's regular expressions do not know \p{C}, which those of JSON Schema do.
_NOT_IN_PYTHON = re.compile(r', "pattern": "[^"]*\\\\p[^"]*"')


class DescribedApi:
    """A document, and what it says of answers."""

    def __init__(self, document: Json) -> None:
        self.document: Json = json.loads(_NOT_IN_PYTHON.sub("", json.dumps(document)))
        self._registry: Registry[Any] = Registry().with_resource(
            _API, Resource.from_contents(self.document, DRAFT202012)
        )
        self._validators: dict[str, Draft202012Validator] = {}

    @cached_property
    def operations(self) -> dict[tuple[str, str], Json]:
        """("GET", "/v1/orders/{order_id}") -> what it is."""
        paths = self.document["paths"].items()
        return {(method.upper(), path): found for path, methods in paths for method, found in methods.items()}

    def check(self, method: str, path: str, answer: httpx2.Response) -> None:
        """Fails unless the operation may answer so: the status, the type, the schema, and of a refusal the reason."""
        said = self.operations[method, path]["responses"]
        assert str(answer.status_code) in said, f"{method} {path} does not say {answer.status_code}: {answer.text}"
        response = said[str(answer.status_code)]
        if "content" not in response:
            assert answer.content == b""
            return
        kind = answer.headers["content-type"]
        assert kind in response["content"], f"{method} {path} answers {kind}"
        content = response["content"][kind]
        self.validate(content["schema"], answer.json())
        if answer.status_code >= 400:
            problem = answer.json()
            assert problem["status"] == answer.status_code
            assert problem["reason"] in content["examples"], f"{method} {path} does not say {problem['reason']}"

    def validate(self, schema: Json, document: Any) -> None:
        """Fails unless the document obeys the schema, which is a reference."""
        reference = schema["$ref"]
        if reference not in self._validators:
            self._validators[reference] = Draft202012Validator(
                {"$ref": _API + reference},
                registry=self._registry,
                format_checker=Draft202012Validator.FORMAT_CHECKER,
            )
        self._validators[reference].validate(document)
