"""A session: what signing in gave, to be kept as secret as a password."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rappit.identity.v1.sessions_pb2 import SessionTokens


@dataclass(frozen=True)
class Session:
    """Who is signed in, where, and the tokens that say so. Its text in logs and tracebacks shows no token."""

    id: str
    """Of the session (UUID); stays the same over refreshes."""
    organization_id: str
    user_id: str
    access_token: str = field(repr=False)
    access_ends: datetime
    """When the access token ends, by the server's clock. Aware, UTC."""
    refresh_token: str = field(repr=False)
    """Good for one use: of two copies of a session only one goes on."""
    refresh_ends: datetime

    @classmethod
    def of(cls, tokens: SessionTokens) -> "Session":
        """The session that an answer of identity tells."""
        return cls(
            id=tokens.session_id,
            organization_id=tokens.organization_id,
            user_id=tokens.user_id,
            access_token=tokens.access_token,
            access_ends=tokens.access_expire_time.ToDatetime(UTC),
            refresh_token=tokens.refresh_token,
            refresh_ends=tokens.refresh_expire_time.ToDatetime(UTC),
        )

    def to_json(self) -> str:
        """As text, tokens included, to be kept where secrets are kept."""
        times = {"access_ends": self.access_ends.isoformat(), "refresh_ends": self.refresh_ends.isoformat()}
        return json.dumps({**self.__dict__, **times})

    @classmethod
    def from_json(cls, text: str) -> "Session":
        """The session that `to_json` wrote."""
        kept = json.loads(text)
        times = {name: datetime.fromisoformat(kept[name]) for name in ("access_ends", "refresh_ends")}
        return cls(**{**kept, **times})
