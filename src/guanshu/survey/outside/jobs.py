"""The jobs: JSON in, bytes out. What is heavy is imported by the job that needs it."""

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guanshu.survey.checks.compiled import Compiled
from guanshu.survey.definition.model import Questionnaire

if TYPE_CHECKING:
    from guanshu.survey.intake.scans import ReadScan, Wanted

Given = Mapping[str, Any]


def scan(given: Given) -> bytes:
    """Read the sheets of a scan: {"files": [[path, name] …], "joined": path, "keys": {id: key}} → pages, turned, red,
    joined.

    Pictures are joined into one PDF at `joined`. `pages`: the list of our own codes of each sheet; `turned`: how far
    each is turned clockwise (0, 90, 180, 270), null when none of its codes could be read; `red`: whether the cover
    shows a red seal, null when it has no colour. How many pages of how many are read is told on standard error, one
    JSON list a line. Raises Refused.
    """
    from guanshu.survey.intake import scans
    from guanshu.survey.intake.kinds import FileKind

    named = [(Path(path), str(name)) for path, name in given["files"]]
    keys = {name: key.encode() for name, key in given["keys"].items()}
    one_pdf = scans.kinds_of_scan(named) is FileKind.PDF
    paths = [path for path, _ in named]
    wanted = _looked_for(keys)
    target = Path(given["joined"])
    read = scans.read_pdf(paths[0], wanted, _tell) if one_pdf else scans.join_pictures(paths, target, wanted, _tell)
    return json.dumps(_told(read, keys) | {"joined": not one_pdf}).encode()


def _looked_for(keys: Mapping[str, bytes]) -> "Wanted | None":
    """Return what tells codes of ours; without keys nobody looks for any."""
    from guanshu.survey.documents.report_pdf.codes import read_page_code

    return (lambda text: read_page_code(text, keys) is not None) if keys else None


def _told(read: "ReadScan", keys: Mapping[str, bytes]) -> dict[str, Any]:
    from guanshu.survey.documents.report_pdf.codes import read_page_code

    pages, turned, cover = [], [], read.sheets[0]
    for sheet in read.sheets:
        ours = [(code, seen.turned) for seen in sheet.codes if (code := read_page_code(seen.text, keys)) is not None]
        pages.append([asdict(code) for code, _ in ours])
        turned.append(ours[0][1] if ours else None)
        cover = sheet if any(code.page == 1 for code, _ in ours) else cover
    return {"pages": pages, "turned": turned, "red": cover.red}


def scan_in_order(given: Given) -> bytes:
    """Put a read scan in order: {"source": path, "sheets": [[[page …], turned or null] …], "total", "target": path} →
    order, changed.

    One PDF is written at `target`, unless nothing has to be changed or may be: then `changed` is false and there is no
    target. `order`: the places (from 0) of the source's sheets as they follow now. `total`: the report's pages, 0 when
    no code was read. Raises Refused.
    """
    from guanshu.survey.intake.orderly import ReadSheet, put_in_order

    sheets = [ReadSheet(tuple(pages), turned) for pages, turned in given["sheets"]]
    source, target, total = Path(given["source"]), Path(given["target"]), int(given["total"])
    order, changed = put_in_order(source, sheets, target, total)
    return json.dumps({"order": order, "changed": changed}).encode()


def _tell(done: int, total: int) -> None:
    sys.stderr.write(f"{json.dumps([done, total])}\n")
    sys.stderr.flush()


def glance(given: Given) -> bytes:
    """Look at what can be told of a scan at once: {"files": [[path, name] …]} → its number of pages. Raises Refused."""
    from guanshu.survey.intake import scans
    from guanshu.survey.intake.kinds import FileKind

    named = [(Path(path), str(name)) for path, name in given["files"]]
    if scans.kinds_of_scan(named) is FileKind.PDF:
        return json.dumps(scans.count_pages(named[0][0])).encode()
    return json.dumps(len(named)).encode()


def page(given: Given) -> bytes:
    """Draw one page of a PDF as PNG: {"file": path, "page": number} → PNG, b"" when there is no such page."""
    from guanshu.survey.intake.scans import page_picture

    try:
        return page_picture(Path(given["file"]), int(given["page"]))
    except IndexError:
        return b""


def report(given: Given) -> bytes:
    """Print a frozen report; see `printing.print_report`."""
    from guanshu.survey.outside.printing import print_report

    return print_report(_questionnaire(given), given)


