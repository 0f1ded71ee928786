"""No file is longer than a reader can hold."""

from tests.architecture.sources import python_files, shown

MOST_LINES = 300


def test_no_file_passes_300_lines() -> None:
    lengths = {
        path: len(path.read_text().splitlines())
        for path in python_files("services", "deploy", "proto", "clients", "tests")
    }
    found = [f"{shown(path)} has {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES]

    assert found == []
    assert len(lengths) > 0
