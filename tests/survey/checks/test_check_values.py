"""Calculated cells, applicability, 不适用, what is missing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanshu.survey.checks.findings import CheckClass, Evaluation
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.definition.source import Source
from guanshu.survey.values.missing import BLANK, NA
from tests.survey.checks.forms import answers, calc, compiled, context, list_table, matrix, questionnaire, rows_table


def evaluated(q: Questionnaire, given: Answers, rules: str = "", **around: Any) -> Evaluation:
    return compiled(q, rules).evaluate(given, context(**around))


MONEY = questionnaire(
    list_table(
        "1-1",
        "money",
        """central: dec2 万元; na=yes
        city: dec2 万元; na=yes
        fiscal: dec2 万元; calc=total(central, city)
        other: dec2 万元
        income: dec2 万元; calc=total(fiscal, other)
        spent: dec2 万元
        balance: sdec2 万元; calc=income - spent
        rate: dec1 %; calc=percent(spent, income, 1)
        scale: choice(size); calc=case(income > 100, '大型', '小型')
        year_end: date; calc=date(report_year, 12, 31)
        opened: month; calc=month_of(report_year, 3)""",
    )
)


def test_totals_of_totals() -> None:
    found = evaluated(MONEY, answers(central=10, city=20, other=70, spent=33.35)).values
    assert [found[name] for name in ("fiscal", "income", "balance", "rate", "scale")] == [
        30, 100, Decimal("66.65"), Decimal("33.4"), "small",
    ]  # fmt: skip
    assert found["year_end"] == date(2022, 12, 31)
    assert found["opened"] == date(2022, 3, 1)


def test_an_incomplete_total_is_blank_and_shows_what_it_has() -> None:
    found = evaluated(MONEY, answers(central=10, other=70))
    assert (found.values["fiscal"], found.values["income"], found.values["balance"]) == (BLANK, BLANK, BLANK)
    assert found.partial == {"fiscal": 10, "income": 80}
    assert found.values["scale"] is BLANK
    empty = evaluated(MONEY, answers())
    assert (empty.values["fiscal"], empty.partial) == (BLANK, {})


def test_na_is_skipped_by_totals() -> None:
    found = evaluated(MONEY, answers(central=NA, city=20, other=70))
    assert (found.values["fiscal"], found.values["income"], found.partial) == (20, 90, {})
    found = evaluated(MONEY, answers(central=NA, city=NA, other=70))
    assert (found.values["fiscal"], found.values["income"]) == (NA, 70)


def test_a_stored_value_of_a_calculated_cell_is_never_used() -> None:
    assert evaluated(MONEY, answers(central=1, city=2, fiscal=999)).values["fiscal"] == 3


@pytest.mark.parametrize(
    ("spent", "income", "rate"),
    [
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (0, 5, "0.0"),
        (7, 0, None),
        (1, 8, "12.5"),
        (10**12, 1, "100000000000000.0"),
    ],
)
def test_percent_is_rounded_half_up(spent: int, income: int, rate: str | None) -> None:
    found = evaluated(MONEY, answers(central=income, city=0, other=0, spent=spent)).values["rate"]
    assert found is BLANK if rate is None else str(found) == rate


COND = questionnaire(
    list_table(
        "1-1",
        "basics",
        """is_free: bool
        since: int 年; required=is_free
        legal: text; applies=is_free
        note: text; required=no
        scan: file
        capacity: int; na=yes""",
    ),
    list_table(
        "2-1",
        "subsidy",
        "got: dec2 万元\nsum: dec2 万元; calc=total(got)",
        applies=Source("is_free", "tables.csv", 3, 9),
    ),
    list_table(
        "2-2",
        "money",
        """pay: dec2 万元
        central: dec2 万元; na=not is_free
        must: int; must=yes
        all_of: dec2 万元; calc=total(pay, central)""",
        na=Source("filled(is_free)", "tables.csv", 4, 9),
    ),
    rows_table("3-1", "show", "title: text\ncost: int\nwhy: text; required=cost > 5\nvenue: text; applies=cost > 1",
               "shows: int; calc=count(show)"),
)  # fmt: skip


def test_requirements_depend_on_answers() -> None:
    free = evaluated(COND, answers(is_free=True))
    assert free.required >= {"is_free", "since", "legal", "capacity", "got"}
    assert free.states["1-1"].missing == ("since", "legal", "capacity")
    assert free.states["1-1"].required == 4
    unknown = evaluated(COND, answers())
    assert "since" not in unknown.required
    assert "legal" in unknown.required  # unknown counts as applying
    assert unknown.states["1-1"].missing == ("is_free", "legal", "capacity")


def test_what_does_not_apply_reads_na_and_is_hidden() -> None:
    found = evaluated(COND, answers(is_free=False, legal="旧", got=5, capacity=NA))
    assert found.hidden == {"legal", "2-1"}
    assert [found.values[name] for name in ("legal", "got", "sum", "capacity")] == [NA, NA, NA, NA]
    assert found.states["2-1"].applies is False
    assert (found.states["2-1"].required, found.states["2-1"].missing) == (0, ())
    assert found.states["1-1"].complete


def test_a_table_ticked_na() -> None:
    found = evaluated(COND, answers(is_free=True, pay=3, na="2-2"))
    assert found.states["2-2"].na
    assert [found.values[name] for name in ("pay", "central", "must")] == [NA, BLANK, BLANK]
    assert found.states["2-2"].missing == ("central", "must")
    free = evaluated(COND, answers(is_free=False, na="2-2", must=1))
    assert [free.values[name] for name in ("pay", "central", "must", "all_of")] == [NA, NA, 1, NA]
    assert free.states["2-2"].complete
    not_allowed = evaluated(COND, answers(pay=3, na="2-2"))
    assert not not_allowed.states["2-2"].na
    assert not_allowed.values["pay"] == 3
    assert not evaluated(COND, answers(na="1-1")).states["1-1"].na


def test_where_na_may_be_answered_now() -> None:
    assert evaluated(COND, answers()).na_allowed == frozenset()
    assert evaluated(COND, answers(is_free=True)).na_allowed == {"2-2.na"}
    assert evaluated(COND, answers(is_free=False)).na_allowed == {"2-2.na", "central"}
    q = questionnaire(rows_table("1-1", "show", "a: int\nb: int; na=a > 1\nc: int; applies=a > 1; na=filled(a)"))
    found = evaluated(q, answers({"show": [{"a": 1}, {"a": 2, "b": NA}, {"b": NA}]}))
    assert found.na_allowed == {"show[k2].b", "show[k2].c"}
    assert (found.values["show[k2].b"], found.values["show[k3].b"]) == (NA, NA)


def test_na_where_it_is_not_allowed_is_blank() -> None:
    assert evaluated(COND, answers(since=NA)).values["since"] is BLANK
    assert evaluated(COND, answers(is_free=True, central=NA)).values["central"] is BLANK
    assert evaluated(COND, answers(is_free=False, central=NA)).values["central"] is NA


def test_rows_that_are_missing() -> None:
    nothing = evaluated(COND, answers()).states["3-1"]
    assert (nothing.required, nothing.missing) == (1, ("show.none",))
    ticked = evaluated(COND, answers(none="show"))
    assert (ticked.states["3-1"].missing, ticked.values["shows"]) == ((), 0)
    rows = evaluated(COND, answers({"show": [{"title": "甲", "cost": 9}, {"cost": 1}]}))
    assert rows.states["3-1"].missing == ("show[k1].why", "show[k1].venue", "show[k2].title")
    assert "show[k2].venue" in rows.hidden
    assert rows.values["show[k2].venue"] is NA
    assert {"show[k1].why", "show[k2].cost"} <= rows.required
    assert "show[k2].why" not in rows.required
    assert rows.values["shows"] == 2


ROWS = questionnaire(
    rows_table(
        "3-2",
        "show",
        "start: date\nend: date\ndays: int 天; calc=days(start, end) + 1\ncost: dec2 万元\nplace: choice(place)",
        """cost_all: dec2 万元; calc=sum(show.cost)
        cost_in: dec2 万元; calc=sum(show.cost, show.place = '馆内')
        count_in: int; calc=count(show.place = '馆内')
        longest: int 天; calc=max(show.days)""",
    )
)


def test_rows_are_calculated_before_their_totals() -> None:
    rows = [
        {"start": date(2022, 1, 1), "end": date(2022, 1, 31), "cost": 1.5, "place": "in"},
        {"start": date(2022, 12, 1), "end": date(2023, 1, 31), "cost": 2, "place": "out"},
    ]
    found = evaluated(ROWS, answers({"show": rows}))
    assert (found.values["show[k1].days"], found.values["show[k2].days"]) == (31, 62)
    assert [found.values[name] for name in ("cost_all", "cost_in", "count_in", "longest")] == [3.5, 1.5, 1, 62]
    del rows[1]["cost"]
    del rows[1]["place"]
    found = evaluated(ROWS, answers({"show": rows}))
    assert [found.values[name] for name in ("cost_all", "cost_in", "count_in")] == [BLANK, BLANK, BLANK]
    assert found.partial == {"cost_all": 1.5, "cost_in": 1.5, "count_in": 1}
    empty = evaluated(ROWS, answers())
    assert (empty.values["cost_all"], empty.values["count_in"]) == (BLANK, BLANK)
    none = evaluated(ROWS, answers(none="show"))
    assert [none.values[name] for name in ("cost_all", "cost_in", "count_in", "longest")] == [0, 0, 0, BLANK]


STAFF = questionnaire(
    matrix(
        "2-2",
        "staff",
        "total[合计] own[在编] hired[编外]",
        "n[人数] female[女] male[男]",
        closed="hired.male",
        changed={
            "total.n": calc("total(own, hired)", "rows"),
            "total.female": calc("total(own, hired)", "rows"),
            "own.male": calc("n - female", "columns"),
            "total.male": calc("staff_total__n - staff_total__female"),
            "own.female": {"of": ("staff_own__n", "staff_total__female")},
        },
    )
)


def test_matrix_formulas() -> None:
    given = answers(staff_own__n=10, staff_own__female=4, staff_hired__n=5, staff_hired__female=1)
    found = evaluated(STAFF, given)
    assert [found.values[f"staff_{name}"] for name in ("total__n", "total__female", "own__male", "total__male")] == [
        15,
        5,
        6,
        10,
    ]


def test_scopes_in_matrices() -> None:
    made = compiled(
        STAFF,
        """rows 强制性 每行: female <= n
