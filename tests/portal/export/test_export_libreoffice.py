"""Both workbooks in LibreOffice: opened without repair, printed, and saved again with every cell as it was."""

import os
import re
import shutil
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from guanshu.portal.domain.exporting import Exported, export_workbook
from guanshu.portal.models import Report
from guanshu.survey.checks.compiled import Context
from guanshu.survey.documents.export_workbook import ExportContent, ExportedReport, file_name, write_workbook
from guanshu.survey.loading import load, read_folder
from tests.cast import NOW, Cast
from tests.portal.conftest import Save
from tests.questionnaires.museum_2022 import FOLDER, consistent

SOFFICE = shutil.which("soffice")
TITLES = {False: "2022年度科技馆基础信息（全部字段）", True: "2022年度免费开放科技馆基础信息"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed"),
]


def convert(source: Path, kind: str) -> Path:
    """Return the file as LibreOffice saves it; its profile is new, so no other office of this user is disturbed."""
    place = source.parent / kind
    profile = (source.parent / "profile").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", kind]
    environ = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*command, "--outdir", place, source], capture_output=True, text=True, check=False, timeout=240, env=environ
    )
    made = place / f"{source.stem}.{kind}"
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stdout + done.stderr
    assert made.is_file(), done.stdout + done.stderr
    return made


def cells(path: Path) -> dict[str, list[list[Any]]]:
    """Return every sheet's cells, without empty ones at the ends."""
    book = CalamineWorkbook.from_path(path)
    return {name: _trimmed(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}


def _trimmed(lines: list[list[Any]]) -> list[list[Any]]:
    found = []
    for line in lines:
        kept = [_plain(value) for value in line]
        while kept and kept[-1] == "":
            kept.pop()
        found.append(kept)
    while found and not found[-1]:
        found.pop()
    return found


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


@pytest.mark.parametrize("approved", [False, True])
@pytest.mark.parametrize("free", [False, True])
def test_libreoffice_opens_and_keeps_the_workbook(
    cast: Cast, save: Save, tmp_path: Path, *, free: bool, approved: bool
) -> None:
    saved = save(
        {
            "land_area": (None, "9100.5"),
            "building_area": (None, "不适用"),
            "opened": (None, "2001-05-01"),
            "services": (None, ["cafe", "park"]),
            "mobile": (None, "13800138001"),
            "remark": (None, "=1+1\n第二行 <&> 'x'"),
            "staff_total__own": (None, "0"),
            "shows.rows": (None, ["k1"]),
            "shows[k1].title": (None, "=SUM(A1)"),
            "shows[k1].cost": (None, "120.25"),
        }
    )
    assert not saved.problems
    if approved:
        Report.objects.update(state="approved")
    exported = export_workbook(year=2022, province=None, free=free, actor="", now=NOW, unsubmitted=True)
    title = TITLES[free] + ("" if approved else "（未定稿）")
    assert exported.name == f"{title}.xlsx"
    check(exported, title, tmp_path)


def check(exported: Exported, title: str, place: Path) -> None:
    """Compare the workbook with what LibreOffice makes of it, and find the title where people look for it."""
    source = place / exported.name
    source.write_bytes(exported.data)
    ours = cells(source)
    assert ours["说明"][0] == [title]
    row = next(
        dict(zip(ours["基础信息"][3], line, strict=False))
        for line in ours["基础信息"][4:]
        if "9100.5" in map(str, line)
    )
    assert (row["land_area"], row["opened"], row["mobile"]) == (9100.5, date(2001, 5, 1), "13800138001")
    assert (row["building_area"], row["staff_total__own"], row["staff_female__own"]) == ("不适用", 0, "")
    saved = convert(source, "xlsx")
    assert cells(saved) == ours
    with zipfile.ZipFile(saved) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(re.search(rb"<f[ >/]", sheet) for sheet in sheets)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(convert(source, "pdf")))
    assert title in text
    assert "9,100.5" in text


def test_libreoffice_keeps_the_full_form(tmp_path: Path) -> None:
    compiled = load(read_folder(FOLDER))
    answers = consistent().answers(compiled.questionnaire)
    evaluation = compiled.evaluate(answers, Context(2022))
    report = ExportedReport(
        state="已提交",
        review_state="未审核",
        province="河北",
        name="示例市科学技术馆",
        account="130600001",
        number="2022-130600001",
        answers=answers,
        values=evaluation.values,
        findings=evaluation.findings,
    )
    content = ExportContent(
        questionnaire=compiled.questionnaire, year=2022, free_only=False, at=NOW, reports=[report, report]
    )
    source = tmp_path / file_name(content)
    write_workbook(content, source)
    assert source.stem == f"{TITLES[False]}（未定稿）"
    ours = cells(source)
    assert len(ours["基础信息"]) == 6
    assert len(ours["基础信息"][3]) > 300
    assert cells(convert(source, "xlsx")) == ours
    convert(source, "pdf")
