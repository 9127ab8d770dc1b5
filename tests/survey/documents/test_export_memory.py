"""The workbook is the same whether its lines go to files at once or stay in memory until the end."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from unittest import mock
from xml.etree import ElementTree

import xlsxwriter

from tests.survey.documents.gallery.specimens import export

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Book = dict[str, Any]


def in_memory() -> bytes:
    real = xlsxwriter.Workbook

    def stand_in(target: Any, options: dict[str, Any]) -> Any:
        return real(target, {**options, "constant_memory": False, "in_memory": True})

    with mock.patch("xlsxwriter.Workbook", stand_in):
        return export()


def read(data: bytes) -> Book:
    """Return of every sheet its cells with text and looks, and everything around them."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    found: Book = {name: text for name, text in parts.items() if name.startswith("xl/workbook")}
    strings = [
        "".join(part.itertext()) for part in ElementTree.fromstring(parts.get("xl/sharedStrings.xml", b"<sst/>"))
    ]
    looks = list(_looks(ElementTree.fromstring(parts["xl/styles.xml"])))
    for name, part in parts.items():
        if not name.startswith("xl/worksheets/sheet"):
            continue
        sheet = ElementTree.fromstring(part)
        found[name] = {cell.get("r"): _cell(cell, strings, looks) for cell in sheet.iter(f"{MAIN}c")}
        lines = [{key: row.get(key) for key in ("r", "ht", "customHeight")} for row in sheet.iter(f"{MAIN}row")]
        found[f"{name} lines"] = lines
        around = [ElementTree.tostring(part) for part in sheet if part.tag != f"{MAIN}sheetData"]
        found[f"{name} around"] = around
    return found


def _looks(styles: ElementTree.Element) -> Iterator[tuple[object, ...]]:
    """Yield of every format what its numbers stand for: their order is that of their first use."""
    kinds = [(styles.find(f"{MAIN}{kind}s"), f"{kind}Id") for kind in ("font", "fill", "border")]
    numbers = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(f"{MAIN}numFmt")}
    for look in styles.find(f"{MAIN}cellXfs") or ():
        parts = [ElementTree.tostring(of[int(look.get(key, "0"))]) for of, key in kinds if of is not None]
        number = look.get("numFmtId")
        aligned = [sorted(each.items()) for each in look.iter(f"{MAIN}alignment")]
        yield (*parts, numbers.get(number, number), *aligned)


def _cell(cell: ElementTree.Element, strings: list[str], looks: list[Any]) -> tuple[object, ...]:
    kind, text = cell.get("t"), "".join(cell.itertext())
    if kind == "s":
        kind, text = "inlineStr", strings[int(text)]
    return kind, text, looks[int(cell.get("s", "0"))]


def test_it_is_the_same_workbook() -> None:
    ours, other = read(export()), read(in_memory())
    assert ours.keys() == other.keys()
    assert [name for name in ours if ours[name] != other[name]] == []


def test_the_head_is_a_tree_of_merged_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(export())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    merged = set(re.findall(r'<mergeCell ref="([A-Z0-9:]+)"', sheet))
    assert {"A1:A3", "F1:F3"} <= merged
    assert any(re.fullmatch(r"G1:[A-Z]+1", each) for each in merged)
