"""Times on the wire."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(time: datetime) -> Timestamp:
    """The time as a message carries it; it must be aware."""
    message = Timestamp()
    message.FromDatetime(time)
    return message
