"""What a self-evaluation is drafted from besides figures: versions, lists, what museums wrote, who is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from guanshu.portal.models import Campaign, Filing, Province, Report, ReportVersion, SelfEvaluation
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.jsontext import JsonText
from guanshu.portal.queries.provincefigures import SUMMED, Compared, MuseumFigures, ProvinceFigures
from guanshu.survey.workflow.canonical import sha256
from guanshu.survey.workflow.states import State, status

# The lists the draft quotes.
_QUOTED = ("free", "goals")
_LONGEST = 160
_ENDS = "。；;\n"
_SUBMITTED = frozenset({State.SUBMITTED.value, State.APPROVED.value})

Kept = Mapping[str, Any]


def is_free(museum: MuseumFigures) -> bool:
    """Return whether a museum was in the free-opening programme of its year."""
    return museum.free


@dataclass(frozen=True, slots=True)
class Basis:
    """What a draft rests on: content hashes of the museums' versions, last year's chains, the lists it quotes."""

    museums: Mapping[str, str]
    last: Mapping[str, str]
    lists: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of it all."""
        return sha256({"museums": dict(self.museums), "last": dict(self.last), "lists": self.lists})


def evaluation_basis(opened: OpenFiling, figures: ProvinceFigures) -> Basis:
    """Return what a draft made now would rest on; one statement."""
    filing = opened.filing
    return Basis(
        museums=_versions(filing, {museum.number: museum for museum in figures.this.museums}),
        last={museum.number: sha256(_values(museum)) for museum in figures.last.museums},
        lists=_lists(opened),
    )


def _versions(filing: Filing, museums: Mapping[str, MuseumFigures]) -> dict[str, str]:
    """Return the content hash of each submitted version, marked where the museum is free."""
    found = ReportVersion.objects.filter(
        report__campaign=filing.campaign_id, report__fact__province=filing.province_id, number=F("report__version")
    )
    return {
        number: f"{content}{'+' if museums[number].free else ''}"
        for number, content in found.values_list("report__number", "content_hash")
        if number in museums
    }


def _values(museum: MuseumFigures) -> dict[str, Any]:
    return {**museum.values, "": [museum.name, "free" if museum.free else ""]}


def _lists(opened: OpenFiling) -> str:
    questionnaire = opened.compiled.questionnaire
    tables = [questionnaire.by_name[known.table].number for role in _QUOTED if (known := questionnaire.lists.get(role))]
    quoted = {number: _content(opened.stored.plain.get(number, {})) for number in tables}
    return sha256({**quoted, "": document_number(opened)})


def _content(data: Mapping[str, Any]) -> list[Any]:
    """Return the rows without their ids: one deleted and typed again is the same row."""
    return [row["cells"] for row in data.get("rows", ())]


def document_number(opened: OpenFiling) -> str:
    """Return the 文号 the province gave its report, "" when it has none."""
    value = opened.answers.cells.get(opened.compiled.questionnaire.roles.get("document_number", ""))
    return value if isinstance(value, str) else ""


def key_figures(figures: ProvinceFigures) -> dict[str, Compared]:
    """Return every sum a draft may quote: `all.visits` over all museums, `free.visits` over the free-opening ones."""
    roles = [role for role in SUMMED if role in figures.this.cells]
    found = {f"all.{role}": figures.compared(role) for role in roles}
    return found | {f"free.{role}": figures.compared(role, is_free) for role in roles}


def kept_figures(figures: ProvinceFigures, basis: Basis) -> dict[str, Any]:
    """Return what a SelfEvaluation keeps of the figures it used."""
    names = {museum.number: museum.name for museum in figures.this.museums}
    return {
        "figures": {
            key: {"label": each.label, "unit": each.unit, "now": _text(each), "counted": each.now.counted}
            for key, each in key_figures(figures).items()
        },
        "museums": {number: [names[number], content] for number, content in basis.museums.items()},
        "lists": basis.lists,
        "last": dict(basis.last),
    }


