"""People's accounts, and the id that a sign-up gets."""

from dataclasses import dataclass
from uuid import UUID, uuid5

# Any fixed UUID: it keeps these ids apart from those that others make of the same names.
_SIGN_UPS = UUID("6f1f3c1e-0c0f-5d0e-9a57-3b6f2f6f8f0a")


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: UUID
    email: str
    display_name: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a sign-up asks for. The password is hashed already: hashing takes long, and a transaction must not."""

    organization_name: str
    email: str
    display_name: str
    password_hash: str


def canonical_email(email: str) -> str:
    """The one spelling of an address under which an account is kept and found."""
    return email.lower()


def name_or_default(display_name: str, email: str) -> str:
    """The name that a person gave, or the part of the address before the @."""
    return display_name or email.partition("@")[0]


def organization_of_sign_up(idempotency_key: str, email: str) -> UUID:
    """Id of the organisation that a sign-up makes: the same for every repeat of it, so that a repeat finds its answer.

    The key comes last because it alone may hold any character: no other pair gives the same name.
    """
    return uuid5(_SIGN_UPS, f"{canonical_email(email)}\n{idempotency_key}")
