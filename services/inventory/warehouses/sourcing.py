"""How an organisation's warehouses are chosen."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """From which warehouses an order is served."""

    LINE_BY_LINE = "LINE_BY_LINE"
    WHOLE_FROM_ONE = "WHOLE_FROM_ONE"
    ONLY_FROM_ONE = "ONLY_FROM_ONE"


@dataclass(frozen=True, slots=True)
class Sourcing:
    """The policy. `take_partly`: a demand that holds nothing takes what is there of it, and does not wait for all."""

    rule: Rule = Rule.LINE_BY_LINE
    take_partly: bool = False
    version: int = 1

    @property
    def etag(self) -> str:
        """Changes whenever the policy does."""
        return str(self.version)