some 强制性 每行 [own]: male + female = n
columns 准强制性 每列 [n, female]: own + hired = total
items 核实性 每项 [staff[own, n], staff_hired__n]: it >= last.it
all 提示性 每项: it > 0
star 强制性: total(staff[*, n]) <= 3
skip 强制性 每行: male <= n""",
    )
    assert [check.names for check in made.checks if not check.generated] == [
        ("total", "own", "hired"), ("own",), ("n", "female"), ("staff_own__n", "staff_hired__n"),
        ("staff_own__n", "staff_own__female", "staff_hired__n", "staff_hired__female"), (), ("total", "own"),
    ]  # fmt: skip
    given = answers(staff_own__n=1, staff_own__female=4, staff_hired__n=5, staff_hired__female=0)
    last = answers(staff_own__n=3, staff_hired__n=3)
    found = made.evaluate(given, context(last)).findings
    assert [finding.key for finding in found] == [
        "of-staff_own__female-staff_own__n", "rows[own]", "items[staff_own__n]", "all[staff_hired__female]", "star",
    ]  # fmt: skip
    assert made.coverage(given, context())["items"] == (0, 0, 2)
    assert made.coverage(given, context(last))["rows"] == (2, 1, 0)


def test_shadowing_and_form() -> None:
    q = questionnaire(
        rows_table("1-1", "show", "cost: int 万元\nlevel: int", "level_all: int"),
        list_table("1-2", "basics", "cost_all: int 万元\nname: text"),
    )
    made = compiled(
        q,
        """a 强制性 每行: level = 1
