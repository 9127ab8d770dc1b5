"""One museum's year: every table filled through the real inputs, every class of finding met, the workbook read back."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from guanshu.portal.domain.exporting import export_workbook
from guanshu.portal.queries.forms import form
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.values.base import Kind
from tests.cast import NOW, Cast
from tests.e2e.conftest import Open
from tests.e2e.hands import cell, field, give, note, saved, upload_summaries

DATA = Path(__file__).parent / "data"
REASON = "本年新登记的志愿者尚在审核，已参加服务。"
# One 核实性 finding stays in the report and is explained: more volunteers served than are registered.
UNUSUAL = {"volunteers_active": "430"}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Typed:
    """What the clerk types: by cell, and by table and row."""

    def __init__(self) -> None:
        self.cells = {line["cell"]: line["value"] for line in read("free_museum.csv")} | UNUSUAL
        self.rows: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for line in read("free_museum.rows.csv"):
            self.rows[line["table"]][line["row"]][line["cell"]] = line["value"]


def test_a_museum_fills_the_whole_form(enter: Open, cast: Cast, tmp_path: Path) -> None:
    questionnaire = form(cast.form.pk).compiled.questionnaire
    typed = Typed()
    cast.baoding.name = typed.cells[questionnaire.roles["name"]]
    cast.baoding.save()
    page = enter()
    page.locator(".start a.btn").click()
    meet_and_mend = {"1-2": meet_quasi, "2-1": meet_mandatory, "2-3": explain, "2-7": meet_hint}
    for table in questionnaire.tables:
        expect(page.locator("#nav [aria-current]")).to_contain_text(table.number)
        meet_and_mend.get(table.number, nothing)(page, typed)
        fill(page, table, typed)
        saved(page)
        if page.locator("form[data-upload]").count():
            upload_summaries(page, tmp_path)
        page.locator(".foot-end a").last.click()
    expect(page).to_have_title("全表审核 · 科技馆体系数据采集系统")
    expect(page.locator(".verdict.clear")).to_be_visible()
    expect(page.locator(".explain textarea")).to_have_value(REASON)
    exported = export_workbook(year=2022, province=None, free=True, unsubmitted=True, actor="national", now=NOW)
    assert_exported(questionnaire, typed, exported.data)


def nothing(page: Page, typed: Typed) -> None:
    """Most tables are filled in right at once."""


def fill(page: Page, table: Table, typed: Typed) -> None:
    """Answer everything the page of a table asks."""
    if table.kind is TableKind.ROWS:
        for number, values in enumerate(typed.rows.get(table.name, {}).values()):
            page.locator("[data-row-verb=add]").click()
            line = page.locator("tr[data-row]").nth(number)
            row = line.get_attribute("data-row")
            for name, value in values.items():
                give(page, f"{table.name}[{row}].{name}", value)
        if table.name not in typed.rows:
            page.get_by_label("本年度无").check()
    for asked in table.form_cells:
        if asked.name in typed.cells and page.locator(f'[name="{asked.name}"]').count():
            give(page, asked.name, typed.cells[asked.name])


def meet_quasi(page: Page, typed: Typed) -> None:
    """准强制性: one person cannot fill in and review."""
    give(page, "filler_name", typed.cells["filler_name"])
    give(page, "reviewer_name", typed.cells["filler_name"])
    saved(page)
    expect(page.locator("#findings .cls-quasi")).to_have_text("准强制 1")
    expect(page.locator(".notes .nb-quasi")).to_be_visible()
    give(page, "reviewer_name", typed.cells["reviewer_name"])
    saved(page)
    expect(page.locator("#findings .cls-quasi")).to_have_count(0)


def meet_mandatory(page: Page, typed: Typed) -> None:
    """强制性: halls larger than the building; the link in the panel leads to the cell."""
    give(page, "building_area", "5237")
    give(page, "permanent_hall_area", "5000")
    give(page, "temporary_hall_area", "450")
    saved(page)
    expect(note(page, "多 213")).to_be_visible()
    expect(cell(page, "hall_area")).to_have_class("cell num calc is-bad")
    page.locator("#findings .finding-mandatory a").first.click()
    expect(cell(page, "hall_area")).to_be_in_viewport()


def explain(page: Page, typed: Typed) -> None:
    """核实性: a short explanation is not enough."""
    for name in ("volunteers", "volunteers_active", "volunteer_hours"):
        give(page, name, typed.cells[name])
    saved(page)
    finding = page.locator("#findings .finding-verify")
    expect(finding).to_have_count(1)
    expect(page.locator("#nav .current .dot-warn")).to_be_visible()
    box = finding.locator("textarea")
    box.fill("已核")
    saved(page)
    expect(page.locator("#nav .current .dot-warn")).to_be_visible()
    box.fill(REASON)
    saved(page)
    expect(page.locator("#nav .current .dot-warn")).to_have_count(0)
    expect(page.locator(".notes .nb")).to_contain_text("已说明")


def meet_hint(page: Page, typed: Typed) -> None:
    """提示性: nothing blocks, the sentence is shown."""
    give(page, "daily_hours", "2")
    saved(page)
    expect(page.locator(".notes .nb-hint")).to_be_visible()
    expect(page.locator("#nav .current .dot-bad")).to_have_count(0)
    field(page, "daily_hours").fill(typed.cells["daily_hours"])
    saved(page)
    expect(page.locator(".notes .nb-hint", has_text="每日开放时长")).to_have_count(0)


def assert_exported(questionnaire: Questionnaire, typed: Typed, data: bytes) -> None:
    """Compare every value of the workbook with what was typed."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    cells = questionnaire.cells
    lines = sheet_by_name(book, book.sheet_names[0])
    shown = next(line for line in lines if line["_report"] == "2022-130600001")
    found = {name: as_typed(cells[name], shown[name]) for name in typed.cells if cells[name].type.kind is not Kind.FILE}
    assert found == {name: cells[name].type.parse(typed.cells[name]) for name in found}
    for table in questionnaire.tables:
        if table.kind is TableKind.ROWS:
            lines = sheet_by_name(book, next(name for name in book.sheet_names if name.startswith(f"{table.number} ")))
            assert list(exported_rows(table, lines)) == list(typed_rows(table, typed))


def sheet_by_name(book: CalamineWorkbook, name: str) -> list[dict[str, object]]:
    """Return the lines of a sheet by the machine names in its fourth line."""
    lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [dict(zip(map(str, lines[3]), line, strict=True)) for line in lines[4:]]


def exported_rows(table: Table, lines: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for line in lines:
        yield {c.name: as_typed(c, line[c.name]) for c in table.cells if c.typed and line[c.name] != ""}


def typed_rows(table: Table, typed: Typed) -> Iterator[dict[str, object]]:
    for row in typed.rows.get(table.name, {}).values():
        yield {name: table.by_name[name].type.parse(text) for name, text in row.items() if text}


def as_typed(cell: Cell, shown: object) -> object:
    """Return a workbook's value as the value of its cell."""
    if isinstance(shown, datetime | date):
        return cell.type.parse(f"{shown:%Y-%m}" if cell.type.kind is Kind.MONTH else f"{shown:%Y-%m-%d}")
    if isinstance(shown, int | float) and not isinstance(shown, bool):
        return cell.type.parse(format(Decimal(repr(shown)).normalize(), "f"))
    return cell.type.parse(shown)
