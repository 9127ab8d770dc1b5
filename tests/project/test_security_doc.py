"""docs/security.md names only what there is, and says of every requirement where it is met."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|docs|deploy|bench)/[\w./-]+)`", TEXT)))
SHORT = dict(re.findall(r"\*\*([\w-]+)\*\* `(tests/[\w/.-]+)`", TEXT))
ROWS = [line for line in TEXT.splitlines() if re.match(r"\| \d", line)]


@pytest.mark.parametrize("name", NAMED)
def test_what_it_names_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("row", ROWS)
def test_every_requirement_has_its_place(row: str) -> None:
    _, numbers, asked, where, _ = re.split(r"(?<!\\)\|", row)
    assert numbers.strip()
    assert asked.strip()
    assert len(where.strip()) > 3
    if "n/a" in where:
        assert "n/a: " in where


def test_all_chapters_are_there() -> None:
    chapters = set(map(int, re.findall(r"\bV(\d+) ", TEXT)))
    assert chapters == set(range(1, 18))
    assert len(ROWS) > 150
    assert len(SHORT) >= 12
    assert "certificate" not in TEXT.lower().replace("client certificates", "").replace("trusted certificates", "")
