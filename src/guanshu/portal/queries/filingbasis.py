"""What a confirmation or a package was made from, part by part, with a digest: when a part changes, it is outdated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef

from guanshu.portal.models import Filing, FreeStatus, QuestionnaireVersion, Report, ReportVersion
from guanshu.portal.queries.filingitems import Item, filing_files, items
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.survey.workflow.canonical import sha256
from guanshu.survey.workflow.snapshot import make_snapshot
from guanshu.survey.workflow.states import State, status

Part = Mapping[str, Any]
Parts = dict[str, Any]
_DATA = "museum:"
_SETTLED = frozenset({State.SUBMITTED, State.APPROVED, State.EXEMPT})


@dataclass(frozen=True, slots=True)
class Basis:
    """Parts by name: `museum:<report>`, `list:<table>`, `file:<purpose>`. What is kept is plain JSON."""

    parts: Parts

    @property
    def digest(self) -> str:
        """Return the SHA-256 over all parts."""
        return sha256(self.parts)


def museum_parts(filing: Filing, *, free: bool = False) -> Parts:
    """Return what each museum of the province contributes: version, states, free status. Two statements."""
    found = _reports(filing)
    if free:
        found = [report for report in found if getattr(report, "free", False)]
    versions = ReportVersion.objects.filter(report__in=found, number=F("report__version"))
    hashes = dict(versions.values_list("report_id", "content_hash"))
    return {f"{_DATA}{report.number}": _museum(report, hashes.get(report.pk, "")) for report in found}


def _reports(filing: Filing) -> Sequence[Report]:
    free = FreeStatus.objects.filter(museum=OuterRef("museum"), year=filing.campaign.year)
    found = Report.objects.filter(campaign=filing.campaign_id, museum__province=filing.province_id)
    return list(found.annotate(free=Exists(free)).select_related("museum").order_by("museum__code"))


def _museum(report: Report, content: str) -> Part:
    """Return what a museum contributes; what it types before it has submitted is nobody's business yet."""
    settled = State(report.state) in _SETTLED
    return {
        "name": report.museum.name,
        "state": report.state if settled else "",
        "version": report.version if settled else 0,
        "content": content if settled else "",
        "free": bool(getattr(report, "free", False)),
        "recorded": "" if settled else report.overdue_reason,
    }


def list_parts(opened: OpenFiling) -> Parts:
    """Return a hash of each table of the lists as they are now; evidence files are not among them."""
    sha = QuestionnaireVersion.objects.values_list("sha256", flat=True).get(pk=opened.form.version_id)
    questionnaire = opened.compiled.questionnaire
    snapshot = make_snapshot(
        questionnaire, opened.answers, opened.evaluation, report=opened.filing.number, questionnaire_hash=sha
    )
    tables = snapshot.document["tables"]
    return {
        f"list:{table.number}": sha256(_without_ids(tables.get(table.number, {}))) for table in questionnaire.tables
    }


def _without_ids(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table's content with rows known by their place: one deleted and typed again is the same on paper."""
    rows = data.get("rows", ())
    places = {row["id"]: f"#{place}" for place, row in enumerate(rows, 1)}
    said = {_placed(key, places): text for key, text in data.get("explanations", {}).items()}
    return {**data, "rows": [row["cells"] for row in rows], "explanations": said}


def _placed(key: str, places: Mapping[str, str]) -> str:
    check, bracket, scope = key.partition("[")
    return f"{check}[{places.get(scope[:-1], scope[:-1])}]" if bracket else key


def file_parts(filing: Filing) -> Parts:
    """Return the hash of every current file of the filing, packages apart."""
    return {f"file:{purpose}": file.sha256 for purpose, file in filing_files(filing).items() if "-" in purpose}


def whole_basis(opened: OpenFiling) -> Basis:
    """Return the basis of a package: museums, lists and files together."""
    filing = opened.filing
    return Basis({**museum_parts(filing), **list_parts(opened), **file_parts(filing)})


def export_basis(filing: Filing, *, free: bool) -> Basis:
    """Return the basis of the confirmation of an export."""
    return Basis(museum_parts(filing, free=free))


def scan_basis(opened: OpenFiling, item: Item) -> Basis:
    """Return the basis of comparing a sealed scan with its list (or with the Word file of what is no list)."""
    files = file_parts(opened.filing)
    names = [f"file:{item.scan}"] if item.table is not None else [f"file:{item.word}", f"file:{item.scan}"]
    listed = list_parts(opened)[f"list:{item.table.number}"] if item.table is not None else ""
    return Basis({"item": item.key, "list": listed, **{name: files.get(name, "") for name in names}})


def changes(filing: Filing, before: Parts, now: Parts) -> tuple[str, ...]:
    """Return what changed between two bases, one sentence a part."""
    questionnaire = open_filing(filing).compiled.questionnaire
    names = {
        f"list:{table.number}": table.heading.get("number_label", "") or table.title for table in questionnaire.tables
    }
    for item in items(filing, questionnaire):
        names[f"file:{item.word}"] = f"{item.label} Word 文件"
        names[f"file:{item.scan}"] = f"{item.label} 盖章扫描件"
    found = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    return tuple(_told(name, names.get(name, "佐证材料"), before.get(name), now.get(name)) for name in found)


def _told(name: str, label: str, before: Any, now: Any) -> str:
    if name.startswith(_DATA):
        return _museum_told(before or {}, now or {})
    if name.startswith("list:"):
        return f"「{label}」的内容有改动。"
    if not before:
        return f"新上传了「{label}」。"
    return f"「{label}」已{'更换' if now else '撤下'}。"


def _museum_told(before: Part, now: Part) -> str:
    name = (now or before)["name"]
    if not before or not now:
        return f"{name}：{'列入' if now else '不再列入'}本省科技馆。"
    was, is_ = _standing(before), _standing(now)
    if was != is_:
        return f"{name}：由「{was}」变为「{is_}」。"
    if before["content"] != now["content"]:
        return f"{name}：数据由 V{before['version']} 变为 V{now['version']}。"
    if before["free"] != now["free"]:
        return f"{name}：{'纳入' if now['free'] else '不再纳入'}本年度免费开放。"
    return f"{name}：登记信息有改动。"


def _standing(part: Part) -> str:
    if part["state"]:
        return status(State(part["state"]), returned=False)
    return f"未完成（已记录原因：{part['recorded']}）" if part["recorded"] else "未完成"
