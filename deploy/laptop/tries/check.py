"""The check with which each try ends."""

# Whether something holds, and what in words.
Finding = tuple[bool, str]


class Check:
    """Says each thing that must hold, and whether it does."""

    def __init__(self) -> None:
        self.holds = True
        print("check")

    def that(self, holds: bool, words: str) -> None:
        """One thing that must hold."""
        self.holds = self.holds and holds
        print(f"  {'holds' if holds else 'FAILS'}  {words}")
