"""Hashing passwords."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from chassis.errors import Overloaded
from identity.accounts.password_hasher import PasswordHasher

PASSWORD = "salmon-kettle-42"
# What is waited for at most; nothing waits that long while the hasher does what it should.
SECONDS = 10.0


async def test_a_password_matches_its_own_hash_and_no_other() -> None:
    hasher = PasswordHasher()
    kept = await hasher.hash(PASSWORD)

    assert await hasher.verify(PASSWORD, kept)
    assert not await hasher.verify(PASSWORD + "!", kept)
    assert not await hasher.verify(PASSWORD, None)
    await hasher.close()


async def test_the_hash_is_argon2id_with_the_parameters_of_owasp() -> None:
    hasher = PasswordHasher()

    assert (await hasher.hash(PASSWORD)).startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    await hasher.close()


async def test_more_sign_ins_than_may_wait_are_refused_at_once_and_the_others_are_served() -> None:
    hasher = PasswordHasher(most_waiting=2)
    asked = await asyncio.gather(*(hasher.hash(PASSWORD) for _ in range(20)), return_exceptions=True)
    refused = [answer for answer in asked if isinstance(answer, Overloaded)]

    assert {type(answer) for answer in asked} == {str, Overloaded}
    assert all(refusal.retry_after for refusal in refused)
    assert isinstance(await hasher.hash(PASSWORD), str)
    await hasher.close()


async def test_the_loop_goes_on_while_passwords_are_hashed() -> None:
    hasher = PasswordHasher()
    hashing = asyncio.create_task(hasher.hash(PASSWORD))
    turns = 0
    while not hashing.done():
        turns += 1
        await asyncio.sleep(0)

    assert turns > 10
    await hasher.close()


@pytest.fixture
def may_end() -> Iterator[threading.Event]:
    """What the work of a test waits for; when the test has ended, however it did, it need not wait any more."""
    event = threading.Event()
    yield event
    event.set()


async def test_a_caller_who_gives_up_frees_no_thread_that_is_still_at_work(may_end: threading.Event) -> None:
    hasher = PasswordHasher(most_waiting=0)
    running = [asyncio.create_task(hasher._run(lambda: may_end.wait(SECONDS))) for _ in range(hasher.threads)]
    await asyncio.sleep(0)
    for task in running:
        task.cancel()
    await asyncio.wait(running)

    with pytest.raises(Overloaded):
        async with asyncio.timeout(SECONDS / 2):
            await hasher.hash(PASSWORD)
    may_end.set()
    await hasher.close()
