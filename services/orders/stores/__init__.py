"""Stores: the merchants' shops at providers, with their sealed secrets."""
