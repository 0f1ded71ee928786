"""The tables that the chassis has in every service's database.

A service's own `schema.py` has the same two names: METADATA, filled by the `tables.py` that it imports, and DIRECTORY,
its tables without a policy. Tests hold both against the migrated database.
"""

from sqlalchemy import MetaData

METADATA = MetaData()

# Leases belong to the service's processes and to no organisation.
DIRECTORY = frozenset({"leases"})
