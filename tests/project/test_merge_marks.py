"""No file holds the marks a merge leaves where it did not know what to do."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARKS = re.compile(rb"^(<{7} |>{7} |\|{7} |={7}$)", re.MULTILINE)
HELD = {".py", ".md", ".html", ".css", ".js", ".csv", ".toml", ".txt", ".in", ".json", ".rules", ".typ", ".sh", ""}


def files() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        names = [name for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "tests", "docs", "deploy", "tools", "bench", "questionnaires", "requirements")
        names = [str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*")]
    return [ROOT / name for name in names if Path(name).suffix in HELD and (ROOT / name).is_file()]


def test_no_file_has_a_mark_of_a_merge() -> None:
    found = files()
    assert len(found) > 300
    assert [str(path.relative_to(ROOT)) for path in found if MARKS.search(path.read_bytes())] == []


def test_the_marks_are_found() -> None:
    for text in (b"a\n" + b"<" * 7 + b" HEAD\n", b">" * 7 + b" branch", b"x\n" + b"=" * 7 + b"\ny"):
        assert MARKS.search(text)
    assert not MARKS.search(b"Title\n" + b"=" * 8 + b"\n")
