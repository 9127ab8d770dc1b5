"""Everything that is found before a questionnaire is used, with file, line and column."""

import pytest

from guanshu.survey.definition.model import Questionnaire
from tests.survey.checks.forms import calc, compiled, list_table, matrix, problems, questionnaire, rows_table

ONE = """land_area[占地面积]: dec2 平方米
        hall_area[展厅面积]: dec2 平方米
        people[人数]: int 人
        visits[观众]: int 人次
        days[天数]: int 天
        capacity[承载量]: int 人次/日
        balance[结余]: sdec2 万元
        rate[率]: dec1 %
        is_free[免费]: bool
        state[状态]: choice(state)
        place[地点]: choice(place)
        shared[共用]: multi(shared)
        day[日期]: date
        word[文字]: text
        scan[扫描件]: file"""
FORM = questionnaire(
    list_table("1-1", "basics", ONE),
    rows_table("3-2", "show", "cost[投入]: dec2 万元\nstart: date\nend: date"),
    rows_table("3-3", "film", "seats: int 座"),
    matrix("2-2", "staff", "total[合计] own[在编]", "n[人数] female[女] phd[博士]", closed="total.phd own.phd"),
    params={"least": (200, "天"), "on": True},
    kin="人~人次",
    alias="日=天",
)


def first(text: str, table: str = "1-1") -> tuple[int, int, str, str]:
    found = problems(FORM, {f"checks/{table}.rules": text})
    assert found, "no problem was found"
    assert found[0].file == f"checks/{table}.rules"
    return found[0].line, found[0].column, found[0].message, found[0].cure


@pytest.mark.parametrize(
    ("expression", "column", "message", "cure"),
    [
        ("land_arae > 1", 1, "没有名为“land_arae”的指标", "是不是 land_area"),
        ("占地面积 > 1", 1, "没有名为“占地面积”的指标", "用名称 land_area"),
        ("cost > 1", 1, "没有名为“cost”的指标", "逐行填报的表的栏只能用在 sum(show.cost) 这类函数里"),
        ("it > 1", 1, "it 只能用在“每项”的审核里", "写上指标的名称"),
        ("show.cost > 1", 1, "show.cost 有很多行", "放进函数里，例如 sum(show.cost)"),
        ("sum(show.costs) > 1", 5, "表“show”没有名为“costs”的栏", "是不是 cost"),
        ("sum(last.show.cost) > 1", 1, "sum 里没有逐行填报的表的栏", ""),
        ("sum(people) > 1", 1, "sum 里没有逐行填报的表的栏", "表中的指标相加用 total(a, b)"),
        ("total(show.cost) > 1", 7, "show.cost 有很多行", ""),
        ("sum(show.cost, film.seats > 1) > 1", 1, "sum 里有两张表", "一次只能用一张表"),
        ("sum(sum(show.cost) * film.seats) > 1", 5, "sum 不能放在另一个逐行的函数里", ""),
        ("count(people) > 1", 7, "没有名为“people”的逐行填报的表", ""),
        ("count(staff) > 1", 7, "没有名为“staff”的逐行填报的表", ""),
        ("staff[totl, n] > 1", 1, "表“staff”没有名为“totl”的行", "是不是 total"),
        ("staff[合计, n] > 1", 1, "表“staff”没有名为“合计”的行", "用名称 total"),
        ("staff[total, phd] > 1", 1, "staff[total, phd] 这一交叉处不填", "改用别的单元格"),
        ("basics[a, b] > 1", 1, "没有名为“basics”的行列表", ""),
        ("staff[*, n] > 1", 1, "带 * 的写法有很多单元格", "放进函数里，例如 total(表名[*, 栏名])"),
        ("total(staff[*, phd]) > 1", 7, "这一行（栏）没有填报的单元格", ""),
        ("basics.people > 1", 1, "“basics”不是逐行填报的表", "直接写指标名称 people"),
        ("param.lest > 1", 1, "没有名为“param.lest”", ""),
        ("filled(scan)", 8, "“扫描件”是上传的文件", "去掉它"),
        ("people", 1, "这里应是是否判断，却是数", "写成比较，例如 a > 0"),
        ("people and is_free", 1, "这里应是是否判断，却是数", ""),
        ("day + 1 > 2", 1, "这里应是数，却是日期", "两个日期相差的天数写作 days(a, b)"),
        ("people > day", 8, "数和日期不能比较", "检查指标的类型"),
        ("people = '三'", 8, "数和文字不能比较", ""),
        ("word < '三'", 6, "文字没有大小", "只能用 = 或 ≠"),
        ("is_free > is_free", 9, "是否判断没有大小", ""),
        ("shared = '无'", 8, "不能比较", ""),
        ("state = place", 7, "两边的选项表不同", ""),
        ("state = '停止'", 9, "选项里没有“停止”", "是不是 停止运行"),
        ("has(shared, '没有')", 13, "选项里没有“没有”", "可用：无、图书馆、文化馆"),
        ("has(state, '停止运行')", 5, "这里应是多选，却是单选", ""),
        ("oneof(state, '甲')", 14, "选项里没有“甲”", ""),
        ("oneof(people, '甲')", 15, "oneof 的值与指标的类型不同", ""),
        ("oneof(people, days)", 15, "oneof 后面只能写文字或数", ""),
        ("people <= land_area", 8, "单位不一致：相比较的是 人 和 平方米", "检查指标"),
        ("people + land_area > 0", 10, "单位不一致：相加减的是 人 和 平方米", ""),
        ("total(people, land_area) > 0", 15, "单位不一致：相加的是 人 和 平方米", ""),
        ("visits <= people * capacity", 8, "单位不一致：相比较的是 人次 和 人·人次/天", ""),
        ("ratio(visits, days) <= people", 21, "单位不一致：比值是 人次/天，另一边是 人", ""),
        ("days >= rate", 6, "单位不一致：相比较的是 天 和 %", ""),
        ("param.least <= people", 13, "单位不一致：相比较的是 天 和 人", ""),
        ("slipped(people, land_area)", 17, "单位不一致：相比较的是 人 和 平方米", ""),
        ("ratio(people, visits) > ratio(visits, people)", 25, "ratio 只能直接与一个数比较", ""),
        ("totl(people) > 1", 1, "没有函数“totl”", "是不是 total"),
        ("abs(people, days) > 1", 1, "函数 abs 的参数个数不对", "写成 abs(a)"),
        ("percent(people, visits, 1) > 1", 1, "函数 percent 只能用于计算指标", "把它写成计算指标"),
        ("round(people, days) > 1", 15, "小数位数应是 0 到 6 的整数", "例如 round(…, 1)"),
        ("nz(people + visits) > 1", 11, "nz 只能用于指标、total 和 sum", "逐个写：nz(a) + nz(b)"),
        ("filled(people + visits)", 15, "filled 只能用于指标", ""),
        ("applies(last.people)", 9, "applies 只能用于本年的指标", ""),
        ("all_or_none(people)", 1, "all_or_none 至少要两个指标", ""),
        ("min(people) > 1", 1, "min 至少要两个数", ""),
        ("a.b.c.d > 1", 1, "看不懂名称", ""),
        ("people < visits < days", 17, "比较不能连写", "写成 a < b and b < c"),
        ("people >= 0", 1, "永远不会提示", "非负数本来就不小于 0"),
        ("people + visits > -1", 1, "永远不会提示", ""),
        ("people = people", 1, "永远不会提示", ""),
        ("if is_free then total(people, visits) >= 0", 1, "永远不会提示", ""),
        ("people < 0", 1, "永远不成立", "检查比较的方向和数值"),
        ("not (people >= 0 or balance > 1)", 1, "永远不成立", ""),
        ("report_year > 2000", 1, "这条审核不读任何指标", "写上要审核的指标"),
    ],
)
def test_in_a_check(expression: str, column: int, message: str, cure: str) -> None:
    line, at, found, mended = first(f"# 注\nc-1 强制性: {expression}")
    if message == "没有名为“param.lest”":
        message = "没有名为“lest”的参数"
    assert message in found
    assert cure in mended
    assert (line, at) == (2, len("c-1 强制性: ") + column)


