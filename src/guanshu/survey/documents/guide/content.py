"""What the guide says. Indicators, choices and checks are the form's own words; nothing of them is written twice."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from guanshu.survey.checks.compiled import Compiled
from guanshu.survey.checks.findings import MIN_EXPLANATION, CheckClass
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.documents.guide.parts import parts_in_words
from guanshu.survey.documents.guide.pictures import Picture, pictures_of
from guanshu.survey.documents.guide.steps import chapters
from guanshu.survey.values.base import Kind
from guanshu.survey.values.choices import ChoiceType, MultiType
from guanshu.survey.workflow.scanning import ScanPages
from guanshu.survey.workflow.states import State

_KINDS = {
    Kind.NUMBER: "数字",
    Kind.DATE: "日期",
    Kind.MONTH: "年月",
    Kind.BOOL: "是/否",
    Kind.CHOICE: "单选",
    Kind.MULTI: "多选",
    Kind.FILE: "附件",
}
CLASSES: tuple[tuple[str, str], ...] = (
    (CheckClass.MANDATORY.value, "必须修改，否则不能提交。"),
    (CheckClass.QUASI.value, "应当修改；情况确实特殊的，由省级科协允许后可以提交。"),
    (CheckClass.VERIFY.value, f"请核对；数据无误的，填写不少于 {MIN_EXPLANATION} 个字的说明。"),
    (CheckClass.HINT.value, "供核对参考，不影响提交。"),
)


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a campaign that the guide names."""

    opens_on: date
    museum_due: date
    province_review_due: date
    province_submit_due: date


@dataclass(frozen=True, slots=True)
class Step:
    """A paragraph: the words that stand out before it ("" if none), what it says, the screens it speaks of."""

    lead: str
    text: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of prose."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator, as the guide explains it; `answer` says what is to be written."""

    code: str
    label: str
    indent: int
    unit: str
    period: str
    answer: str
    needed: str
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Told:
    """One check: its number, its class and what it asks for."""

    id: str
    cls: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TableGuide:
    """One table: who fills it in, its note, indicators in groups (heading, indicators), checks."""

    number: str
    anchor: str
    title: str
    lead: str
    note: str
    groups: tuple[tuple[str, tuple[Indicator, ...]], ...]
    checks: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole guide."""

    title: str
    year: int
    chapters: tuple[Chapter, ...]
    tables: tuple[TableGuide, ...]
    classes: tuple[tuple[str, str], ...]


def make_guide(compiled: Compiled, year: int, dates: Dates, scanned: ScanPages = ScanPages.ALL) -> Guide:
    """Return the guide to a year's form; scanned: which pages come back stamped."""
    form = compiled.questionnaire
    return Guide(
        title=title(form),
        year=year,
        chapters=tuple(_chapters(_named(form, year, dates, scanned))),
        tables=tuple(_table(table, tuple(_checks(compiled, table))) for table in form.tables),
        classes=CLASSES,
    )


def _chapters(named: Mapping[str, str]) -> Iterator[Chapter]:
    for heading, told in chapters(named):
        yield Chapter(heading, tuple(Step(lead, text, pictures_of(lead)) for lead, text in told))


def _checks(compiled: Compiled, table: Table) -> Iterator[Told]:
    """Yield a table's checks; what is checked of every part of a whole is one entry: it is much and says the same."""
    mine = [check for check in compiled.checks if check.table == table.number]
    yield from (Told(check.id, check.cls.value, check.sentence()) for check in mine if not check.generated)
    parts = parts_in_words(table, [check for check in mine if check.generated])
    if parts:
        yield Told("其中项", CheckClass.MANDATORY.value, f"{parts}。")


def _named(form: Questionnaire, year: int, dates: Dates, scanned: ScanPages) -> dict[str, str]:
    """Return what the prose names: the form, the days, the label of the state after handing in, the pages to scan."""
    days = {name: f"{day.year} 年 {day.month} 月 {day.day} 日" for name, day in asdict(dates).items()}
    return {
        "form": form.title,
        "tables": str(len(form.tables)),
        "year": str(year),
        "submitted": State.SUBMITTED.label,
        "scanned": scanned.label,
        **days,
    }


def title(form: Questionnaire) -> str:
    """Return what the guide is called: 已建成开放科技馆填报指导手册, after the form's own title."""
    return f"{form.title.removesuffix('基本情况统计表')}填报指导手册"


def _table(table: Table, checks: tuple[Told, ...]) -> TableGuide:
    return TableGuide(
        number=table.number_label,
        anchor=f"t-{table.number}",
        title=table.title,
        lead=_lead(table),
        note=table.note,
        groups=tuple((heading, tuple(found)) for heading, found in _groups(table) if found),
        checks=checks,
    )


def _lead(table: Table) -> str:
    parts = ["全部单位填报" if table.applies is True else "符合条件的单位填报，不需填报的单位看不到本表"]
    if table.kind is TableKind.ROWS:
        parts.append(f"一项一行，最多 {table.limit} 行；没有的勾选「{table.none_label}」")
    if table.na is not False:
        parts.append("整表没有此项业务的，可勾选「整表不适用」")
    return "；".join(parts) + "。"


def _groups(table: Table) -> Iterator[tuple[str, list[Indicator]]]:
    if table.kind is TableKind.MATRIX:
        # Rows and columns are explained once each, not at every crossing.
        for heading, lines in (("各行", table.rows), ("各栏", table.columns)):
            yield (
                heading,
                [Indicator(x.code, x.label, x.indent, x.unit, "", "", "", (), x.help) for x in lines],
            )
        yield "", [_indicator(cell) for cell in table.cells if not cell.row]
        return
    yield ("各栏" if table.kind is TableKind.ROWS else ""), [_indicator(cell) for cell in table.cells]
    if table.totals:
        yield "合计", [_indicator(cell) for cell in table.totals]


def _indicator(cell: Cell) -> Indicator:
    return Indicator(
        code=cell.code,
        label=cell.label,
        indent=cell.indent,
        unit=cell.unit,
        period=cell.period.value if cell.period else "",
        answer=_answer(cell),
        needed=_needed(cell),
        choices=tuple(f"{each.label}" for each in cell.type.options)
        if isinstance(cell.type, ChoiceType | MultiType)
        else (),
        help=cell.help,
    )


def _answer(cell: Cell) -> str:
    if not cell.typed:
        return "系统计算"
    if cell.prefill is not None and cell.prefill.source == "register":
        return "系统带入"
    return _KINDS.get(cell.type.kind, "文字")


def _needed(cell: Cell) -> str:
    if not cell.typed:
        return ""
    if cell.required is True:
        return "必填" if cell.applies is True else "符合条件时必填"
    return "选填" if cell.required is False else "符合条件时必填"
