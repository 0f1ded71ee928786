"""Sealed at rest, under a key that can be changed."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.keys import KeyRefused, new_master_key
from chassis.sealing import CannotOpen, Sealer, master_keys

# Drawn once: cases must be the same in every process of a run.
DRAWN = "j4H7ZXqRRor8kfFlnWqNJmuQlxGMEtQII0geLwl9wj8="

OLD, NEW = new_master_key(), new_master_key()
SEALER = Sealer(master_keys(OLD))


@given(st.binary(), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_for_its_context_alone(plain: bytes, context: str) -> None:
    sealed = SEALER.seal(plain, context)

    assert SEALER.open(sealed, context) == plain
    assert len(plain) < 4 or plain not in sealed
    with pytest.raises(CannotOpen):
        SEALER.open(sealed, context + "x")


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert SEALER.seal(b"secret", "store 1") != SEALER.seal(b"secret", "store 1")


def test_a_changed_key_opens_the_old_and_seals_with_the_new() -> None:
    old = SEALER.seal(b"secret", "store 1")
    both = Sealer(master_keys(f"{NEW}\n{OLD}\n"))
    new = both.seal(both.open(old, "store 1"), "store 1")

    assert not both.is_current(old)
    assert both.is_current(new)
    assert Sealer(master_keys(NEW)).open(new, "store 1") == b"secret"
    with pytest.raises(CannotOpen, match=OLD.split(":")[0]):
        Sealer(master_keys(NEW)).open(old, "store 1")


@given(st.data())
def test_a_changed_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(b"secret", "store 1"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(CannotOpen):
        SEALER.open(bytes(sealed), "store 1")


@given(st.binary(max_size=60))
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        SEALER.open(sealed, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no colon",
        "a:",
        "a:" + base64.b64encode(b"short").decode(),
        "a:" + base64.b64encode(bytes(32)).decode(),
        "a:" + base64.b64encode(bytes(range(32))).decode(),
        "a:" + base64.b64encode(b"changeme" * 4).decode(),
        f"a:{DRAWN}\na:{DRAWN}",
        f":{DRAWN}",
        f"é:{DRAWN}",
    ],
)
def test_a_file_of_master_keys_that_is_weak_or_malformed_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused):
        master_keys(text)
