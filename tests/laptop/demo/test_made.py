"""What the shell is told of the demo."""

import subprocess
from pathlib import Path

from laptop.demo.made import ENVIRONMENT_FILE, Demo, Door, Member, forget_environment, write_environment

DEMO = Demo(
    gateway="http://127.0.0.1:8080",
    simulator="http://127.0.0.1:8105",
    speed=1.0,
    member=Member(
        "Souq",
        "sara@example.com",
        "her secret",
        (Door("1", "http://g/1", "riyadh", "s1"), Door("2", "http://g/2", "jeddah", "s2")),
        (),
    ),
    other=Member("Bazaar", "yousef@example.com", "his", (Door("3", "http://g/3", "kuwait", "s3"),), ()),
)
TOLD = {
    "RAPPIT": "http://127.0.0.1:8080",
    "SIMULATOR": "http://127.0.0.1:8105",
    "EMAIL": "sara@example.com",
    "PASSWORD": "her secret",
    "STORE": "http://g/1",
    "SHOP": "riyadh",
    "SECRET": "s1",
    "SECOND_STORE": "http://g/2",
    "SECOND_SHOP": "jeddah",
    "SECOND_SECRET": "s2",
    "OTHER_EMAIL": "yousef@example.com",
    "OTHER_PASSWORD": "his",
    "OTHER_STORE": "http://g/3",
    "OTHER_SHOP": "kuwait",
    "OTHER_SECRET": "s3",
}


def test_a_shell_reads_both_organisations_and_all_stores_from_a_file_that_nobody_else_may_read(tmp_path: Path) -> None:
    write_environment(tmp_path, DEMO)
    file = tmp_path / ENVIRONMENT_FILE
    names = " ".join(f'"${name}"' for name in TOLD)
    shown = subprocess.run(
        ["bash", "-uc", f"source {file}; printf '%s\\n' {names}"], capture_output=True, text=True, check=True
    )

    assert dict(zip(TOLD, shown.stdout.splitlines(), strict=True)) == TOLD
    assert file.stat().st_mode & 0o777 == 0o600
    forget_environment(tmp_path)
    assert not file.exists()