def test_what_may_be_compared() -> None:
    compiled(
        FORM,
        """a 强制性: visits <= days * capacity
b 强制性: people <= visits
c 强制性: balance >= 0
d 强制性: rate <= 100
e 强制性: days >= param.least
f 强制性: 0.5 * visits <= days * capacity
g 强制性: ratio(visits, days) <= capacity
h 强制性: days <= days(date(report_year, 1, 1), day) + 1
i 强制性: 100 * people <= rate * visits
j 强制性: ratio(people, visits) <= 1
k 强制性: visits * 2 > 1 and people + visits > 3""",
    )


def test_every_mistake_is_reported_at_its_place() -> None:
    found = problems(FORM, "c 强制性: peple > 1 and vists > 2\nd 强制性: land_area > people")
    assert [(p.line, p.column, p.message) for p in found] == [
        (1, 8, "没有名为“peple”的指标"),
        (1, 22, "没有名为“vists”的指标"),
        (2, 18, "单位不一致：相比较的是 平方米 和 人"),
    ]


def test_continued_lines_keep_their_columns() -> None:
    found = problems(FORM, "c 强制性: land_area\n    : = hall_area\n    :   + hall_aera\n")
    assert [(p.line, p.column) for p in found] == [(3, 11)]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("c 强制: people > 1", 1, 3, "没有类别“强制”"),
        ("c: people > 1", 1, 1, "没有类别“”"),
        ("c 强制性 每格: people > 1", 1, 7, "看不懂范围“每格”"),
        ("c 强制性 [a]: people > 1", 1, 7, "看不懂范围"),
        ("c[1] 强制性: people > 1", 1, 1, "编号“c[1]”不合规"),
        ("c 强制性 people > 1", 1, 1, "看不懂这一行"),
        ("c 强制性:\n    说明", 1, 6, "冒号后面没有表达式"),
        ("    说明", 1, 1, "缩进的行之前没有审核"),
        ("c 强制性: people > 1\nc 强制性: visits > 1", 2, 1, "编号 c 重复，已用于 checks/1-1.rules 第 1 行"),
        ("c 强制性 每行: people > 1", 1, 7, "没有固定的行和栏"),
        ("c 强制性 每项 [people, vists]: it > 1", 1, 19, "没有名为“vists”的指标"),
        ("c 强制性 每项 [people, 3]: it > 1", 1, 19, "“3”不是指标的名称"),
        ("c 强制性 每项 [param.least]: it > 1", 1, 11, "不是指标的名称"),
        ("c 强制性 每项 []: it > 1", 1, 7, "方括号里没有名称"),
        ("c 强制性: people > 1\n    现填 {peple}。", 2, 9, "没有名为“peple”的指标"),
        ("c 强制性: people > 1\n    现填 {people。", 2, 8, "花括号不成对"),
    ],
)
def test_rules_files(text: str, line: int, column: int, message: str) -> None:
    found = first(text)
    assert found[:2] == (line, column)
    assert message in found[2]


