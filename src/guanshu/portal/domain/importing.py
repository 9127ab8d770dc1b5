"""Importing the reports of closed years: last year's figures, and nothing else.

Nobody but its filler writes the values of an open year. Imported values go the same way as saved ones: decided cell by
cell, encrypted where personal, appended to the report's chain.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from guanshu.portal import audit, clock, crypto
from guanshu.portal.access import reports
from guanshu.portal.domain.campaigns import Calendar, open_campaign, report_number
from guanshu.portal.domain.conditions import refuse_by_conditions
from guanshu.portal.domain.deciding import Change, decide
from guanshu.portal.domain.importedpeople import gives_people, take_people
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.domain.recording import append
from guanshu.portal.domain.reporting.facts import write_imported_facts
from guanshu.portal.models import Campaign, FreeStatus, Museum, Report, ReportFact
from guanshu.portal.problems import Unusable, WrongState
from guanshu.portal.queries.forms import Form, form, from_register
from guanshu.portal.queries.reports import OpenReport, opened_with
from guanshu.portal.queries.stored import Stored, read_stored
from guanshu.survey.definition.address import parse_address
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Cell, TableKind
from guanshu.survey.definition.storage import get_stored, to_stored
from guanshu.survey.interchange.files import Bundle, open_csv
from guanshu.survey.interchange.mapping import NO_MAPPING, read_mapping
from guanshu.survey.interchange.reading import Organisation
from guanshu.survey.interchange.sheet import ORG, ReadProblem
from guanshu.survey.interchange.workbook import open_workbook
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK
from guanshu.survey.workflow.states import State

ACTOR = "import"
_CODE = re.compile(r"(?:[ABCabc]|(?P<year>\d{4})-)?(?P<code>\d{9})")


@dataclass
class ImportResult:
    """What an import did, or would do; `people`: accounts whose person changed; `errors` name file, line and column."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    people: int = 0
    errors: list[ReadProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """Where organisations come from and what it speaks of: columns of the main sheet, rows tables (by name)."""

    file: str
    columns: frozenset[str]
    rows_tables: frozenset[str]

    @classmethod
    def of(cls, bundle: Bundle) -> "Source":
        """Return the source that a file and those beside it are."""
        return cls(bundle.sheet.name, frozenset(bundle.sheet.header), frozenset(bundle.rows))


@dataclass(frozen=True, slots=True)
class _Job:
    """What stays the same for every line."""

    campaign: Campaign
    form: Form
    source: Source
    now: datetime
    write: bool
    people: bool


def import_reports(
    *,
    year: int,
    path: Path,
    files: Mapping[str, bytes] | None,
    write: bool,
    now: datetime,
    mapping: Path | None = None,
) -> ImportResult:
    """Import a wide CSV or Excel file into a closed year, making the year with the questionnaire `files` if need be.

    mapping: a file that says which of its headings is which cell, for files of any other layout. Without `write`
    everything is tried and taken back. Cells whose columns the file lacks stay as they are. Raises WrongState for a
    year that is open, Unusable when there is no questionnaire, SheetProblem, QuestionnaireError.
    """
    # Only a year that has to be made first needs one transaction around everything; it would hold up all other writers.
    with _rehearsal(write=write or Campaign.objects.filter(year=year).exists()):
        campaign = _closed_campaign(year, files, now)
        found = form(campaign.questionnaire_id)
        questionnaire = found.compiled.questionnaire
        opener = open_csv if path.suffix.lower() == ".csv" else open_workbook
        bundle = opener(questionnaire, path, read_mapping(questionnaire, mapping) if mapping else NO_MAPPING)
        result = import_organisations(
            campaign=campaign,
            source=Source.of(bundle),
            organisations=bundle.organisations(questionnaire),
            now=now,
            write=write,
        )
        result.errors[:0] = bundle.problems
        if write and (result.new or result.changed or result.people):
            counts = {"new": result.new, "changed": result.changed, "errors": len(result.errors)}
            audit.record(stream="system", actor="", action="import_reports", object=str(year), details=counts, now=now)
    return result


def import_organisations(
    *,
    campaign: Campaign,
    source: Source,
    organisations: Iterable[Organisation],
    now: datetime,
    write: bool = True,
) -> ImportResult:
    """Write the reports of a closed campaign, each in a transaction of its own; one bad line never stops the others."""
    if not campaign.closed:
        raise WrongState(f"{campaign.year} 年度尚未结束，数据只能由各馆填报人填写，不能导入。")
    job = _Job(campaign, form(campaign.questionnaire_id), source, now, write, gives_people(campaign))
    museums = {museum.code: museum for museum in Museum.objects.all()}
    named = _by_name(museums.values())
    result = ImportResult()
    seen: set[str] = set()
    for organisation in organisations:
        result.errors += organisation.problems
        if any(problem.column == ORG for problem in organisation.problems):
            continue
        code = _code(organisation.org, campaign.year) or named.get(organisation.org.strip(), "")
        if code not in museums or code in seen:
            message = "与前面的行是同一座馆，此行未导入" if code in seen else "名册中没有这座馆，此行未导入"
            result.errors.append(ReadProblem(job.source.file, organisation.line, ORG, organisation.org, message))
            continue
        seen.add(code)
        outcome, people, errors = _import_one(job, museums[code], organisation)
        setattr(result, outcome, getattr(result, outcome) + 1)
        result.people += people
        result.errors += errors
    return result


@contextmanager
def _rehearsal(*, write: bool) -> Iterator[None]:
    """Take everything back at the end unless it is meant."""
    if write:
        yield
        return
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        # A questionnaire published in the rehearsal leaves its number to another one.
        form.cache_clear()


def _closed_campaign(year: int, files: Mapping[str, bytes] | None, now: datetime) -> Campaign:
    campaign = Campaign.objects.select_related("questionnaire").filter(year=year).first()
    if campaign is not None:
        if not campaign.closed:
            raise WrongState(f"{year} 年度尚未结束，数据只能由各馆填报人填写，不能导入。")
        if files is not None and publish_questionnaire(files=files, now=now).pk != campaign.questionnaire_id:
            raise Unusable(f"{year} 年度已使用另一份调查表，不能改换；请去掉 --questionnaire。")
        return campaign
    newest = Campaign.objects.filter(closed=False).order_by("year").first()
    if year >= (newest.year if newest else clock.today().year):
        raise WrongState(f"{year} 年度尚未结束，不能导入。")
    if files is None:
        raise Unusable(f"系统中还没有 {year} 年度，请用 --questionnaire 指明该年度使用的调查表。")
    version = publish_questionnaire(files=files, now=now)
    return open_campaign(year=year, questionnaire=version, calendar=_calendar(year), now=now, closed=True)


def _calendar(year: int) -> Calendar:
    """Return days for a year whose calendar nobody recorded; all are long past."""
    return Calendar(
        opens_on=date(year + 1, 1, 1),
        contacts_due=date(year + 1, 1, 15),
        museum_due=date(year + 1, 2, 10),
        province_review_due=date(year + 1, 2, 20),
        province_submit_due=date(year + 1, 2, 25),
    )


def _code(org: str, year: int) -> str:
    """Return the museum's nine digits out of a code, an account or a report's number; "" for anything else."""
    match = _CODE.fullmatch(org.removesuffix(".0"))
    return match["code"] if match and match["year"] in {None, str(year)} else ""


def _by_name(museums: Iterable[Museum]) -> dict[str, str]:
    """Return the code of each museum by its name, for files that give no numbers; a name two have is nobody's."""
    found: dict[str, list[str]] = {}
    for museum in museums:
        found.setdefault(museum.name, []).append(museum.code)
    return {name: codes[0] for name, codes in found.items() if len(codes) == 1}


def _import_one(job: _Job, museum: Museum, organisation: Organisation) -> tuple[str, int, list[ReadProblem]]:
    """Write one museum's report and return new, changed or unchanged, how many people, and what was not taken over."""
    year = job.campaign.year
    with transaction.atomic():
        _note_free_status(job, museum, organisation)
        report, made = Report.objects.get_or_create(
            museum=museum,
            campaign=job.campaign,
            defaults={
                "number": report_number(year, museum),
                "questionnaire_id": job.campaign.questionnaire_id,
                "state": State.APPROVED.value,
            },
        )
        locked = reports().select_for_update(of=("self",), no_key=True).get(pk=report.pk)
        stored = read_stored(locked, job.form, locked=True)
        changes, plain = _changes(job, organisation, stored), stored.plain
        decision = decide(job.form, stored, changes)
        if decision.writes:
            opened, record = refuse_by_conditions(locked, job.form, stored, decision)
            if record:
                request, mark = _marks(locked, changes)
                append(opened, record, actor=ACTOR, request=request, mark=mark, now=job.now)
            plain = opened.stored.plain
            _write_facts(opened)
        elif made or not ReportFact.objects.filter(report=locked).exists():
            _write_facts(opened_with(locked, job.form, stored))
        people = take_people(museum=museum, found=job.form, plain=plain, actor="", now=job.now) if job.people else 0
        errors = [
            ReadProblem(job.source.file, organisation.line, text, organisation.org, message)
            for text, message in decision.problems.items()
        ]
        if not job.write:
            transaction.set_rollback(True)
    return ("new" if made else "changed" if decision.writes else "unchanged"), people, errors


def _write_facts(opened: OpenReport) -> None:
    """Let boards and comparisons with last year read the report like a submitted one, which it is: approved."""
    write_imported_facts(opened, free=bool(getattr(opened.report, "free_this_year", False)))


def _note_free_status(job: _Job, museum: Museum, organisation: Organisation) -> None:
    """Put into the register that the museum was in the free-opening programme that year, if the file says so."""
    cell = job.form.compiled.questionnaire.roles.get("free", "")
    if organisation.answers.cells.get(cell) is True and job.form.register.get(cell) == "is_free":
        FreeStatus.objects.get_or_create(museum=museum, year=job.campaign.year)


def _changes(job: _Job, organisation: Organisation, stored: Stored) -> dict[str, Change]:
    """Return a change for every address the file speaks of. Whoever imports has seen what is stored: the file holds."""
    questionnaire = job.form.compiled.questionnaire
    unreadable = {problem.column for problem in organisation.problems}
    wanted = {
        address: new
        for address, new in (*_form_values(job, organisation.answers), *_row_values(job, organisation.answers))
        if address not in unreadable
    }
    changes = {}
    for text, new in wanted.items():
        address = parse_address(questionnaire, text, job.form.check_tables)
        changes[text] = Change(get_stored(stored.plain.get(address.table, {}), address), new)
    return changes


def _form_values(job: _Job, answers: Answers) -> Iterator[tuple[str, object]]:
    """Yield address and value of the cells and ticks whose columns the file has."""
    for table in job.form.compiled.questionnaire.tables:
        for cell in table.form_cells:
            if cell.name in job.source.columns and _imported(cell):
                yield cell.name, to_stored(cell.type, answers.cells.get(cell.name, BLANK))
        if table.kind is TableKind.ROWS and f"{table.name}.none" in job.source.columns:
            yield f"{table.name}.none", table.name in answers.none or None
        if table.na is not False and f"{table.number}.na" in job.source.columns:
            yield f"{table.number}.na", table.number in answers.na or None


def _row_values(job: _Job, answers: Answers) -> Iterator[tuple[str, object]]:
    """Yield address and value of the rows in the rows tables the file gives."""
    for name in sorted(job.source.rows_tables):
        rows = answers.rows.get(name, ())
        yield f"{name}.rows", [row.id for row in rows] or None
        for row in rows:
            for cell in job.form.compiled.questionnaire.by_name[name].cells:
                if _imported(cell):
                    yield f"{name}[{row.id}].{cell.name}", to_stored(cell.type, row.cells.get(cell.name, BLANK))


def _imported(cell: Cell) -> bool:
    return cell.typed and cell.type.kind is not Kind.FILE and not from_register(cell)


def _marks(report: Report, changes: Mapping[str, Change]) -> tuple[str, str]:
    """Return the request id and the body's mark of an import; the id names the place in the chain."""
    body = json.dumps({text: change.new for text, change in changes.items()}, ensure_ascii=False, sort_keys=True)
    return f"{report.number}-{report.saves + 1}", crypto.body_hash(body.encode())
