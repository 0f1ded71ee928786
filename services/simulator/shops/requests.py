"""What the control API is sent, and what is wrong with it, by field."""

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulator.shops.checkout import Pieces
from simulator.shops.shop import Shop
from simulator.shops.shop_settings import ShopSettings, disagreements

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9][a-z0-9-]{0,62}){1,4}")


class Problem(NamedTuple):
    """What is wrong with a field; "body" is all of it."""

    field: str
    problem: str


class Refused(Exception):
    """A request that makes no sense, field by field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{problem.field} {problem.problem}" for problem in problems))
        self.problems = problems


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Line(_Body):
    """Units of a product; 0 only where an order is updated."""

    sku: str
    quantity: int = Field(ge=0, le=100_000)


class NewOrder(_Body):
    """POST /shops/{shop}/orders. What is left out is left to chance."""

    lines: list[Line] | None = Field(default=None, min_length=1, max_length=100)
    paid: bool | None = None


class Update(_Body):
    """POST .../update: the units that are wanted from now on of these products; a note and a tag without."""

    lines: list[Line] | None = Field(default=None, min_length=1, max_length=100)


class Send(_Body):
    """POST .../send: the last delivery once more, with its ids, `repeat` times at once and after `delay_seconds`.

    older: the order as it was before its last change instead. forge: a version that the shop never made and did not
    sign instead.
    """

    repeat: int = Field(default=1, ge=1, le=100)
    older: bool = False
    forge: bool = False
    delay_seconds: float = Field(default=0.0, ge=0, le=3600)


B = TypeVar("B", bound=BaseModel)


def read(kind: type[B], body: bytes) -> B:
    """A body in JSON; an empty one is an empty object. Raises Refused, and repeats nothing of the body in it."""
    try:
        return kind.model_validate_json(body or b"{}")
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        raise Refused(*(Problem(_field(entry["loc"]), _words(entry["msg"])) for entry in found)) from None


def read_settings(body: bytes) -> ShopSettings:
    """The settings of a shop. Raises Refused."""
    settings = read(ShopSettings, body)
    if found := disagreements(settings):
        raise Refused(*(Problem(*problem) for problem in found))
    return settings


def shop_name(name: str) -> str:
    """A name that a shop may have: it is a folder's too. Raises Refused."""
    if not _SHOP.fullmatch(name):
        raise Refused(Problem("shop", "is no domain, such as riyadh.myshopify.com"))
    return name


def pieces(shop: Shop, lines: Sequence[Line], *, least: int) -> Pieces:
    """The products and units that lines name. Raises Refused for what the shop does not sell."""
    found, problems = [], []
    for index, line in enumerate(lines):
        product = shop.product(line.sku)
        if product is None:
            problems.append(Problem(f"lines[{index}].sku", "is nothing that the shop sells"))
        elif line.quantity < least:
            problems.append(Problem(f"lines[{index}].quantity", f"is less than {least}"))
        else:
            found.append((product, line.quantity))
    if problems:
        raise Refused(*problems)
    return found


def _field(place: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return path.removeprefix(".") or "body"


def _words(message: str) -> str:
    words = message.removeprefix("Value error, ")
    return words[0].lower() + words[1:]