def summary(given: Given) -> bytes:
    """Make a Word template or draft: {"kind", "name", "year", "questionnaire", "tables"} → .docx."""
    from guanshu.survey.definition.storage import decode_answers
    from guanshu.survey.documents.summaries import annual_draft, annual_template, free_template

    name, year = str(given["name"]), int(given["year"])
    if given["kind"] == "free":
        return free_template(name, year)
    if given["kind"] == "annual":
        return annual_template(name, year)
    form = _questionnaire(given)
    return annual_draft(form, decode_answers(form, given["tables"]).cells, name, year)


def package(given: Given) -> bytes:
    """Look into a province's own archive: {"path", "name", "wanted": [{…}], "expected", "keep"} → its members.

    `expected` is the path of the workbook as the system makes it (or ""), `keep` a folder for what may be kept.
    Raises Refused.
    """
    from guanshu.survey.intake.packages import look_into
    from guanshu.survey.intake.titles import Wanted

    found = look_into(
        Path(given["path"]),
        str(given["name"]),
        [Wanted(**each) for each in given["wanted"]],
        expected=Path(given["expected"]) if given["expected"] else None,
        keep=Path(given["keep"]),
    )
    return json.dumps([asdict(each) for each in found], ensure_ascii=False).encode()


def member(given: Given) -> bytes:
    """Take one member out of an archive: {"path", "name", "place", "target": path}. Raises Refused."""
    from guanshu.survey.intake.packages import take_out

    take_out(Path(given["path"]), str(given["name"]), int(given["place"]), Path(given["target"]))
    return b""


def province_list(given: Given) -> bytes:
    """Make a province's list: {"kind": docx or pdf, "list", "unit", "filled_on", "questionnaire", "tables"} → bytes."""
    from guanshu.survey.definition.storage import decode_answers
    from guanshu.survey.documents.province_lists import make_list_docx, make_list_pdf

    form = _questionnaire(given)
    make = make_list_pdf if given["kind"] == "pdf" else make_list_docx
    day = given.get("filled_on")
    answers = decode_answers(form, given["tables"])
    return make(form, given["list"], answers, unit=given["unit"], filled_on=date.fromisoformat(day) if day else None)


def blank_form(given: Given) -> bytes:
    """Make the form to be filled in by hand: {"kind": pdf, docx or xlsx, "year", "questionnaire"} → bytes."""
    from guanshu.survey.documents.blank_form import make_blank_docx, make_blank_pdf, make_blank_xlsx

    make = {"pdf": make_blank_pdf, "docx": make_blank_docx, "xlsx": make_blank_xlsx}[given["kind"]]
    return make(_questionnaire(given), int(given["year"]))


def guide(given: Given) -> bytes:
    """Print the guide to a form: {"year", "dates": {name: day}, "scanned": a ScanPages, "questionnaire"} → PDF."""
    from guanshu.survey.documents.guide import Dates, make_guide, make_guide_pdf
    from guanshu.survey.workflow.scanning import ScanPages

    dates = Dates(**{name: date.fromisoformat(day) for name, day in given["dates"].items()})
    return make_guide_pdf(make_guide(_compiled(given), int(given["year"]), dates, ScanPages(given["scanned"])))


def self_evaluation(given: Given) -> bytes:
    """Draft the province's 自评报告 from plain data: {"content"} → .docx."""
    from guanshu.survey.documents.self_evaluation.content import Content
    from guanshu.survey.documents.self_evaluation.report import make_self_evaluation

    return make_self_evaluation(Content.from_plain(given["content"]))


def account_slips(given: Given) -> bytes:
    """Make 账号通知单 from plain data: {"kind": pdf or xlsx, "sheet": {…}} → bytes."""
    from guanshu.survey.documents.account_slips import SlipSheet, make_slips_pdf, make_slips_xlsx

    make = make_slips_pdf if given["kind"] == "pdf" else make_slips_xlsx
    return make(SlipSheet.from_plain(given["sheet"]))


def _questionnaire(given: Given) -> Questionnaire:
    return _compiled(given).questionnaire


def _compiled(given: Given) -> Compiled:
    from guanshu.survey.loading import load, unpack

    return load(unpack(base64.b64decode(given["questionnaire"])))


def administrator_card(given: Given) -> bytes:
    """Make 附件1 of one unit: {"unit", "values": the seven in order, "due", "mail", "phone"} → .docx."""
    from guanshu.survey.documents.administrators.card import CardContent, make_card_docx

    values = tuple(map(str, given["values"]))
    due = date.fromisoformat(given["due"])
    return make_card_docx(CardContent(given["unit"], values, due, given["mail"], given["phone"]))


def preview(given: Given) -> bytes:
    """Look at a file for the screen: {"file", "name", "folder", "place": of a member or null} → what `look` says.

    Raises Refused.
    """
    from guanshu.survey.outside.previews import look

    return json.dumps(look(Path(given["file"]), str(given["name"]), Path(given["folder"]), given["place"])).encode()
