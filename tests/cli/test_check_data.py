"""`guanshu check-data` over tiny files with known verdicts."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guanshu.__main__ import main

FORM = str(Path(__file__).parents[1] / "questionnaires" / "batch")


class Folder:
    """A folder with answers in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> str:
        """Write a file as it stands here, without the indentation."""
        lines = [line.strip() for line in text.strip().splitlines()]
        (self.path / name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return str(self.path / name)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def verdicts(shown: str) -> dict[str, tuple[int, int, int]]:
    return {check["id"]: (check["true"], check["false"], check["unknown"]) for check in json.loads(shown)["checks"]}


def test_verdicts_are_counted_and_findings_written(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    answers = folder.write(
        "answers.csv",
        """
        org,area,hall
        a,100,40
        b,100,140
        c,,40
        d,100,不适用
        """,
    )
    findings = folder.path / "findings.csv"
    assert main(["check-data", FORM, answers, "--findings", str(findings), "--json"]) == 1
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert set(shown) >= {"organisations", "checks", "findings"}
    assert shown["organisations"] == 4
    assert shown["findings"] == 1
    generated = shown["checks"][0]
    assert set(generated) == {"id", "class", "true", "false", "unknown"}
    part = next(check for check in shown["checks"] if check["false"])
    assert (part["true"], part["false"], part["unknown"]) == (1, 1, 2)
    assert findings.read_bytes().startswith(b"\xef\xbb\xbf")
    with findings.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["org", "check", "class", "row", "cells", "message"]
    assert [(row["org"], row["class"]) for row in rows] == [("b", "强制性")]


def test_clean_data_is_status_0(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    answers = folder.write("answers.csv", "org,area,hall\na,100,40")
    assert main(["check-data", FORM, answers]) == 0
    assert "共 1 个单位，审核结果 0 条，不能读取的内容 0 处。" in capsys.readouterr().out


def test_rows_tables_lie_in_files_beside(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    answers = folder.write("answers.csv", "org,area,shows.none\na,100,\nb,100,是")
    folder.write("answers.shows.csv", "org,row,title,cost\na,2,乙,120\na,1,甲,20")
    assert main(["check-data", FORM, answers, "--json"]) == 1
    assert verdicts(capsys.readouterr().out)["2-1-01"] == (1, 1, 0)


def test_last_year_is_matched_by_org(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    answers = folder.write("answers.csv", "org,area\na,100\nb,300\nc,1")
    last = folder.write("last.csv", "org,area\nb,100\na,90")
    assert main(["check-data", FORM, answers, "--last", last, "--json"]) == 1
    assert verdicts(capsys.readouterr().out)["1-1-01"] == (1, 1, 1)


def test_values_that_cannot_be_read_are_named_and_counted(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    answers = folder.write(
        "answers.csv",
        """
        org,area,hall,open,kind,tags,since,colour
        a,"1,200.50",abc,是,科技馆,甲|乙,2022/1/5,red
        b,-5,1,也许,飞船,甲|丙,2022-13-1,
        ,1,1,,,,,
        a,1,1,,,,,
        """,
    )
    assert main(["check-data", FORM, answers, "--json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["organisations"] == 2
    assert json.loads(shown.out)["problems"] == 9
    places = [line.split("：")[0] for line in shown.err.splitlines()]
    assert places == [
        "answers.csv:1 colour",
        "answers.csv:2 a hall",
        "answers.csv:3 b area",
        "answers.csv:3 b open",
        "answers.csv:3 b kind",
        "answers.csv:3 b tags",
        "answers.csv:3 b since",
        "answers.csv:4 org",
        "answers.csv:5 a org",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("museum,area\na,1", "列名行"),
        ("", "列名行"),
        ('org,area\na,"1', "CSV"),
    ],
)
def test_a_file_that_is_no_sheet_is_wrong_use(
    folder: Folder, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = folder.write("answers.csv", text or "\n")
    assert main(["check-data", FORM, answers]) == 2
    assert message in capsys.readouterr().err


def test_an_unknown_rows_file_is_named(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    answers = folder.write("answers.csv", "org,area\na,1")
    folder.write("answers.films.csv", "org,row\na,1")
    assert main(["check-data", FORM, answers]) == 2
    assert "没有逐行填报的表「films」，可以是：shows" in capsys.readouterr().err


def test_another_encoding_is_named(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder.path / "answers.csv"
    path.write_bytes("org,kind\na,科技馆\n".encode("gbk"))
    assert main(["check-data", FORM, str(path)]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_labels_under_the_header_are_for_people(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    answers = folder.write("answers.csv", "org,area,hall\n编号,面积,展厅\na,100,40")
    assert main(["check-data", FORM, answers, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["organisations"] == 1


def test_no_database_is_asked_for(folder: Folder) -> None:
    answers = folder.write("answers.csv", "org,area\na,1")
    code = (
        "import sys; from guanshu.__main__ import main; "
        f"status = main(['check-data', {FORM!r}, {answers!r}]); "
        "assert not any(name == 'django' or name.startswith('django.') for name in sys.modules); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
