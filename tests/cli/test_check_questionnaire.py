"""`guanshu check-questionnaire` as an administrator and as a program meet it."""

import json
from pathlib import Path

import pytest

from guanshu.__main__ import main

QUESTIONNAIRES = Path(__file__).parents[1] / "questionnaires"


def test_json_holds_integers_under_the_fixed_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-questionnaire", str(QUESTIONNAIRES / "batch"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "tables": 2,
        "cells": 6,
        "rows_tables": 1,
        "checks": 2,
        "generated_checks": 1,
        "problems": 0,
    }


def test_a_broken_folder_is_refused_with_file_line_column_and_cure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-questionnaire", str(QUESTIONNAIRES / "broken")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"发现 {len(lines) - 1} 处错误，调查表不能使用。"
    for line in lines[:-1]:
        file, number, column = line.split(" ")[0].split(":")
        assert (QUESTIONNAIRES / "broken" / file).exists()
        assert number.isdecimal()
        assert column.isdecimal()
        assert line.endswith("）")


def test_json_of_a_broken_folder_counts_and_lists_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-questionnaire", str(QUESTIONNAIRES / "broken"), "--json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["problems"] == len(shown.err.splitlines()) > 0


def test_no_such_folder_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check-questionnaire", "nowhere"])
    assert left.value.code == 2
    assert "没有文件夹 nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["dance"], ["check-data"], ["export", "x.xlsx"], ["run", "--port", "x"]])
def test_wrong_use_is_answered_in_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "用法错误：" in capsys.readouterr().err


def test_every_command_explains_itself_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith("用法：")
    for name in ("run", "demo", "check-questionnaire", "check-data", "import-reports", "export", "create-admin"):
        assert name in shown
