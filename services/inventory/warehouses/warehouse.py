"""A place that holds stock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

DEFAULT_CODE = "MAIN"
DEFAULT_NAME = "Main warehouse"
DEFAULT_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse. Stock is taken from lower priorities first, then by code. `version` grows with each change of it.

    archived: put away; then it is closed. address: by the names of the contract's fields, without those that are empty.
    """

    id: UUID
    code: str
    name: str
    is_default: bool
    open: bool
    priority: int
    create_time: datetime
    version: int = 1
    archived: bool = False
    address: Mapping[str, str] | None = None

    @property
    def etag(self) -> str:
        """Changes whenever the warehouse does."""
        return str(self.version)
