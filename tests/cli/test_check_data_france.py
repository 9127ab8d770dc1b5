"""The French attendance data through the command: one row of 24,769 does not add up."""

import csv
import json
from pathlib import Path

import pytest

from guanshu.__main__ import main
from tests.questionnaires.france import convert

ROOT = Path(__file__).parents[2]
FORM = str(ROOT / "questionnaires" / "france-museums")
EXCERPT = ROOT / "tests" / "questionnaires" / "france" / "excerpt.csv"
FULL = ROOT.parent / "shared" / "real" / "france-museums" / "frequentation-des-musees-de-france.csv"


def check(source: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, set[str]]:
    """Return how many organisations there are and which break a blocking check."""
    answers, findings = place / "answers.csv", place / "findings.csv"
    with answers.open("w", encoding="utf-8", newline="") as out:
        convert.main(str(source), out)
    main(["check-data", FORM, str(answers), "--findings", str(findings), "--json"])
    shown = json.loads(capsys.readouterr().out)
    with findings.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert shown["findings"] == len(rows)
    return shown["organisations"], {row["org"] for row in rows if row["class"] == "强制性"}


def test_the_excerpt_is_read_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count, wrong = check(EXCERPT, tmp_path, capsys)
    with EXCERPT.open(encoding="utf-8-sig") as lines:
        assert count == sum(1 for _ in csv.DictReader(lines, delimiter=";"))
    assert wrong == {"0608808-2019"}


@pytest.mark.skipif(not FULL.exists(), reason="the full French data are not here")
def test_the_full_data_have_one_wrong_total(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(FULL, tmp_path, capsys) == (24769, {"0608808-2019"})