def _text(figure: Compared) -> str | None:
    return None if figure.now.value is None else format(figure.now.value, "f")


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that is no longer as the last draft has it."""

    label: str
    before: str
    now: str


def changed_since(kept: Kept, figures: ProvinceFigures, basis: Basis) -> list[Changed]:
    """Return what changed since a draft: sums first, then the museums, then the lists."""
    now = kept_figures(figures, basis)
    found = []
    for key, each in now["figures"].items():
        before = kept["figures"].get(key, {"now": None, "counted": 0})
        if (before["now"], before["counted"]) != (each["now"], each["counted"]):
            scope = "全部科技馆" if key.startswith("all.") else "免费开放科技馆"
            found.append(
                Changed(f"{each['label']}（{scope}）", _shown(before, each["unit"]), _shown(each, each["unit"]))
            )
    found += _museums(kept["museums"], now["museums"])
    if kept["lists"] != now["lists"]:
        found.append(Changed("报送材料（免费开放名单、绩效目标、文号）", "初稿所用内容", "已修改"))
    if kept["last"] != now["last"]:
        found.append(Changed("上年数据", "初稿所用数据", "已变动"))
    return found


def _shown(kept: Kept, unit: str) -> str:
    value = "未填" if kept["now"] is None else f"{_grouped(kept['now'])}{unit}"
    return f"{value}（{kept['counted']} 座）"


def _grouped(text: str) -> str:
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}"


def _museums(before: Kept, now: Kept) -> list[Changed]:
    found = []
    for number in sorted({*before, *now}):
        was, is_ = before.get(number), now.get(number)
        if was is None or is_ is None:
            name = (was or is_ or [number])[0]
            found.append(Changed(name, "未计入" if was is None else "已计入", "已计入" if was is None else "未计入"))
        elif was[1] != is_[1]:
            found.append(Changed(is_[0], "初稿所用版本", "数据或免费开放范围已变动"))
    return found


def drafts(filing: Filing) -> list[SelfEvaluation]:
    """Return the drafts handed out so far, newest first."""
    return list(SelfEvaluation.objects.filter(filing=filing).order_by("-number"))


def reported_problems(province: Province, campaign: Campaign) -> list[tuple[str, str]]:
    """Return each museum with the problems it reported, shortened; from the submitted versions, one statement."""
    questionnaire = form(campaign.questionnaire_id).compiled.questionnaire
    cell = questionnaire.cells.get(questionnaire.roles.get("problems", ""))
    if cell is None or cell.personal:
        return []
    found = ReportVersion.objects.filter(
        report__campaign=campaign, report__fact__province=province, number=F("report__version")
    ).annotate(text=JsonText("snapshot", ("tables", cell.table, "cells", cell.name)))
    rows = found.order_by("report__museum__code").values_list("report__museum__name", "text")
    return [(name, shortened(text)) for name, text in rows if text and text.strip()]


def shortened(text: str) -> str:
    """Return a text in one line, cut after a sentence where it is long."""
    line = "；".join(part.strip().rstrip("。；;") for part in text.split("\n") if part.strip())
    if len(line) <= _LONGEST:
        return line
    cut = line[:_LONGEST]
    end = max(cut.rfind(mark) for mark in _ENDS)
    return (cut[: end + 1] if end > _LONGEST // 2 else cut) + "……"


def waiting(province: Province, campaign: Campaign) -> tuple[int, int, list[tuple[str, str]]]:
    """Return how many museums have to report, how many are 免报, and those that have not submitted with their state."""
    found = Report.objects.filter(campaign=campaign, museum__province=province).order_by("museum__code")
    rows = list(found.values_list("museum__name", "state", "returned_at"))
    exempt = sum(state == State.EXEMPT.value for _, state, _ in rows)
    late: Sequence[tuple[str, str]] = [
        (name, status(State(state), returned=returned is not None))
        for name, state, returned in rows
        if state not in _SUBMITTED and state != State.EXEMPT.value
    ]
    return len(rows) - exempt, exempt, list(late)
