"""Exact wording: with values in a finding, without them in guides."""
# ruff: noqa: E501  one example a line: a broken sentence could not be compared by eye

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanshu.survey.checks.slips import likely_slip
from guanshu.survey.values.missing import NA
from tests.survey.checks.forms import answers, calc, compiled, context, list_table, matrix, questionnaire, rows_table

FORM = questionnaire(
    list_table(
        "2-4",
        "money",
        """income[收入合计]: dec2 万元
        fiscal[财政拨款]: dec2 万元
        business[事业收入]: dec2 万元
        other[其他收入]: dec2 万元
        open_days[全年开放天数]: int 天
        free_days[免费开放天数]: int 天; of=open_days
        people[在岗人数]: int 人
        visits[观众]: int 人次
        since[纳入年份]: int 年
        rate[执行率]: dec1 %
        balance[结余]: sdec2 万元
        is_free[是否免费开放]: bool
        is_legal[是否独立法人]: bool
        legal[法定代表人]: text
        filler[填报人]: text
        reviewer[审核人]: text
        state[年末运行状态]: choice(state); na=yes
        shared[共用情况]: multi(shared)
        opened[建成开放时间]: month
        built[首次开放日期]: date
        this_year[本年新增展品]: int 件""",
    ),
    list_table("2-5", "spent", "other_spent[其他收入]: dec2 万元\nserved[服务公众]: int 人次\nserved2[服务公众]: int 人次"),
    rows_table(
        "3-2", "show",
        "title[名称]: text\nstart[开始日期]: date\nend[结束日期]: date\ncost[投入]: dec2 万元; of=budget\nbudget[预算]: dec2 万元\nplace[地点]: choice(place)",
        title="短期展览",
    ),
    matrix(
        "2-2", "staff", "total[合计] own[在编] hired[编外]", "n[人数] female[其中：女] phd[博士]",
        changed={"total.n": calc("total(own, hired)", "rows"), "own.female": {"of": ("staff_own__n",)}},
    ),
    params={"least": (200, "天"), "on": True},
    kin="人~人次",
)  # fmt: skip
LAST = answers(visits=12000, people=40, income=Decimal("4.50"), since=2016)


def said(rule: str, table: str = "2-4", rows: Any = None, message: str = "", **values: Any) -> str:
    text = f"c 强制性 {rule}" if rule.startswith("每") else f"c 强制性: {rule}"
    made = compiled(FORM, {f"checks/{table}.rules": text + (f"\n    {message}" if message else "")})
    found = made.evaluate(answers(rows, **values), context(LAST)).findings
    return next(finding.message for finding in found if finding.check == "c")


def guide(rule: str, table: str = "2-4") -> str:
    text = f"c 强制性 {rule}" if rule.startswith("每") else f"c 强制性: {rule}"
    return compiled(FORM, {f"checks/{table}.rules": text}).check_by_id["c"].sentence()


MONEY = {
    "income": Decimal("2926.69"),
    "fiscal": Decimal("1046.73"),
    "business": Decimal("1211.35"),
    "other": Decimal("458.74"),
}
D = date


