"""By what words an order is found.

An index of trigrams does not help here: under row-level security PostgreSQL uses an index only for operators that are
leakproof, and LIKE is not; comparing texts and their beginnings is. So each text is kept from each of its words on, and
a query finds what begins with it: "haddad" and "layla had" find "Layla Haddad", "2008" finds "IPOD2008PINK".
"""

import re
import unicodedata
from collections.abc import Iterator

from chassis.errors import InvalidRequest, Violation
from orders.orders.order import Order

# Where a word begins: after what is neither letter nor digit, and between letters and digits.
_BEGINNING = re.compile(r"(?<![^\W_])(?=[^\W_])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_SHORTEST = 2
_LONGEST = 64


def query_beginning(query: str) -> str:
    """With what the terms that a query looks for begin; empty for no query. Raises InvalidRequest."""
    beginning = _normal(query)[:_LONGEST]
    if query and len(beginning) < _SHORTEST:
        raise InvalidRequest(violations=[Violation("query", f"needs {_SHORTEST} characters besides space")])
    return beginning


def terms(order: Order) -> frozenset[str]:
    """All terms of an order: its name, its customer's name and address, its lines' SKUs."""
    customer = order.snapshot.customer
    texts = [order.snapshot.name, *(line.sku for line in order.lines)]
    if customer:
        texts += [customer.name, customer.email]
    return frozenset(term for text in texts for term in _terms(text))


def _terms(text: str) -> Iterator[str]:
    whole = _normal(text)
    for start in {0, *(match.start() for match in _BEGINNING.finditer(whole))}:
        term = whole[start : start + _LONGEST]
        if len(term) >= _SHORTEST:
            yield term


def _normal(text: str) -> str:
    """The text without differences of case, form or space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
