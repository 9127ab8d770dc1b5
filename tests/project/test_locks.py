"""The lock files hold exact versions with hashes and no address of any registry."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_it_holds_no_address(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_exact_and_hashed(path: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", path.read_text().strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.\-]+(\[[\w,]+\])?==[\w.+!]+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_npm_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        if name:
            assert package["integrity"].startswith("sha512-"), name


def test_the_npm_package_versions_are_exact() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
