"""一、全省中央补助资金使用情况."""

from decimal import Decimal

from guanshu.survey.documents.charts import Bars
from guanshu.survey.documents.self_evaluation.content import Content, Line, Number
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

_ROLES = ("subsidy_allocated", "subsidy_carryover", "subsidy_received", "subsidy_spent", "subsidy_balance")
_NAMED = 3


def write(draft: Draft, content: Content) -> None:
    """Write how the money came, went and was left, museum by museum."""
    free, everywhere = content.free, whole(content)
    draft.heading("（一）资金核定和到位情况", 2)
    draft.text(
        f"{content.year}年度，{everywhere}纳入免费开放范围并已报送数据的科技馆{content.free_museums}座，"
        f"核定中央补助资金{said(free.get('subsidy_allocated'))}{change(free.get('subsidy_allocated'))}；"
        f"上年结转{said(free.get('subsidy_carryover'))}，"
        f"本年到位{said(free.get('subsidy_received'))}{change(free.get('subsidy_received'))}。"
        + ask("资金分配办法、下达时间和文号")
    )
    draft.heading("（二）资金支出和结余情况", 2)
    draft.text(_spent(content))
    best = _ranked(content)
    if len(best) > 2 * _NAMED:
        draft.text(
            f"执行率较高的有{_named(best[:_NAMED])}；执行率较低的有{_named(best[: -_NAMED - 1 : -1])}。"
            + ask("执行率较低的原因")
        )
    if content.lines:
        _table(draft, content)
        lines = sorted(content.lines, key=lambda line: -(line.values.get("subsidy_received") or Decimal(0)))
        bars = [(line.name, [line.values.get("subsidy_received"), line.values.get("subsidy_spent")]) for line in lines]
        draft.picture("各馆中央补助资金到位和支出情况", Bars("万元", ("本年到位", "本年支出"), bars))
    draft.heading("（三）资金管理情况", 2)
    draft.text(ask("资金管理制度、拨付程序、监督检查和绩效管理情况"))


def _spent(content: Content) -> str:
    free = content.free
    returned = free.get("subsidy_returned")
    given_back = f"，财政收回{amount(returned.now, returned.unit)}" if returned is not None and returned.now else ""
    rate = ask("执行率") if content.rate is None else f"{content.rate:f}%"
    return (
        f"本年支出中央补助资金{said(free.get('subsidy_spent'))}{change(free.get('subsidy_spent'))}{given_back}，"
        f"年末结余{said(free.get('subsidy_balance'))}。按支出占上年结转与本年到位资金之和计算，执行率为{rate}。"
    )


def _ranked(content: Content) -> list[tuple[Line, Decimal]]:
    found = [(line, rate) for line in content.lines if (rate := line.values.get("subsidy_rate")) is not None]
    return sorted(found, key=lambda each: -each[1])


def _named(found: list[tuple[Line, Decimal]]) -> str:
    return listed([f"{line.name}（{rate:f}%）" for line, rate in found])


def _table(draft: Draft, content: Content) -> None:
    rows = [
        [
            str(place),
            line.name,
            *(cell(line.values.get(role)) for role in _ROLES),
            percent_cell(line.values.get("subsidy_rate")),
        ]
        for place, line in enumerate(content.lines, 1)
    ]
    sums: list[Number] = [figure.now if (figure := content.free.get(role)) else None for role in _ROLES]
    rows.append(["", "合　计", *map(cell, sums), percent_cell(content.rate)])
    draft.table(
        "免费开放科技馆中央补助资金使用情况（万元）",
        ("序号", "场馆名称", "核定额度", "上年结转", "本年到位", "本年支出", "年末结余", "执行率"),
        rows,
        widths=(1.1, 4.6, 2, 2, 2, 2, 2, 1.7),
        aligns="clrrrrrr",
        total=True,
    )
