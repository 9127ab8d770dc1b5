"""二、全省科技馆免费开放组织实施情况."""

from collections.abc import Mapping
from decimal import Decimal

from guanshu.survey.documents.charts import Bars
from guanshu.survey.documents.self_evaluation.content import Content, Figure, Line
from guanshu.survey.documents.self_evaluation.words import (
    amount,
    ask,
    cell,
    change,
    listed,
    percent_cell,
    said,
    whole,
)
from guanshu.survey.documents.self_evaluation.writing import Draft
from guanshu.survey.values.numbers import round_half_up

_NAMED = 3
_YEARLY = (
    "visits", "free_visits", "free_days", "exhibits_total", "exhibits_new", "exhibits_updated", "temporary_count",
    "edu_sessions", "edu_people", "income", "subsidy_received", "subsidy_spent",
)  # fmt: skip


def write(draft: Draft, content: Content) -> None:
    """Write who opened, who came, what was shown, what stands out and who has reported."""
    draft.heading("（一）基本情况", 2)
    draft.text(_museums(content))
    draft.heading("（二）开放服务情况", 2)
    draft.text(_service(content))
    if content.lines:
        _table(draft, content)
        lines = sorted(content.lines, key=lambda line: -(line.values.get("visits") or Decimal(0)))
        bars = [(line.name, [line.values.get("visits"), line.visits_before]) for line in lines]
        draft.picture(
            "免费开放科技馆到馆观众与上年对比", Bars("人次", (f"{content.year}年", f"{content.year - 1}年"), bars)
        )
    draft.heading("（三）展览教育情况", 2)
    draft.text(_shown(content))
    _years(draft, content)
    if content.grown or content.dense:
        draft.heading("（四）成效突出的科技馆", 2)
        draft.text(_standing_out(content))
    draft.heading("（五）组织审核情况" if content.grown or content.dense else "（四）组织审核情况", 2)
    draft.text(_reported(content))
    draft.text(ask("组织领导、工作部署、培训督导、制度建设、宣传推广等情况"))


def _museums(content: Content) -> str:
    levels = [
        f"{label}{many}座" + (f"（免费开放{free}座）" if free else "") for label, many, free in content.levels if many
    ]
    cities = len([name for name, _, _ in content.cities])
    place = f"分布在{cities}个地市，" if cities > 1 else ""
    return (
        f"截至{content.year}年底，{whole(content)}已报送数据的建成开放科技馆{content.museums}座，"
        f"其中纳入免费开放范围{content.free_museums}座；{place}按级别分，{'，'.join(levels) or ask('各级别数量')}。"
    )


def _service(content: Content) -> str:
    free = content.free
    days = free.get("free_days")
    mean = ""
    if days is not None and days.now is not None and days.counted:
        mean = f"，平均每馆{round_half_up(days.now / days.counted, 1):f}{days.unit}"
    return (
        f"{content.year}年，免费开放科技馆共接待到馆观众{said(free.get('visits'))}{change(free.get('visits'))}，"
        f"其中免费观众{said(free.get('free_visits'))}{change(free.get('free_visits'))}；"
        f"累计免费开放{said(days)}{mean}。{whole(content)}全部科技馆共接待观众{said(content.all.get('visits'))}"
        f"{change(content.all.get('visits'))}。"
    )


def _shown(content: Content) -> str:
    free = content.free
    return (
        f"年末免费开放科技馆常设展厅展品共{said(free.get('exhibits_total'))}，全年新增{said(free.get('exhibits_new'))}，"
        f"更新改造{said(free.get('exhibits_updated'))}；举办短期展览{said(free.get('temporary_count'))}"
        f"{change(free.get('temporary_count'))}；开展教育活动{said(free.get('edu_sessions'))}，"
        f"参加{said(free.get('edu_people'))}{change(free.get('edu_people'))}。" + ask("有代表性的展览、活动和创新做法")
    )


def _standing_out(content: Content) -> str:
    parts = []
    visits = content.all.get("visits")
    unit = visits.unit if visits else ""
    if content.grown:
        grown = [
            f"{name}（由{amount(before, unit)}增至{amount(now, unit)}，增长{percent:f}%）"
            for name, before, now, percent in content.grown[:_NAMED]
        ]
        parts.append(f"观众增长较快的有{listed(grown)}。")
    if content.dense:
        dense = [f"{name}（{value:,f}{unit}）" for name, value in content.dense[:_NAMED]]
        parts.append(f"按{content.dense_by}每平方米接待观众计，较高的有{listed(dense)}。")
    return "".join(parts)


def _reported(content: Content) -> str:
    exempt = f"，免报{content.exempt}座" if content.exempt else ""
    text = f"{whole(content)}应填报科技馆{content.due}座{exempt}，已提交{content.museums}座。"
    if content.waiting:
        names = [f"{name}（{state}）" for name, state in content.waiting]
        text += f"尚未提交或已退回修改的{len(names)}座：{'、'.join(names)}，其数据未计入本报告。"
    return text


def _table(draft: Draft, content: Content) -> None:
    rows = [[str(place), *_line(line)] for place, line in enumerate(content.lines, 1)]
    free = content.free
    sums = [free.get(role) for role in ("visits", "free_visits", "open_days", "free_days")]
    visits = sums[0]
    rows.append(
        [
            "",
            "合　计",
            cell(visits.now if visits else None),
            cell(
                sum(before, Decimal(0))
                if (before := [each for line in content.lines if (each := line.visits_before)])
                else None
            ),
            percent_cell(visits.change if visits else None),
            *(cell(figure.now if figure else None) for figure in sums[1:]),
        ]
    )
    draft.table(
        "免费开放科技馆观众和开放天数",
        (
            "序号",
            "场馆名称",
            "到馆观众\n（人次）",
            "上年\n（人次）",
            "增减",
            "免费观众\n（人次）",
            "开放天数",
            "免费开放\n天数",
        ),
        rows,
        widths=(1.1, 3.8, 2.1, 2.1, 1.7, 2.1, 1.8, 2.0),
        aligns="clrrrrrr",
        total=True,
    )


def _line(line: Line) -> list[str]:
    values, before = line.values, line.visits_before
    now = values.get("visits")
    grown = round_half_up((now - before) * 100 / before, 1) if now is not None and before else None
    others = (cell(values.get(role)) for role in ("free_visits", "open_days", "free_days"))
    return [line.name, cell(now), cell(before), percent_cell(grown), *others]


def _years(draft: Draft, content: Content) -> None:
    found: Mapping[str, Figure] = content.free
    rows = [
        [
            figure.label,
            figure.unit,
            cell(figure.now),
            cell(figure.before),
            percent_cell(figure.change),
            f"{figure.counted} / {figure.counted_before}",
        ]
        for role in _YEARLY
        if (figure := found.get(role)) is not None
    ]
    if rows:
        draft.table(
            "免费开放科技馆主要指标与上年对比（增减按两年均有数据的科技馆计算）",
            ("指标", "单位", f"{content.year}年", f"{content.year - 1}年", "增减", "填报馆数\n（本年/上年）"),
            rows,
            widths=(4.6, 1.8, 2.8, 2.8, 1.8, 2.2),
            aligns="lcrrrc",
        )
