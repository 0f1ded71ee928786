"""No file is longer than a reader can hold."""

from tests.architecture.sources import ROOT, python_files, shown

MOST_LINES = 300


def test_no_file_passes_300_lines() -> None:
    files = [*python_files("services", "deploy", "proto", "clients", "tests"), *ROOT.glob("proto/rappit/**/*.proto")]
    lengths = {path: len(path.read_text().splitlines()) for path in files}
    found = [f"{shown(path)} has {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES]

    assert found == []
    assert len(lengths) > 0
