"""What a filing still lacks before 信息上报 (product §6): one list, each line with a sentence and where to mend it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guanshu.portal.models import Confirmation, Filing, Report, StoredFile
from guanshu.portal.queries.continuity import asked
from guanshu.portal.queries.filingbasis import export_basis, scan_basis
from guanshu.portal.queries.filingitems import ABOUT_FREE, Item, filing_files, items
from guanshu.portal.queries.filings import OpenFiling
from guanshu.survey.checks.findings import CheckClass, Finding
from guanshu.survey.workflow.states import State, status

FREE_EXPORT, ALL_EXPORT = "free_export", "all_export"
EXPORTS: Mapping[bool, str] = {True: FREE_EXPORT, False: ALL_EXPORT}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is mended: the name of a page and what it is about (a report, a table, a purpose)."""

    page: str
    about: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist. `problems` are what is left; `na` means it is not asked of this province."""

    key: str
    group: str
    label: str
    problems: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    na: bool = False
    done: str = ""

    @property
    def ready(self) -> bool:
        """Return whether nothing is left to do here."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole list for one filing as it is now."""

    lines: tuple[Line, ...]
    has_free: bool

    @property
    def ready(self) -> bool:
        """Return whether the filing can be handed in."""
        return all(line.ready for line in self.lines)

    @property
    def left(self) -> int:
        """Return how many lines have something left to do."""
        return sum(not line.ready for line in self.lines)

    @property
    def problems(self) -> tuple[str, ...]:
        """Return every sentence."""
        return tuple(f"{line.label}：{problem}" for line in self.lines for problem in line.problems)

    @property
    def groups(self) -> Mapping[str, list[Line]]:
        """Return the lines under their headings, in order."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.group, []).append(line)
        return found

    def needs(self, item: Item) -> bool:
        """Return whether an item is asked of this province."""
        return self.has_free or item.key not in ABOUT_FREE


def has_free(opened: OpenFiling) -> bool:
    """Return whether the province has free-opening museums this year; so it is until it has answered otherwise."""
    name = opened.compiled.questionnaire.roles.get("has_free", "")
    return opened.evaluation.values.get(name) is not False


def asked_items(opened: OpenFiling) -> tuple[Item, ...]:
    """Return the items that are asked of this province."""
    free = has_free(opened)
    found = items(opened.filing, opened.compiled.questionnaire)
    return tuple(item for item in found if free or item.key not in ABOUT_FREE)


def checklist(opened: OpenFiling, *, files: bool = True) -> Checklist:
    """Return the checklist; without `files` only what a package is made from besides its documents."""
    known = _Known(opened, has_free(opened), confirmations(opened.filing), filing_files(opened.filing))
    lines = [_museums(opened.filing), *_exports(known), *_lists(known), _continuity(opened)]
    if files:
        lines += [line for item in items(opened.filing, opened.compiled.questionnaire) for line in _papers(known, item)]
    return Checklist(tuple(lines), known.free)


@dataclass(frozen=True)
class _Known:
    opened: OpenFiling
    free: bool
    confirmed: Mapping[str, Confirmation]
    files: Mapping[str, StoredFile] = field(default_factory=dict)


def confirmations(filing: Filing) -> dict[str, Confirmation]:
    """Return the newest confirmation of each thing, whether it still counts or not."""
    return {each.what: each for each in Confirmation.objects.filter(filing=filing).order_by("pk")}


def counts(confirmed: Confirmation | None, basis: str) -> bool:
    """Return whether a confirmation is about the data as they are now."""
    return confirmed is not None and confirmed.basis == basis


_MUSEUMS, _DATA, _LISTS, _PAPERS = "科技馆报表", "数据表", "报送名单", "电子文档和盖章扫描件"
_SETTLED = (State.APPROVED.value, State.EXEMPT.value)


def _museums(filing: Filing) -> Line:
    found = Report.objects.filter(campaign=filing.campaign_id, museum__province=filing.province_id)
    waiting = found.exclude(state__in=_SETTLED).select_related("museum").order_by("museum__code")
    problems, places = [], []
    for report in waiting:
        state = State(report.state)
        if state is not State.SUBMITTED and report.overdue_reason:
            continue
        told = status(state, returned=report.returned_at is not None)
        advice = "请审核。" if state is State.SUBMITTED else "尚未提交；确不能提交的，请在期满后记录逾期原因。"
        problems.append(f"{report.museum.name}（{told}）{advice}")
        page = "province:report" if state is State.SUBMITTED else "province:case"
        places.append(Place(page, report.number, report.museum.name))
    done = "全部审核通过、免报或已记录逾期原因"
    return Line("museums", _MUSEUMS, "本省科技馆报表全部审核通过", tuple(problems), tuple(places), done=done)


def _exports(known: _Known) -> Iterator[Line]:
    filing = known.opened.filing
    label = f"{filing.campaign.year}年度免费开放科技馆基础信息（Excel）"
    if not known.free:
        yield Line(FREE_EXPORT, _DATA, label, na=True)
        return
    confirmed = known.confirmed.get(FREE_EXPORT)
    place = (Place("province:export", "free", "查看并确认"),)
    if confirmed is None:
        yield Line(FREE_EXPORT, _DATA, label, ("还没有「确认信息无误」。",), place)
    elif not counts(confirmed, export_basis(filing, free=True).digest):
        yield Line(FREE_EXPORT, _DATA, label, ("确认之后科技馆数据有变动，请重新核对并确认。",), place)
    else:
        yield Line(FREE_EXPORT, _DATA, label, places=place, done=f"{confirmed.at:%m-%d} 已确认信息无误")


def _lists(known: _Known) -> Iterator[Line]:
    opened = known.opened
    evaluation = opened.evaluation
    for table in opened.compiled.questionnaire.tables:
        label = f"{table.heading.get('number_label', '')} {table.title}".strip()
        place = (Place("province:materials_table", table.number, label),)
        if table.number in evaluation.hidden:
            yield Line(f"list-{table.number}", _LISTS, label, na=True)
            continue
        missing = evaluation.states[table.number].missing
        problems = [f"还有 {len(missing)} 项必填内容没有填写。"] if missing else []
        problems += [_sentence(each) for each in evaluation.findings if each.table == table.number and _blocks(each)]
        yield Line(f"list-{table.number}", _LISTS, label, tuple(problems), place, done="已填写，没有待处理的问题")


def _blocks(finding: Finding) -> bool:
    return finding.open or finding.cls in {CheckClass.MANDATORY, CheckClass.QUASI}


def _sentence(finding: Finding) -> str:
    return f"{finding.message.rstrip('。')}。" + ("请填写不少于 6 个字的说明。" if finding.open else "")


def _continuity(opened: OpenFiling) -> Line:
    left = sum(each.open for each in asked(opened))
    problems = (f"上年度名单中还有 {left} 座科技馆没有说明去向。",) if left else ()
    place = (Place("province:continuity", "", "上年度名单"),)
    return Line("continuity", _LISTS, "上年度名单的去向", problems, place, done="已逐馆说明")


def _papers(known: _Known, item: Item) -> Iterator[Line]:
    if not known.free and item.key in ABOUT_FREE:
        yield Line(item.word, _PAPERS, f"{item.label} {item.title}", na=True)
        return
    word, scan = known.files.get(item.word), known.files.get(item.scan)
    problems, places = [], []
    if word is None:
        problems.append("还没有上传 Word 文件。")
        places.append(Place("province:files", item.word, "上传 Word 文件"))
    if scan is None:
        problems.append("还没有上传盖章扫描件。")
        places.append(Place("province:files", item.scan, "上传盖章扫描件"))
    else:
        compared = known.confirmed.get(f"scan-{item.key}")
        if not counts(compared, scan_basis(known.opened, item).digest):
            again = "名单或扫描件有变动，请重新核对。" if compared else "盖章扫描件还没有核对。"
            problems.append(again)
            places.append(Place("province:compare", item.scan, "核对扫描件"))
    done = "Word 文件和盖章扫描件齐全，已核对"
    yield Line(item.word, _PAPERS, f"{item.label} {item.title}", tuple(problems), tuple(places), done=done)
