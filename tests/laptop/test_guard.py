import os
import signal
import subprocess
import sys
from pathlib import Path

from laptop.guard import Guard, Started, start_time
from laptop.program import Program
from laptop.waiting import wait_until

OWNER = """
import os, signal, sys, time
from pathlib import Path
from laptop.guard import Guard
from laptop.program import Program
file = Path(sys.argv[1])
guard = Guard(file)
guard.watch(os.getpid())
programs = [Program(name, ["sleep", "600"], log=file.with_name("log"), guard=guard) for name in ("one", "two")]
for program in programs:
    program.start()
programs[0].pause()
print("started", flush=True)
time.sleep(600)
"""


def test_what_a_killed_owner_started_is_ended_also_when_it_was_paused(tmp_path: Path) -> None:
    file = tmp_path / "started"
    with subprocess.Popen([sys.executable, "-c", OWNER, str(file)], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"started\n"
        started = Guard(file).running()
        owner.kill()
    assert [process.name for process in started] == ["one", "two"]
    assert all(process.ends_within(10) for process in started)
    assert wait_until(lambda: not file.exists(), 10)


def test_who_watched_for_a_killed_owner_leaves_the_next_one_alone(tmp_path: Path) -> None:
    """The next start may be quicker than the watcher of the last."""
    file, owner = tmp_path / "started", subprocess.Popen(["sleep", "600"])
    last = Guard(file)
    last.watch(owner.pid)
    watcher = last.watcher
    assert watcher is not None
    watcher.send_signal(signal.SIGSTOP)
    owner.kill()
    owner.wait()
    Guard(file).end_all()
    program = Program("next", ["sleep", "600"], log=tmp_path / "log", guard=Guard(file))
    program.start()
    watcher.send_signal(signal.SIGCONT)
    assert watcher.wait(10) == 0
    assert [process.name for process in Guard(file).running()] == ["next"]
    program.kill()


def test_a_process_that_got_the_id_of_an_ended_one_is_left_alone(tmp_path: Path) -> None:
    guard = Guard(tmp_path / "started")
    guard.remember("us", os.getpid(), signal.SIGTERM)
    line = (tmp_path / "started").read_text()
    (tmp_path / "started").write_text(line.replace(str(start_time(os.getpid())), "1"))
    assert guard.running() == []
    assert guard.end_all() == []


def test_one_that_ended_and_was_not_collected_does_not_count_as_running() -> None:
    with subprocess.Popen(["sleep", "600"]) as process:
        started = Started("sleeper", process.pid, str(start_time(process.pid)), signal.SIGTERM)
        assert started.is_running()
        os.kill(process.pid, signal.SIGKILL)
        assert started.ends_within(10)