@pytest.mark.parametrize(
    ("rule", "values", "sentence"),
    [
        (
            "income = fiscal + business + other",
            MONEY,
            "收入合计 2,926.69 万元 应等于 财政拨款 1,046.73 ＋ 事业收入 1,211.35 ＋ 其他收入 458.74，差额 209.87 万元。",
        ),
        ("income = total(fiscal, business)", {"income": 1, "fiscal": 3},
         "收入合计 1.00 万元 应等于 财政拨款 3.00 ＋ 事业收入（空），差额 2 万元。"),
        ("fiscal - business <= income", {"fiscal": 9, "business": 1, "income": 5},
         "财政拨款 9.00 － 事业收入 1.00 应不大于 收入合计 5.00 万元，多 3 万元。"),
        ("free_days <= open_days", {"free_days": 310, "open_days": 300},
         "免费开放天数 310 天 应不大于 全年开放天数 300 天，多 10 天。"),
        ("free_days < open_days", {"free_days": 300, "open_days": 300}, "免费开放天数 300 天 应小于 全年开放天数 300 天。"),
        ("open_days >= param.least", {"open_days": 150}, "全年开放天数 150 天 应不小于 参数least 200 天，少 50 天。"),
        ("people > 0", {"people": 0}, "在岗人数 0 人 应大于 0。"),
        ("not (people = 0)", {"people": 0}, "在岗人数 0 人 应不等于 0。"),
        ("visits <= 3 * people", {"visits": 100, "people": 20}, "观众 100 人次 应不大于 在岗人数 20 人 的 3 倍，多 40 人次。"),
        ("income <= 0.7 * (fiscal + business)", {"income": 9, "fiscal": 5, "business": 5},
         "收入合计 9.00 万元 应不大于 （财政拨款 5.00 万元 ＋ 事业收入 5.00 万元） 的 70%，多 2 万元。"),
        ("balance >= 0", {"balance": -3}, "结余 -3.00 万元 应不小于 0。"),
        ("since <= report_year", {"since": 2031}, "纳入年份 2031 年 应不大于 填报年度 2022 年，多 9 年。"),
        ("since >= year(opened)", {"since": 2015, "opened": D(2018, 5, 1)},
         "纳入年份 2015 年 应不小于 建成开放时间的年份 2018 年，少 3 年。"),
        ("rate >= 80", {"rate": 61.5}, "执行率 61.5% 应不小于 80%，少 18.5%。"),
        ("abs(people - last.people) <= 10", {"people": 80}, "在岗人数 80 人 与 上年在岗人数 40 人 之差（不计正负） 应不大于 10 人，多 30 人。"),
        ("ratio(income, people) <= 0.5", {"income": 30, "people": 40}, "收入合计 30.00 万元 与 在岗人数 40 人 之比（0.75） 应不大于 0.5。"),
        ("min(income, fiscal) > 1", {"income": 1, "fiscal": 3}, "收入合计 1.00 万元、财政拨款 3.00 万元 中较小的 应大于 1 万元。"),
        ("is_legal", {"is_legal": False}, "“是否独立法人”应为“是”。"),
        ("is_legal = no", {"is_legal": True}, "“是否独立法人”应为“否”。"),
        ("is_free = is_legal", {"is_legal": True, "is_free": False}, "“‘是否免费开放’为‘是’”与“‘是否独立法人’为‘是’”应同时成立或同时不成立。"),
        ("filled(legal)", {}, "应填写“法定代表人”。"),
        ("blank(legal)", {"legal": "甲"}, "“法定代表人”应不填。"),
        ("all_or_none(legal, filler, reviewer)", {"legal": "甲"}, "“法定代表人”、“填报人”、“审核人”应全部填写或全部不填，未填：“填报人”、“审核人”。"),
        ("filler != reviewer", {"filler": "张三", "reviewer": "张三"}, "“填报人”（张三）应与“审核人”（张三）不同。"),
        ("filler = '张三'", {"filler": "李四"}, "“填报人”现为“李四”，应为“张三”。"),
        ("state = '正常开放'", {"state": "shut"}, "“年末运行状态”现为“停止运行”，应为“正常开放”。"),
        ("state != '停止运行'", {"state": "shut"}, "“年末运行状态”现为“停止运行”，不应为“停止运行”。"),
        ("oneof(state, '正常开放', '部分开放')", {"state": "shut"}, "“年末运行状态”现为“停止运行”，应为“正常开放”或“部分开放”。"),
        ("oneof(people, 1, 2)", {"people": 3}, "在岗人数 3 人 应是 1、2 之一。"),
        ("not has(shared, '无')", {"shared": ("none",)}, "“共用情况”现为“无”，不应包含“无”。"),
        ("applies(state)", {"state": NA}, "“年末运行状态”应适用。"),
        ("built <= opened", {"built": D(2020, 3, 9), "opened": D(2020, 3, 1)}, "首次开放日期 2020年3月9日 应不晚于 建成开放时间 2020年3月，晚 8 天。"),
        ("built >= date(report_year, 1, 1)", {"built": D(2021, 12, 31)}, "首次开放日期 2021年12月31日 应不早于 2022年1月1日，早 1 天。"),
        ("open_days <= days(built, date(2022, 12, 31)) + 1", {"open_days": 60, "built": D(2022, 12, 1)},
         "全年开放天数 60 天 应不大于 从 首次开放日期 2022年12月1日 到 2022年12月31日 的天数 30 天 ＋ 1，多 29 天。"),
        ("if is_free then free_days > 0", {"is_free": True, "free_days": 0}, "因为“是否免费开放”为“是”，所以 免费开放天数 0 天 应大于 0。"),
        ("if is_free and people > 3 then (if is_legal then filled(legal))", {"is_free": True, "is_legal": True, "people": 5},
         "因为“是否免费开放”为“是”，且 在岗人数 5 人 大于 3 人，且“是否独立法人”为“是”，所以 应填写“法定代表人”。"),
        ("if param.on then people > 1", {"people": 1}, "在岗人数 1 人 应大于 1 人。"),
        ("if people > 9 or visits > 9 then is_legal", {"people": 10, "visits": 1, "is_legal": False},
         "因为 在岗人数 10 人 大于 9 人，所以“是否独立法人”应为“是”。"),
        ("people > 1 and visits > 1", {"people": 5, "visits": 1}, "观众 1 人次 应大于 1 人次。"),
        ("people > 1 or is_legal", {"people": 1, "is_legal": False}, "在岗人数 1 人 应大于 1 人，或“是否独立法人”应为“是”。"),
        ("not (people > 1 and visits > 1)", {"people": 5, "visits": 4},
         "在岗人数 5 人 应不大于 1 人，多 4 人，或 观众 4 人次 应不大于 1 人次，多 3 人次。"),
        ("(people = 0) = (visits = 0)", {"people": 0, "visits": 3}, "“在岗人数 0 人 等于 0”与“观众 3 人次 等于 0”应同时成立或同时不成立。"),
        ("other <= other_spent", {"other": 2, "other_spent": 1}, "其他收入（表2-4） 2.00 万元 应不大于 其他收入（表2-5） 1.00 万元，多 1 万元。"),
        ("served <= served2", {"served": 2, "served2": 1}, "服务公众（第03项） 2 人次 应不大于 服务公众（第04项） 1 人次，多 1 人次。"),
        ("sum(show.cost) <= fiscal", {"fiscal": 1}, "短期展览“投入”合计 7 万元 应不大于 财政拨款 1.00 万元，多 6 万元。"),
        ("sum(show.cost, show.place = '馆内') <= fiscal", {"fiscal": 1}, "短期展览（“地点”为“馆内”的各行）“投入”合计 3 万元 应不大于 财政拨款 1.00 万元，多 2 万元。"),
        ("count(show) >= 3", {}, "短期展览的行数 2 应不小于 3，少 1。"),
        ("all(show.start <= show.end)", {}, "短期展览每一行都应满足：开始日期 不晚于 结束日期；第 2 行不满足。"),
        ("any(show.cost > 9)", {}, "短期展览应至少有一行满足：投入 大于 9 万元。"),
        ("not any(show.cost > 3)", {}, "短期展览每一行都应满足：投入 不大于 3 万元；第 2 行不满足。"),
        ("people <= staff[own, n]", {"people": 5, "staff_own__n": 3}, "在岗人数 5 人 应不大于 在编·人数 3 人，多 2 人。"),
        ("staff[own, female] <= staff[own, n]", {"staff_own__female": 5, "staff_own__n": 3}, "在编·女 5 人 应不大于 在编·人数 3 人，多 2 人。"),
    ],
)  # fmt: skip
def test_a_finding(rule: str, values: dict[str, Any], sentence: str) -> None:
    rows = {"show": [{"start": D(2022, 1, 1), "end": D(2022, 1, 2), "cost": 3, "place": "in"},
                     {"start": D(2022, 2, 1), "end": D(2022, 1, 2), "cost": 4, "place": "out"}]}  # fmt: skip
    assert said(rule, rows=rows, **values) == sentence


