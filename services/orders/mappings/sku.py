"""SKUs as they are compared: people, stores and files write one and the same SKU in several ways."""

import unicodedata


def sku_key(sku: str) -> str:
    """The SKU without differences of case, Unicode form, and space around or between its words."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sku).casefold())
    return " ".join(folded.split())
