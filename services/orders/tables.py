"""The one list of this service's tables, which each feature's tables.py adds to."""

from sqlalchemy import MetaData

METADATA = MetaData()
