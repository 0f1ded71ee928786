"""What inventory's tables are declared in, so that they can refer to each other."""

from sqlalchemy import MetaData

METADATA = MetaData()
