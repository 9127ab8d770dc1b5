"""The annual workbook of 1,000 museums against bare XlsxWriter writing the same cells.

Baseline: the calls our workbook makes, recorded once, made again in order from a list: the same values, formats and
sheets, nothing to look up or to decide. Both from data at hand (answers and evaluations), by turns in one process; the
ratio is the median over neighbouring runs. For information also the whole `guanshu export` of the same museums, all
submitted: start, versions read from a new SQLite file, decrypted, decoded, written.

    python bench/export.py [MUSEUMS] [ROUNDS]
"""

import gc
import io
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from unittest import mock

from xlsxwriter import Workbook

from guanshu.commands.setup import start_django
from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.documents.export_workbook import ExportContent, ExportedReport, write_workbook
from guanshu.survey.loading import load, read_folder
from guanshu.survey.values.base import Kind
from guanshu.survey.workflow.snapshot import make_snapshot

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.questionnaires.museum_2022 import FOLDER, consistent  # noqa: E402

TARGET, FINDINGS, MEGABYTES = 1.3, 12, 250
# A sheet, a method of it, its arguments without the format, and the place of its format (-1: none).
Call = tuple[int, str, tuple[Any, ...], int]
Times = tuple[float, float]


def reports(compiled: Compiled, many: int) -> list[ExportedReport]:
    """Return museums with other figures in every number and another text in some, and a dozen findings each."""
    q, dice, found = compiled.questionnaire, random.Random(3), []
    for number in range(many):
        draft = consistent()
        for name, text in draft.cells.items():
            if text and q.cells[name].type.kind is Kind.NUMBER:
                draft.cells[name] = str(int(float(text)) + dice.randint(1, 400))
        draft.cells |= {"museum_name": f"示例市第{number}科学技术馆", "address": f"科苑路 {number} 号"}
        answers = draft.answers(q)
        evaluation = compiled.evaluate(answers, Context(2022))
        findings = tuple(replace(each, explanation="经核实无误。") for each in evaluation.findings[:FINDINGS])
        account = f"13{number:07}"
        exported = ExportedReport(
            state="省级审核通过",
            review_state="已通过",
            province="河北",
            name=draft.cells["museum_name"],
            account=account,
            number=f"2022-{account}",
            answers=answers,
            values=evaluation.values,
            findings=findings,
        )
        found.append(exported)
    return found


class RecordingSheet:
    """A worksheet that passes every call on and remembers it."""

    def __init__(self, inner: Any, number: int, places: dict[int, int], calls: list[Call]) -> None:
        self.inner, self.number, self.places, self.calls = inner, number, places, calls
        self.merge = self

    def append(self, merged: list[int]) -> None:
        """Pass on and remember a range that was merged by hand."""
        self.calls.append((self.number, "merge.append", (merged,), -1))
        self.inner.merge.append(merged)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)

        def call(*args: Any) -> Any:
            place = self.places.get(id(args[-1]), -1) if args else -1
            # A program written for these cells alone would hold floats.
            plain = tuple(float(each) if isinstance(each, Decimal) else each for each in args)
            self.calls.append((self.number, name, plain if place < 0 else plain[:-1], place))
            return method(*args)

        return call


class RecordingBook:
    """Stands for xlsxwriter.Workbook while our workbook is written once."""

    def __init__(self, target: Any, options: dict[str, object]) -> None:
        self.inner, self.options = Workbook(target, options), options
        self.properties: dict[str, object] = {}
        self.formats: list[dict[str, object]] = []
        self.places: dict[int, int] = {}
        self.sheets: list[str] = []
        # Of all sheets together: formats are numbered in the order in which they are first used.
        self.calls: list[Call] = []

    def add_format(self, properties: dict[str, object]) -> Any:
        """Make a format and remember its properties."""
        made = self.inner.add_format(properties)
        self.places[id(made)] = len(self.formats)
        self.formats.append(properties)
        return made

    def add_worksheet(self, name: str) -> RecordingSheet:
        """Make a sheet that remembers."""
        self.sheets.append(name)
        return RecordingSheet(self.inner.add_worksheet(name), len(self.sheets) - 1, self.places, self.calls)

    def set_properties(self, properties: dict[str, object]) -> None:
        """Set the file's properties and remember them."""
        self.properties = properties
        self.inner.set_properties(properties)

    def close(self) -> None:
        """Finish the file."""
        self.inner.close()


def record(content: ExportContent) -> tuple[RecordingBook, bytes]:
    """Return every call of our workbook, and its file."""
    made: list[RecordingBook] = []

    def stand_in(target: Any, options: dict[str, object]) -> RecordingBook:
        made.append(RecordingBook(target, options))
        return made[0]

    buffer = io.BytesIO()
    with mock.patch("xlsxwriter.Workbook", stand_in):
        write_workbook(content, buffer)
    return made[0], buffer.getvalue()


def ours(content: ExportContent) -> tuple[Times, bytes]:
    """Return wall and processor time of our workbook, and the file."""
    buffer = io.BytesIO()
    gc.collect()
    start, used = perf_counter(), process_time()
    write_workbook(content, buffer)
    return (perf_counter() - start, process_time() - used), buffer.getvalue()


