"""Every Word and Excel file as others read it: faces by name, paper, heads on every page, rows that stay whole."""

import io
import re
import zipfile
from functools import cache

import docx
import pytest
from docx.oxml.ns import qn

from tests.survey.documents.gallery.specimens import SPECIMENS

WORD = [name for name in SPECIMENS if name.endswith(".docx")]
EXCEL = [name for name in SPECIMENS if name.endswith(".xlsx")]
FACES = {"仿宋", "黑体", "宋体", "楷体", "方正小标宋简体"}
# Of one page each, with the names of its fields at the left: no head to repeat.
NO_HEAD = {"administrator.docx", "blank.docx"}
A3, A4 = "8", "9"


@cache
def made(name: str) -> bytes:
    return SPECIMENS[name]()


def parts(name: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made(name))) as archive:
        return {each: archive.read(each).decode() for each in archive.namelist() if each.endswith(".xml")}


def sheets(name: str) -> dict[str, str]:
    """Return the XML of each sheet by the sheet's name."""
    found = parts(name)
    titles = re.findall(r'<sheet name="([^"]+)"', found["xl/workbook.xml"])
    return {title: found[f"xl/worksheets/sheet{number}.xml"] for number, title in enumerate(titles, 1)}


@pytest.mark.parametrize("name", WORD)
def test_word_names_the_faces_windows_has(name: str) -> None:
    document = docx.Document(io.BytesIO(made(name)))
    normal = document.styles["Normal"].element.rPr.rFonts
    assert normal.get(qn("w:eastAsia")) in FACES
    faces = {each.get(qn("w:eastAsia")) for each in document.element.body.iter(qn("w:rFonts"))}
    assert faces - {None} <= FACES
    # A theme's face would win over the named one.
    assert not [each for each in document.element.body.iter(qn("w:rFonts")) if each.get(qn("w:eastAsiaTheme"))]
    assert normal.get(qn("w:eastAsiaTheme")) is None


@pytest.mark.parametrize("name", WORD)
def test_word_is_a4_and_its_tables_break_between_rows_only(name: str) -> None:
    document = docx.Document(io.BytesIO(made(name)))
    for section in document.sections:
        assert section.page_width is not None
        assert section.page_height is not None
        assert sorted(round(side.cm, 1) for side in (section.page_width, section.page_height)) == [21.0, 29.7]
    for table in document.tables:
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
        heads = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert name in NO_HEAD or (heads[0] and not all(heads))


@pytest.mark.parametrize("name", EXCEL)
def test_excel_names_its_face_everywhere(name: str) -> None:
    fonts = re.findall(r"<font>.*?</font>", parts(name)["xl/styles.xml"])
    used = set(re.findall(r'fontId="(\d+)"', parts(name)["xl/styles.xml"].partition("<cellXfs")[2]))
    # The first one is the program's own, for cells without a format.
    assert {re.search(r'<name val="([^"]+)"', fonts[int(number)])[1] for number in used - {"0"}} <= FACES  # type: ignore[index]


@pytest.mark.parametrize("name", EXCEL)
def test_excel_prints_on_a_named_paper_with_its_head_on_every_page(name: str) -> None:
    titles = parts(name)["xl/workbook.xml"]
    for number, (title, sheet) in enumerate(sheets(name).items()):
        paper = re.search(r'<pageSetup paperSize="(\d+)"', sheet)
        assert paper is not None, title
        assert paper[1] in {A3, A4}, title
        repeated = f'_xlnm.Print_Titles" localSheetId="{number}"' in titles
        assert repeated or "<pane " not in sheet, f"{title}: frozen on the screen, not repeated on paper"


@pytest.mark.parametrize("name", EXCEL)
def test_excel_holds_no_formula_and_no_link(name: str) -> None:
    for sheet in sheets(name).values():
        assert not re.search(r"<f[ >/]|<hyperlink (?![^>]*location=)", sheet)
    assert "externalLink" not in "".join(parts(name))


def test_the_export_types_its_values_and_tells_blank_zero_and_na_apart() -> None:
    sheet = sheets("export.xlsx")["基础信息"]
    rows = re.findall(r"<row .*?</row>", sheet)
    names = dict(re.findall(r'<c r="([A-Z]+)4"[^>]*>.*?<t[^>]*>([^<]*)</t>', rows[3]))
    first = {names[place]: cell for place, cell in re.findall(r'<c r="([A-Z]+)5"(.*?)(?=<c |</row>)', rows[4])}
    assert "<v>18600</v>" in first["land_area"]
    assert 't="inlineStr"' in first["postcode"]
    assert "<v>0</v>" in first["accidents"]
    assert "不适用" in first["daily_capacity"]
    assert re.fullmatch(r' s="\d+"/>', first["drills"])
