"""The one failure of reading a provider's body."""


class UnreadableBody(Exception):
    """A body, or a field of it, is not what the provider documents. The same bytes will never be readable.

    The words name the field and what is wrong with it and never repeat what it holds: that may be a person's.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}" if field else f"the body {problem}")
        self.field = field
        self.problem = problem
