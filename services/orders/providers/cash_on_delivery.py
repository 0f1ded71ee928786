"""Whether a way to pay is cash on delivery: nothing is to be paid before the goods are there. Pure.

Shopify keeps it as a manual payment under whatever name the merchant gave it, WooCommerce as `cod`; its plugins add to
the name.
"""

import re

_WORDS = re.compile(r"\bcod\b|\bcash on delivery\b|\bpay(ment)? on delivery\b|عند (ال)?(استلام|تسليم|توصيل)")


def is_cash_on_delivery(name: str) -> bool:
    """Whether this is what merchants call it, in English or Arabic."""
    return _WORDS.search(re.sub(r"[\s_-]+", " ", name.casefold())) is not None