def test_scopes_of_matrices_and_rows_tables() -> None:
    assert first("c 强制性 每行 [totl]: female <= n", "2-2")[1:] == (11, "表 2-2 没有名为“totl”的行", "是不是 total")
    assert first("c 强制性 每列 [女]: own <= total", "2-2")[1:] == (11, "表 2-2 没有名为“女”的栏", "用名称 female")
    assert "这里没有“phd”这个单元格" in first("c 强制性 每行: phd <= n", "2-2")[2]
    assert "这里没有“phd”这个单元格" in first("c 强制性 每行 [own]: phd <= n", "2-2")[2]
    assert first("c 强制性 每行 [k1]: cost > 1", "3-2")[2] == "逐行填报的表的行没有名称"
    assert first("c 强制性 每行: last.cost > 1", "3-2")[2] == "逐行填报的表没有上年同一行"
    assert problems(FORM, {"checks/9-9.rules": ""})[0].message == "没有编号为 9-9 的表"


def at(q: Questionnaire) -> list[tuple[str, int, int, str]]:
    return [(p.file, p.line, p.column, p.message) for p in problems(q)]


def test_formulas_in_tables() -> None:
    q = questionnaire(
        list_table(
            "1-1",
            "one",
            """a: int 人
            b: int 人; calc=total(a, x)
            c: int 平方米; calc=total(a, a)
            d: date; calc=a + 1
            e: int 人; applies=a
            f: int 人; required=is_fre
            g: choice(size); calc=case(a > 1, '大型', '中型')
            h: int 人; na=blank(zz)
            i: int 人; of=zz
            j: int 平方米; of=a""",
        )
    )
    assert at(q) == [
        ("tables/1-1.csv", 3, 29, "没有名为“x”的指标"),
        ("tables/1-1.csv", 4, 20, "单位不一致：公式的结果是 人，指标“c”是 平方米"),
        ("tables/1-1.csv", 5, 20, "公式的结果是数，指标“d”是日期"),
        ("tables/1-1.csv", 6, 20, "这里应是是否判断，却是数"),
        ("tables/1-1.csv", 7, 20, "没有名为“is_fre”的指标"),
        ("tables/1-1.csv", 8, 38, "选项里没有“中型”"),
        ("tables/1-1.csv", 9, 26, "没有名为“zz”的指标"),
        ("tables/1-1.csv", 10, 1, "“i”是 zz 的其中项：没有名为“zz”的指标"),
        ("tables/1-1.csv", 11, 1, "“j”是 a 的其中项：单位不一致：相比较的是 平方米 和 人"),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: int; calc=total(a, b)\nb: int", "a → a"),
        ("a: int; calc=total(b)\nb: int; calc=total(c)\nc: int; calc=total(a)", "a → b → c → a"),
        ("a: int; applies=b > 1\nb: int; applies=a > 1", "a → b → a"),
    ],
)
def test_cycles(text: str, path: str) -> None:
    found = problems(questionnaire(list_table("1-1", "one", text)))
    assert [p.message for p in found] == [f"计算成环：{path}"]
    assert (found[0].file, found[0].line) == ("tables/1-1.csv", 2)


def test_cycles_through_rows_and_applicability() -> None:
    q = questionnaire(rows_table("1-1", "show", "a: int; calc=b + form.sum_a\nb: int", "sum_a: int; calc=sum(show.a)"))
    assert "计算成环" in problems(q)[0].message
    q = questionnaire(
        matrix("1-1", "m", "a b", "x y", changed={"a.x": calc("total(b)", "rows"), "b.x": calc("total(a)", "rows")})
    )
    assert "计算成环：m_a__x → m_b__x → m_a__x" in problems(q)[0].message