def test_generated_checks_say_which_part_of_what() -> None:
    made = compiled(FORM)
    rows = {"show": [{"cost": 1, "budget": 1}, {"cost": 3, "budget": 1}]}
    given = answers(rows, free_days=310, open_days=300, staff_own__female=4, staff_own__n=3)
    assert [finding.message for finding in made.evaluate(given, context()).findings] == [
        "其中：免费开放天数 310 天 应不大于 全年开放天数 300 天，多 10 天。",
        "第 2 行：其中：投入 3.00 万元 应不大于 预算 1.00 万元，多 2 万元。",
        "其中：在编·女 4 人 应不大于 在编·人数 3 人，多 1 人。",
    ]
    assert [check.sentence() for check in made.checks] == [
        "其中：免费开放天数 应不大于 全年开放天数。",
        "每行：其中：投入 应不大于 预算。",
        "其中：在编·女 应不大于 在编·人数。",
    ]


def test_scopes() -> None:
    cells = {"staff_own__n": 3, "staff_own__female": 4, "staff_own__phd": 9, "staff_hired__n": 0, "people": 2}
    assert said("每行: phd + female <= n", "2-2", **cells) == "在编：博士 9 ＋ 女 4 应不大于 人数 3 人，多 10 人。"
    assert said("每行 [own]: n <= people", "2-2", **cells) == "在编：人数 3 人 应不大于 在岗人数 2 人，多 1 人。"
    assert said("每列 [n]: own <= hired", "2-2", **cells) == "人数：在编 3 人 应不大于 编外 0 人，多 3 人。"
    assert said("每项 [staff[own, n], people]: it > 3", "2-2", **cells) == "在编·人数 3 人 应大于 3 人。"
    rows = {"show": [{"start": D(2022, 2, 1), "end": D(2022, 1, 2)}]}
    assert (
        said("每行: start <= end", "3-2", rows)
        == "第 1 行：开始日期 2022年2月1日 应不晚于 结束日期 2022年1月2日，晚 30 天。"
    )


