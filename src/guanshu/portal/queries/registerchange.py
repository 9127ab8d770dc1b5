"""The register's entries about a museum, what became of them, and what a change means for what was reported already."""

from dataclasses import dataclass
from datetime import datetime

from guanshu.portal.models import (
    AuditRecord,
    Campaign,
    FreeStatus,
    Museum,
    MuseumLevel,
    MuseumStatus,
    Province,
    RegisterField,
    Report,
    Role,
)
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.filingstanding import find_filing
from guanshu.survey.workflow.filing import FILED
from guanshu.survey.workflow.filingstates import FilingState
from guanshu.survey.workflow.states import State

_SUBMITTED = frozenset({State.SUBMITTED, State.APPROVED})
FREE = {"1": "免费开放", "": "非免费开放"}


def value_of(museum: Museum, what: str) -> str:
    """Return an entry of the register as corrections keep it; free status is that of the running campaign."""
    if what == RegisterField.PROVINCE.value:
        return museum.province.code
    if what == RegisterField.FREE.value:
        campaign = current_campaign()
        free = campaign and FreeStatus.objects.filter(museum=museum, year=campaign.year).exists()
        return "1" if free else ""
    return str(getattr(museum, what))


def value_label(what: str, value: str) -> str:
    """Return an entry of the register as people read it."""
    if what == RegisterField.LEVEL.value:
        return str(MuseumLevel(value).label) if value in MuseumLevel.values else value
    if what == RegisterField.PROVINCE.value:
        return Province.objects.filter(code=value).values_list("name", flat=True).first() or value
    if what == RegisterField.FREE.value:
        return FREE.get(value, value)
    return value or "（空）"


def alternatives(museum: Museum, what: str) -> list[tuple[str, str]]:
    """Return what can be chosen instead of an entry's present value; nothing for an entry that is typed.

    Free status is "1" or "0" here, as forms have it.
    """
    now = value_of(museum, what)
    known: dict[str, list[tuple[str, str]]] = {
        RegisterField.LEVEL.value: [(value, str(label)) for value, label in MuseumLevel.choices],
        RegisterField.PROVINCE.value: list(Province.objects.values_list("code", "name")),
        RegisterField.FREE.value: [("1", FREE["1"]), ("0", FREE[""])],
    }
    present = now or "0" if what == RegisterField.FREE.value else now
    return [(value, label) for value, label in known.get(what, []) if value != present]


def consequences(museum: Museum, what: str, new: str) -> list[str]:
    """Return sentences about what a change means for this year's report and for filings already handed in."""
    campaign = current_campaign()
    if campaign is None or campaign.closed:
        return ["没有正在进行的采集年度，只更正名册。"]
    report = Report.objects.filter(museum=museum, campaign=campaign).first()
    said = [*_about_report(report, what, new), *_about_filings(museum, campaign, what, new)]
    if what == RegisterField.PROVINCE.value:
        said.append("科技馆的账号、编号不变；以前年度的报表随馆由新的省级科协查看，已结束年度的汇总数据仍归原省份。")
        if not new:
            said.append("要移至的省份已信息上报的，也须退回该省重新上报。")
    if what == RegisterField.FREE.value:
        said.insert(0, f"只改变 {campaign.year} 年度的免费开放状态，其他年度不变。")
    return said


def _about_report(report: Report | None, what: str, new: str) -> list[str]:
    if report is None:
        return []
    state = State(report.state)
    submitted = state in _SUBMITTED
    where = f"本馆 {report.number} 报表目前为「{state.label}」"
    if what == RegisterField.FREE.value:
        asked = "补填免费开放的有关内容" if new else "不再填写免费开放的有关内容"
        if submitted:
            kept = "已提交的版本按原来的免费开放状态填写，系统不会代为修改"
            return [f"{where}，{kept}：更正后须由省级科协把报表退回，本馆{asked}并重新盖章提交。"]
        return [f"{where}，更正后本馆{asked}，免费开放的有关表格随之显示或隐藏。"]
    if submitted:
        return [f"{where}，已提交的版本和盖章件上仍是原来的内容，不会代为修改；查询和汇总按更正后的名册。"]
    return []


def _about_filings(museum: Museum, campaign: Campaign, what: str, new: str) -> list[str]:
    provinces = [museum.province]
    if what == RegisterField.PROVINCE.value:
        provinces += Province.objects.filter(code=new)
    found = [find_filing(province, campaign) for province in provinces]
    return [
        f"{filing.province.name}已信息上报（{FilingState(filing.state).label}），更正后其上报的材料与名册不一致，须退回该省重新上报。"
        for filing in found
        if filing is not None and FilingState(filing.state) in FILED
    ]


def is_open(museum: Museum) -> bool:
    """Return whether the museum reports at all."""
    return museum.status == MuseumStatus.OPEN.value


_WORDS = {
    "create_museum": "登记",
    "close_museum": "关闭",
    "reopen_museum": "重新开放",
    **{f"change_{field.value}": f"更改{field.label}" for field in RegisterField},
}


@dataclass(frozen=True, slots=True)
class RegisterEvent:
    """One line of a museum's history in the register."""

    at: datetime
    action: str
    actor: str
    role: str
    reason: str
    about: str


def register_history(museum: Museum) -> list[RegisterEvent]:
    """Return what the register recorded of a museum, newest first."""
    records = AuditRecord.objects.filter(stream=f"museum:{museum.code}", action__in=_WORDS).order_by("-seq")
    return [_event(record) for record in records]


def _event(record: AuditRecord) -> RegisterEvent:
    details = record.details
    what = record.action.removeprefix("change_")
    about = ""
    if what in RegisterField.values:
        about = f"{value_label(what, details['old'])} → {value_label(what, details['new'])}"
    number = details.get("correction") or details.get("application")
    said = [about, details.get("on", ""), f"按申请 {number}" if number else ""]
    role = str(Role(details["role"]).label) if details.get("role") in Role.values else ""
    return RegisterEvent(
        record.at, _WORDS[record.action], record.actor, role, details.get("reason", ""), "　".join(filter(None, said))
    )
