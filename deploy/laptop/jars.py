"""Apache Kafka's jars, resolved by Maven once for each version of `pom.xml` beside this file."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

LEAST_JAVA = 17
CACHE = Path(__file__).resolve().parents[2] / ".rappit" / "jars"
_POM = Path(__file__).with_name("pom.xml")


class CannotResolve(Exception):
    """Maven did not bring the jars; says what it said."""


def jars_folder(cache: Path = CACHE) -> Path:
    """Where the jars of today's pom are, or will be."""
    return cache / f"kafka-{hashlib.sha256(_POM.read_bytes()).hexdigest()[:12]}"


def what_is_missing(cache: Path = CACHE) -> str | None:
    """Why Apache Kafka cannot run here, in words; None when it can."""
    java = java_program()
    if java is None:
        return "Java is not installed"
    version = _java_version(java)
    if version == 0:
        return f"{java} does not run"
    if version < LEAST_JAVA:
        return f"Java {version} is older than {LEAST_JAVA}"
    if not jars_folder(cache).exists() and shutil.which("mvn") is None:
        return "Maven is not installed"
    return None


def java_program() -> str | None:
    """The java of JAVA_HOME, else of the PATH."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")


def resolve(cache: Path = CACHE) -> Path:
    """The folder with the jars; the first time Maven fetches 43 MB. Raises CannotResolve."""
    folder = jars_folder(cache)
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    # Fetched beside its place and moved there whole: a killed run leaves no half of it.
    with tempfile.TemporaryDirectory(dir=cache, prefix=".jars-") as place:
        jars = Path(place) / "jars"
        command = ["mvn", "--quiet", "--batch-mode", "--file", str(_POM), "dependency:copy-dependencies"]
        command += [f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
        maven = subprocess.run(command, capture_output=True, text=True, check=False)
        if maven.returncode != 0 or not jars.exists():
            raise CannotResolve(f"Maven could not fetch Apache Kafka: {(maven.stdout + maven.stderr).strip()[-600:]}")
        if not folder.exists():
            jars.rename(folder)
    return folder


def _java_version(java: str) -> int:
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    return int(found.group(1)) if found else 0