@pytest.mark.parametrize(
    ("rule", "message", "sentence"),
    [
        ("people > 5", "现填 {people}，上年 {last.people}；{is_free}、{state}、{opened}。", "现填 3 人，上年 40 人；是、停止运行、2020年3月。"),
        ("people > 5", "差 {5 - people}，收入{income}。", "差 2 人，收入（空）。"),
        ("每项 [people]: it > 5", "偏少（{it}）。", "在岗人数：偏少（3 人）。"),
        ("每项 [people]: it > 5", "比 {last.it} 少。", "在岗人数：比 40 人 少。"),
    ],
)  # fmt: skip
def test_hand_written_messages(rule: str, message: str, sentence: str) -> None:
    values = {"people": 3, "is_free": True, "state": "shut", "opened": D(2020, 3, 1)}
    assert said(rule, message=message, **values) == sentence


def test_hand_written_messages_name_the_row() -> None:
    assert (
        said("每行 [own]: phd <= n", "2-2", message="博士 {phd}。", staff_own__phd=2, staff_own__n=1)
        == "在编：博士 2 人。"
    )
    rows = {"show": [{"title": "甲", "cost": 9}]}
    assert said("每行: cost <= 5", "3-2", rows, message="{title} {cost} 偏多。") == "第 1 行：甲 9.00 万元 偏多。"


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("income = fiscal + business + other", "收入合计 应等于 财政拨款 ＋ 事业收入 ＋ 其他收入。"),
        ("if is_free and not is_legal then free_days >= 1000", "如果“是否免费开放”为“是”，且“是否独立法人”为“否”，那么 免费开放天数 应不小于 1,000 天。"),
        ("if oneof(state, '正常开放', '部分开放') then filled(legal)", "如果“年末运行状态”为“正常开放”或“部分开放”，那么 应填写“法定代表人”。"),
        ("not oneof(state, '停止运行') or blank(legal)", "“年末运行状态”不应为“停止运行”，或“法定代表人”应不填。"),
        ("if blank(legal) or not filled(filler) then people > 1", "如果“法定代表人”未填写，或“填报人”未填写，那么 在岗人数 应大于 1 人。"),
        ("(people > 1 and visits > 1) or is_free", "（在岗人数 应大于 1 人，且 观众 应大于 1 人次），或“是否免费开放”应为“是”。"),
        ("if not has(shared, '无') then filled(legal)", "如果“共用情况”不包含“无”，那么 应填写“法定代表人”。"),
        ("open_days >= param.least", "全年开放天数 应不小于 参数least（200 天）。"),
        ("since >= 2015", "纳入年份 应不小于 2015 年。"),
        ("built >= date(report_year, 1, 1)", "首次开放日期 应不早于 填报年度1月1日。"),
        ("not slipped(visits, last.visits)", "观众 与 上年观众 不应相差约 10、100、1,000 或 10,000 倍。"),
        ("this_year >= last.this_year", "本年新增展品 应不小于 上年新增展品。"),
        ("每项 [people, visits]: it >= 10", "每项（在岗人数、观众）：本项 应不小于 10。"),
        ("每项 [income, fiscal]: it >= 10", "每项（收入合计、财政拨款）：本项 应不小于 10 万元。"),
        ("total(staff[*, n]) > nz(people)", "在编·人数 ＋ 编外·人数 应大于 在岗人数。"),
    ],
)  # fmt: skip
def test_a_guide(rule: str, sentence: str) -> None:
    assert guide(rule) == sentence


def test_a_guide_for_rows_and_columns() -> None:
    assert guide("每行 [own, hired]: female <= n", "2-2") == "每行（在编、编外）：女 应不大于 人数。"
    assert guide("每列: own <= total", "2-2") == "每列（人数、其中：女、博士）：在编 应不大于 合计。"
    assert guide("每行: start <= end", "3-2") == "每行：开始日期 应不晚于 结束日期。"


