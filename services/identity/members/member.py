"""Members: people in an organisation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from identity.roles.role import Role


@dataclass(frozen=True, slots=True)
class Member:
    """A person and what they are in the transaction's organisation. The version grows with each change of the role."""

    user_id: UUID
    email: str
    display_name: str
    role: Role
    join_time: datetime
    version: int

    @property
    def etag(self) -> str:
        """Changes whenever the role does."""
        return str(self.version)
