"""The steps of making an organisation, each done once however often it is told.

Each step's idempotency key is written down before its first try and its answer after it, in one file: a start that was
interrupted goes on where it stopped, and nothing is made twice.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from laptop.demo.doors import accepted, open_door
from laptop.kept import keep, read_kept


class Story:
    """The steps done so far, in a file that only its owner may read; they are asked of the gateway."""

    def __init__(self, file: Path, gateway: str) -> None:
        self._file = file
        self._told: dict[str, Any] = read_kept(file)
        self._gateway = open_door(gateway)

    def remember(self, name: str, make: Callable[[], str]) -> str:
        """A value that is made once."""
        if name not in self._told:
            self._told[name] = make()
            self._save()
        return str(self._told[name])

    def tells(self, step: str) -> bool:
        """Whether this step was answered."""
        return "answer" in self._told.get(step, {})

    async def post(self, step: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of this step, asked for once."""
        told = self._told.setdefault(step, {"key": str(uuid4())})
        if "answer" not in told:
            self._save()
            headers = {"Idempotency-Key": told["key"]}
            told["answer"] = await accepted(step, lambda: self._gateway.post(path, json=body, headers=headers))
            self._save()
        found: dict[str, Any] = told["answer"]
        return found

    async def say_again(self, step: str, path: str, body: dict[str, Any]) -> None:
        """Send what each start says anew."""
        headers = {"Idempotency-Key": str(uuid4())}
        await accepted(step, lambda: self._gateway.post(path, json=body, headers=headers))

    async def get(self, path: str) -> dict[str, Any]:
        """What the gateway answers now."""
        return await accepted(path, lambda: self._gateway.get(path))

    async def sign_in(self, email: str, password: str) -> None:
        """Send what follows as this person."""
        person = {"email": email, "password": password}
        tokens = (await accepted("sign in", lambda: self._gateway.post("/v1/sessions", json=person)))["tokens"]
        self._gateway.headers["Authorization"] = f"Bearer {tokens['accessToken']}"

    async def close(self) -> None:
        """Give the connections back."""
        await self._gateway.aclose()

    def _save(self) -> None:
        keep(self._file, self._told)
