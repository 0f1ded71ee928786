import json
from pathlib import Path

from laptop.passwords import PasswordFile


def test_passwords_are_drawn_once_and_kept_where_only_their_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "databases.json"
    first = PasswordFile(file)
    drawn = first.of_superuser(), first.of_service("orders"), first.of_service("identity")
    again = PasswordFile(file)
    assert (again.of_superuser(), again.of_service("orders"), again.of_service("identity")) == drawn
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(set(json.dumps(json.loads(file.read_text())).split('"'))) > 7
