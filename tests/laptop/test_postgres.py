import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from laptop.ports import free_port
from laptop.postgres import Postgres
from laptop.program import CannotStart
from laptop.waiting import wait_until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    """A server of our own, to do harm to."""
    with Postgres(tmp_path / "data", free_port(), password="p@ss/word:1", durable=False) as server:
        yield server


def test_what_was_committed_survives_a_kill(server: Postgres) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE facts AS SELECT generate_series(1, 1000) AS number")
    server.kill()
    server.start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT count(*) FROM facts").fetchone() == (1000,)


def test_it_starts_while_a_busy_session_of_a_killed_one_holds_its_memory(server: Postgres) -> None:
    def work() -> None:
        with psycopg.connect(server.url()) as session:
            session.execute("SELECT count(*) FROM generate_series(1, 20000000)")

    with ThreadPoolExecutor() as threads, psycopg.connect(server.url(), autocommit=True) as watcher:
        threads.submit(work)
        busy = "SELECT FROM pg_stat_activity WHERE state = 'active' AND starts_with(query, 'SELECT count')"
        assert wait_until(lambda: watcher.execute(busy).rowcount == 1, 10)
        server.kill()
        server.start()
    assert "pre-existing shared memory block" in server.program.log.read_text()


def test_nobody_is_let_in_without_the_password(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url(password="postgres"))


def test_it_never_runs_as_root(server: Postgres) -> None:
    assert Path(f"/proc/{server.program.pid}").stat().st_uid == (os.geteuid() or 65534)


def test_data_made_with_another_password_is_said_to_be_so(server: Postgres) -> None:
    server.stop()
    other = Postgres(server.folder, free_port(), password="another", durable=False)
    with pytest.raises(CannotStart, match="made with another password"):
        other.start()
    assert not other.program.is_running()


def test_a_failed_start_says_why_and_where_the_log_is(server: Postgres, tmp_path: Path) -> None:
    second = Postgres(tmp_path / "second", server.port, password="x", durable=False)
    with pytest.raises(CannotStart, match=rf"else listens on port {server.port}\n.+its log: .+second.log"):
        second.start()
