"""Which passwords are refused because they are guessed first (NIST SP 800-63B, 3.1.1.2; OWASP ASVS 5.0, 6.2.4)."""

import string
import unicodedata
from itertools import pairwise

# The 30,000 most used of the ten million that Mark Burnett published. Only the list is used: the package's matcher can
# be kept busy for minutes by a password made for it.
from zxcvbn.frequency_lists import FREQUENCY_LISTS

MOST_USED = frozenset(FREQUENCY_LISTS["passwords"])

# As the contract demands where a request always brings a new password.
SHORTEST = 12

# A shorter name ("jo@example.com") stands in good passwords by chance.
SHORTEST_TELLING_NAME = 4
FEWEST_DIFFERENT_CHARACTERS = 5

_AROUND_WORDS = string.digits + string.punctuation + string.whitespace


def normalized(password: str) -> str:
    """The password as it is hashed: keyboards write the same letter in different code points (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, email: str) -> str | None:
    """What is wrong with a password, in words that follow "the password"; None for one that will do."""
    lowered = normalized(password).lower()
    unit = _repeated_unit(lowered)
    name = email.lower().partition("@")[0]
    if len(set(lowered)) < FEWEST_DIFFERENT_CHARACTERS:
        return "has too few different characters"
    if _is_run(unit):
        return "is a run of neighbouring characters"
    if unit in MOST_USED or _repeated_unit(unit.strip(_AROUND_WORDS)) in MOST_USED:
        return "is among the most used ones"
    if len(name) >= SHORTEST_TELLING_NAME and name in lowered:
        return "contains the name in the address"
    return None


def _repeated_unit(text: str) -> str:
    """The shortest text that the given one is a repetition of; itself when it repeats nothing."""
    return text[: (text + text).find(text, 1)] if text else text


def _is_run(text: str) -> bool:
    """Whether each character is the next (or each the one before) of its neighbour, 0 beside 9: 890123456789."""
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(text)}
    return steps <= {1, ord("0") - ord("9")} or steps <= {-1, ord("9") - ord("0")}