@pytest.mark.parametrize(
    ("visits", "sentence"),
    [
        (120000, "观众 120,000 人次，上年为 12,000 人次，约为上年的 10 倍，可能多输了一位。"),
        (1150, "观众 1,150 人次，上年为 12,000 人次，约为上年的 1/10，可能少输了一位。"),
        (12_500_000, "观众 12,500,000 人次，上年为 12,000 人次，约为上年的 1,000 倍，可能多输了三位。"),
    ],
)
def test_slips(visits: int, sentence: str) -> None:
    assert said("not slipped(visits, last.visits)", visits=visits) == sentence
    for reason in ("param.on", "param.on and (it >= 10 or last.it >= 10)"):
        assert said(f"每项 [visits]: if {reason} then not slipped(it, last.it)", visits=visits) == sentence


def test_yuan_in_a_cell_of_ten_thousand_yuan() -> None:
    sentence = "收入合计 45,000.00 万元，上年为 4.50 万元，约为上年的 10,000 倍，可能把元当成了万元。"
    assert said("not slipped(income, last.income)", income=45000) == sentence


@pytest.mark.parametrize(
    ("factor", "unit", "hint"),
    [
        ("10", "万元", "多输了一位"),
        ("0.1", "万元", "少输了一位"),
        ("100", "平方米", "多输了两位，或漏了小数点"),
        ("0.01", "平方米", "少输了两位"),
        ("10000", "万元", "把元当成了万元"),
        ("0.0001", "万元", "把亿元当成了万元"),
        ("10000", "万人次", "把人次当成了万人次"),
        ("0.0001", "人次", "把万人次当成了人次"),
        ("0.0001", "平方米", "把万平方米当成了平方米"),
        ("10000", "人次", "多输了四位"),
        ("0.0001", "人次/日", "少输了四位"),
        ("0.001", "", "少输了三位"),
    ],
)
def test_likely_slips(factor: str, unit: str, hint: str) -> None:
    assert likely_slip(Decimal(factor), unit) == hint


@pytest.mark.parametrize(
    ("now", "last", "slipped"),
    [
        (100, 10, True), (90, 10, True), (110, 10, True), (89, 10, False), (111, 10, False),
        (1000, 10, True), (10_000, 10, True), (100_000, 10, True), (1_000_000, 10, False), (500, 10, False),
        (10, 100, True), (11, 100, True), (9, 100, True), (12, 100, False), (1, 100, True), (10, 10, False),
        (0, 10, False), (10, 0, None), (0, 0, None),
    ],
)  # fmt: skip
def test_when_a_figure_is_a_slip(now: int, last: int, slipped: bool | None) -> None:
    q = questionnaire(list_table("1-1", "one", "a: sdec2\nb: sdec2"))
    made = compiled(q, "c 强制性: slipped(a, last.a)\nn 强制性: not slipped(a, last.a)\nx 强制性: not slipped(a, b)")
    for sign in (1, -1):
        found = made.coverage(answers(a=now * sign, b=last * sign), context(answers(a=last * sign)))
        expected = {True: (1, 0, 0), False: (0, 1, 0), None: (0, 0, 1)}
        assert found["c"] == expected[slipped]
        assert found["n"] == found["x"] == expected[None if slipped is None else not slipped]
    opposite = made.coverage(answers(a=now, b=-last), context(answers(a=-last)))["c"]
    assert opposite[0] == 0
    assert made.coverage(answers(), context(answers(a=last)))["c"] == (0, 0, 1)
    assert made.coverage(answers(a=now), context())["c"] == (0, 0, 1)


def test_long_totals_name_the_first_and_the_last() -> None:
    rows = " ".join(f"m{i}[{i}月]" for i in range(1, 13))
    q = questionnaire(matrix("6-1", "visit", rows, "n[观众]"), list_table("6-2", "x", "cap[上限]: int 人"))
    made = compiled(q, "c 强制性: total(visit[*, n]) <= cap")
    given = answers(cap=5, **{f"visit_m{i}__n": i for i in range(1, 13)})
    assert made.evaluate(given, context()).findings[0].message == (
        "1月·观众 至 12月·观众 共 12 项合计 78 人 应不大于 上限 5 人，多 73 人。"
    )


def test_deep_formulas_stay_readable() -> None:
    q = replace(FORM)
    rule = "if not (people > 1 or (visits > 1 and not is_free)) then (if filled(legal) then not (people = 0 and visits = 0))"
    made = compiled(q, f"c 强制性: {rule}")
    assert made.check_by_id["c"].sentence() == (
        "如果 在岗人数 不大于 1 人，且（观众 不大于 1 人次，或“是否免费开放”为“是”），且“法定代表人”已填写，"
        "那么 在岗人数 应不等于 0，或 观众 应不等于 0。"
    )