b 强制性 每行: level = form.level_all
c 强制性 每行: cost <= cost_all
d 强制性 每行: cost < sum(show.cost)""",
    )
    found = made.evaluate(
        answers({"show": [{"level": 1, "cost": 4}, {"level": 2, "cost": 7}]}, level_all=2, cost_all=5), context()
    )
    assert [finding.key for finding in found.findings] == ["a[k2]", "b[k1]", "c[k2]"]
    assert found.findings[0].cells == ("show[k2].level",)
    assert found.findings[1].cells == ("show[k1].level", "level_all")
    assert found.findings[2].cells == ("show[k2].cost", "cost_all")


def test_findings_are_in_the_order_of_tables_and_carry_explanations() -> None:
    q = questionnaire(
        list_table("1-1", "one", "a: int 人\nb: int 人; of=a"), rows_table("1-2", "show", "x: int\ny: int; of=x")
    )
    made = compiled(q, {"checks/1-2.rules": "2 核实性 每行: x < 5", "checks/1-1.rules": "1 核实性: a < 5"})
    assert [(c.id, c.table, c.scope, c.generated) for c in made.checks] == [
        ("of-b", "1-1", "", True), ("1", "1-1", "", False), ("of-show.y", "1-2", "每行", True),
        ("2", "1-2", "每行", False),
    ]  # fmt: skip
    given = answers({"show": [{"x": 9, "y": 10}]}, a=7, b=8)
    given = Answers(given.cells, given.rows, explanations={"2[k1]": "因为扩建而增加", "1": "短"})
    found = made.evaluate(given, context()).findings
    assert [(f.key, f.cls, f.table, f.cells[0], f.open) for f in found] == [
        ("of-b", CheckClass.MANDATORY, "1-1", "b", False),
        ("1", CheckClass.VERIFY, "1-1", "a", True),
        ("of-show.y[k1]", CheckClass.MANDATORY, "1-2", "show[k1].y", False),
        ("2[k1]", CheckClass.VERIFY, "1-2", "show[k1].x", False),
    ]


def test_last_year_is_calculated_too() -> None:
    q = questionnaire(list_table("1-1", "one", "a: int; na=yes\nb: int; na=yes\ns: int; calc=total(a, b)", na=True))
    made = compiled(q, "c 强制性: s <= last.s")
    this = answers(a=3, b=4)
    assert made.coverage(this, context(answers(a=1, b=2)))["c"] == (0, 1, 0)
    assert made.coverage(this, context(answers(a=1)))["c"] == (0, 0, 1)
    assert made.coverage(this, context(answers(a=1, b=2, s=9)))["c"] == (1, 0, 0)  # as it was kept
    assert made.coverage(this, context(answers(na="1-1")))["c"] == (0, 0, 1)


def test_a_long_chain_of_calculated_cells() -> None:
    lines = ["c0: int"] + [f"c{i}: int; calc=total(c{i - 1})" for i in range(1, 2000)]
    q = questionnaire(list_table("1-1", "one", "\n".join(reversed(lines))))
    assert evaluated(q, answers(c0=7)).values["c1999"] == 7


def test_unknown_names_in_answers_are_passed_over() -> None:
    found = evaluated(MONEY, answers({"gone": [{"x": 1}]}, old=3, central=1))
    assert "old" not in found.values
