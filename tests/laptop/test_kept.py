from pathlib import Path

import pytest

from laptop.kept import Spoilt, keep, read_kept


def test_what_is_kept_is_read_again_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "kept.json"
    assert read_kept(file) == {}
    keep(file, {"a": {"b": 1}})
    assert read_kept(file) == {"a": {"b": 1}}
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["kept.json"]


def test_a_file_that_was_spoilt_is_named(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{")
    with pytest.raises(Spoilt, match=r"ports\.json is spoilt: Expecting"):
        read_kept(tmp_path / "ports.json")
