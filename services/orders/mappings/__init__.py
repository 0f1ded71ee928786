"""Mappings: which item of inventory a line takes."""