def bare(recorded: RecordingBook) -> tuple[Times, bytes]:
    """Return wall and processor time of XlsxWriter alone, and the file."""
    buffer = io.BytesIO()
    gc.collect()
    start, used = perf_counter(), process_time()
    folder = tempfile.TemporaryDirectory(prefix="guanshu-bench-")
    book = Workbook(buffer, {**recorded.options, "tmpdir": folder.name})
    book.set_properties(recorded.properties)
    formats = [book.add_format(properties) for properties in recorded.formats]
    sheets = [book.add_worksheet(name) for name in recorded.sheets]
    methods = {(sheet, name): attrgetter(name)(sheets[sheet]) for sheet, name in {call[:2] for call in recorded.calls}}
    for sheet, name, args, place in recorded.calls:
        if place < 0:
            methods[sheet, name](*args)
        else:
            methods[sheet, name](*args, formats[place])
    book.close()
    folder.cleanup()
    return (perf_counter() - start, process_time() - used), buffer.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """Return what the file holds, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# A process that is started takes over the largest memory of the one that started it; this one is small.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def whole(content: ExportContent) -> tuple[float, float, float]:
    """Return wall and processor time and megabytes of `guanshu export` on a database of these reports."""
    with tempfile.TemporaryDirectory(prefix="guanshu-bench-") as place:
        os.environ |= {
            "GUANSHU_DEMO": "1",
            "GUANSHU_VAR": place,
            "GUANSHU_DATABASE_URL": f"sqlite:///{place}/bench.sqlite3",
        }
        start_django()
        fill(content)
        target = Path(place) / "all.xlsx"
        command = [sys.executable, "-m", "guanshu", "export", "--year=2022", "--submitted", str(target)]
        start, used = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", MEASURE, *command], check=True, stdout=subprocess.PIPE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        work = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
        return perf_counter() - start, work, int(done.stdout) / 1024


def fill(content: ExportContent) -> None:
    """Put every report into the database as approved, with its version."""
    from guanshu.portal.domain.campaigns import Calendar, open_campaign
    from guanshu.portal.domain.maintenance.database import migrate
    from guanshu.portal.domain.questionnaires import publish_questionnaire
    from guanshu.portal.domain.reporting.freezing import sealed
    from guanshu.portal.models import Museum, Province, Report, ReportVersion
    from guanshu.portal.queries.forms import form

    migrate()
    province = Province.objects.create(code="130000", order=3, name="河北省科协", short_name="河北")
    published = publish_questionnaire(files=read_folder(FOLDER), now=content.at)
    museums = [Museum(code=each.account, name=each.name, province=province, level="city") for each in content.reports]
    Museum.objects.bulk_create(museums)
    day = content.at.date()
    open_campaign(year=2022, questionnaire=published, calendar=Calendar(day, day, day, day, day), now=content.at)
    Report.objects.update(state="approved", version=1)
    keys = dict(Report.objects.values_list("number", "pk"))
    found = form(published.pk)
    versions = []
    for each in content.reports:
        evaluation = replace(found.compiled.evaluate(each.answers, Context(2022)), findings=tuple(each.findings))
        snapshot = make_snapshot(
            content.questionnaire, each.answers, evaluation, report=each.number, questionnaire_hash=published.sha256
        )
        version = ReportVersion(
            report_id=keys[each.number],
            number=1,
            content_hash=snapshot.content_hash,
            snapshot=sealed(snapshot.document, found, each.number),
            made_at=content.at,
        )
        versions.append(version)
    ReportVersion.objects.bulk_create(versions, batch_size=100)


def main(museums: int, rounds: int) -> int:
    """Print the figures; return 0 when the target is met."""
    compiled = load(read_folder(FOLDER))
    content = ExportContent(
        questionnaire=compiled.questionnaire,
        year=2022,
        free_only=False,
        at=datetime(2023, 3, 1, tzinfo=UTC),
        reports=reports(compiled, museums),
    )
    recorded, _ = record(content)
    mine, theirs = [], []
    for _ in range(rounds):
        time, data = ours(content)
        mine.append(time)
        time, same = bare(recorded)
        theirs.append(time)
        a, b = parts(data), parts(same)
        if a != b:
            print("the baseline wrote another workbook:", *(name for name in a if a[name] != b.get(name)))
            return 1
    wall = statistics.median(a[0] / b[0] for a, b in zip(mine, theirs, strict=True))
    work = statistics.median(a[1] / b[1] for a, b in zip(mine, theirs, strict=True))
    cells = sum(call[1].startswith("write_") for call in recorded.calls)
    print(f"{museums} museums, {len(recorded.sheets)} sheets, {cells:,} cells, {len(data) / 1024:.0f} kB")
    print(f"ours: {middle(mine, 0):.2f} s, processor {middle(mine, 1):.2f} s")
    print(f"bare: {middle(theirs, 0):.2f} s, processor {middle(theirs, 1):.2f} s")
    print(f"ratio: {wall:.2f}, of processor time {work:.2f} (target {TARGET}: {'met' if work <= TARGET else 'MISSED'})")
    wall, work_whole, memory = whole(content)
    print(f"guanshu export: {wall:.1f} s, processor {work_whole:.1f} s, {memory:.0f} MB (target {MEGABYTES})")
    return 0 if work <= TARGET and memory <= MEGABYTES else 1


def middle(times: list[Times], which: int) -> float:
    """Return the median of wall (0) or processor time (1)."""
    return statistics.median(time[which] for time in times)


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in (sys.argv[1:] + ["1000", "7"][len(sys.argv) - 1 :]))))
