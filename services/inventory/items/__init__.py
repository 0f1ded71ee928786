"""Items: the things that are held in stock, one per SKU."""
