"""Official files: exactly the kind that is expected, and nothing in them that runs or fetches."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from guanshu.survey.intake.officials import check_official
from guanshu.survey.intake.verdict import Refused
from tests.survey.intake import makers

REL = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="http://example.test/x" TargetMode="External"/></Relationships>'
)
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"


def book() -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as made:
        made.add_worksheet().write(0, 0, "馆名")
    return data.getvalue()


def without_its_main_type() -> bytes:
    with zipfile.ZipFile(io.BytesIO(book())) as pack:
        found = pack.read("[Content_Types].xml")
    return makers.with_parts(
        book(), {"[Content_Types].xml": found.replace(b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"x")}
    )


def write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "arrived"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("suffix", "data"), [("pdf", makers.pdf()), ("docx", makers.word()), ("xlsx", book())])
def test_the_kind_that_is_expected_is_taken(tmp_path: Path, suffix: str, data: bytes) -> None:
    assert check_official(write(tmp_path, data), f"a.{suffix}", suffix).suffix == f".{suffix}"


def test_a_link_to_be_clicked_is_no_harm(tmp_path: Path) -> None:
    linked = makers.with_parts(book(), {SHEET_RELS: REL % b"hyperlink"})
    assert check_official(write(tmp_path, linked), "a.xlsx", "xlsx").suffix == ".xlsx"


@pytest.mark.parametrize(
    ("suffix", "data", "code"),
    [
        ("pdf", b"", "empty"),
        ("pdf", makers.word(), "wrong_kind"),
        ("pdf", makers.pdf() + b"/JavaScript (app.alert(1))", "script"),
        ("docx", makers.pdf(), "wrong_kind"),
        ("docx", makers.old_word(), "wrong_kind"),
        ("docx", book(), "other_office"),
        ("xlsx", makers.word(), "wrong_kind"),
        ("xlsx", makers.picture(), "wrong_kind"),
        ("xlsx", without_its_main_type(), "wrong_kind"),
        ("xlsx", book()[:-40], "damaged"),
        ("xlsx", makers.with_parts(book(), {"xl/vbaProject.bin": b"x"}), "macros"),
        ("xlsx", makers.with_parts(book(), {"xl/macrosheets/sheet1.xml": b"x"}), "embedded"),
        ("xlsx", makers.with_parts(book(), {"xl/embeddings/oleObject1.bin": b"MZ"}), "embedded"),
        ("xlsx", makers.with_parts(book(), {"xl/externalLinks/externalLink1.xml": b"x"}), "external"),
        ("xlsx", makers.with_parts(book(), {SHEET_RELS: REL % b"image"}), "external"),
    ],
)
def test_anything_else_is_refused_with_its_reason(tmp_path: Path, suffix: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_official(write(tmp_path, data), "文件", suffix)
    assert refused.value.code == code
    assert refused.value.message.endswith("。")
