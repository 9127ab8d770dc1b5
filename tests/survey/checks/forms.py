"""Tiny questionnaires in a few words: `form("a: int 人", "b: dec2 万元 calc=total(x, y)")`."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from guanshu.survey.checks.compiled import Compiled, Context, compile_questionnaire
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, Line, Param, Questionnaire, Table, TableKind, UnitRules
from guanshu.survey.definition.source import Problem, Source
from guanshu.survey.values.base import Option
from guanshu.survey.values.missing import BLANK, NA
from guanshu.survey.values.types import make_type

CHOICES = {
    "state": (Option("open", "正常开放"), Option("part", "部分开放"), Option("shut", "停止运行")),
    "place": (Option("in", "馆内"), Option("out", "馆外")),
    "shared": (Option("none", "无", exclusive=True), Option("lib", "图书馆"), Option("art", "文化馆")),
    "size": (Option("big", "大型"), Option("small", "小型")),
}
_CONDITIONS = {"required", "applies", "na"}


def cell(text: str, table: str, line: int = 1) -> Cell:
    """`name[标签]: type unit key=formula; key=formula` (conditions yes/no/expression; of=names with spaces)."""
    head, _, rest = text.partition(":")
    name, _, label = head.strip().rstrip("]").partition("[")
    spec, *options = [part.strip() for part in rest.split(";")]
    kind, _, unit = spec.partition(" ")
    values: dict[str, Any] = {}
    for option in options:
        key, _, value = option.partition("=")
        source = Source(value.strip(), f"tables/{table}.csv", line, 20)
        key = key.strip()
        if key == "of":
            values["of"] = tuple(value.split())
        elif key == "must":
            values["must_answer"] = True
        elif key in _CONDITIONS and value.strip() in {"yes", "no"}:
            values[key] = value.strip() == "yes"
        else:
            values[key] = source
    at = Source(text, f"tables/{table}.csv", line, 1)
    return Cell(name, f"{line:02}", label or name, make_type(kind, CHOICES), table, unit.strip(), source=at, **values)


def cells(text: str, table: str) -> tuple[Cell, ...]:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return tuple(cell(line, table, number) for number, line in enumerate(lines, start=2))


def list_table(number: str, name: str, text: str, **more: Any) -> Table:
    return Table(number, name, f"表{number}", "表", TableKind.LIST, cells(text, number), **more)


def rows_table(number: str, name: str, text: str, totals: str = "", **more: Any) -> Table:
    title = more.pop("title", f"表{number}")
    return Table(
        number, name, title, "表", TableKind.ROWS, cells(text, number), limit=9, totals=cells(totals, number), **more
    )


def matrix(
    number: str, name: str, rows: str, columns: str, closed: str = "", changed: Mapping[str, Any] | None = None
) -> Table:
    """Rows `a[在编] b[编外]`, columns `n[人数] female[女]`; every cell is int 人; closed `a.n`."""
    lines = [_lines(rows), _lines(columns)]
    found = []
    for row in lines[0]:
        for column in lines[1]:
            if f"{row.name}.{column.name}" in closed.split():
                continue
            full = f"{name}_{row.name}__{column.name}"
            made = replace(cell(f"{full}: int 人", number), row=row.name, column=column.name, label=column.label)
            found.append(replace(made, **(changed or {}).get(f"{row.name}.{column.name}", {})))
    return Table(number, name, f"表{number}", "表", TableKind.MATRIX, tuple(found), rows=lines[0], columns=lines[1])


def _lines(text: str) -> tuple[Line, ...]:
    parts = [word.rstrip("]").partition("[") for word in text.split()]
    return tuple(Line(name, f"{index:02}", label or name) for index, (name, _, label) in enumerate(parts, start=1))


def calc(text: str, scope: str = "") -> dict[str, Any]:
    return {"calc": Source(text, "tables/m.cells.csv", 2, 5), "calc_scope": scope}


def questionnaire(
    *tables: Table, params: Mapping[str, Any] | None = None, kin: str = "", alias: str = ""
) -> Questionnaire:
    made = {
        name: Param(name, f"参数{name}", value if isinstance(value, bool) else Decimal(str(value[0])),
                    "" if isinstance(value, bool) else value[1])
        for name, value in (params or {}).items()
    }  # fmt: skip
    pairs = frozenset(frozenset(pair.split("~")) for pair in kin.split())
    aliases = dict(pair.split("=") for pair in alias.split())
    return Questionnaire("q", "题", 2022, "馆", tables, CHOICES, {}, made, UnitRules(aliases, pairs), {})


def compiled(q: Questionnaire, rules: str | Mapping[str, str] = "") -> Compiled:
    """Compile; there must be no problem. `rules` belong to the first table unless a mapping is given."""
    made, problems = _compile(q, rules)
    assert problems == [], [str(problem) for problem in problems]
    return made


def problems(q: Questionnaire, rules: str | Mapping[str, str] = "") -> list[Problem]:
    return _compile(q, rules)[1]


def _compile(q: Questionnaire, rules: str | Mapping[str, str]) -> tuple[Compiled, list[Problem]]:
    files = {f"checks/{q.tables[0].number}.rules": rules} if isinstance(rules, str) else rules
    return compile_questionnaire(q, files)


def answers(rows: Mapping[str, Any] | None = None, none: str = "", na: str = "", **values: Any) -> Answers:
    """Numbers become Decimals; rows: {"show": [{"cost": 1}, …]} get the ids k1, k2, …"""
    made = {
        table: tuple(Row(f"k{number}", _values(row)) for number, row in enumerate(found, start=1))
        for table, found in (rows or {}).items()
    }
    return Answers(_values(values), made, frozenset(none.split()), frozenset(na.split()))


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value(found) for name, found in values.items()}


def value(found: Any) -> Any:
    if isinstance(found, bool) or found is BLANK or found is NA:
        return found
    return Decimal(str(found)) if isinstance(found, int | float | Decimal) else found


def context(last: Answers | None = None, **params: Any) -> Context:
    return Context(2022, {name: value(found) for name, found in params.items()}, last)


def verdict(c: Compiled, check: str, given: Answers, around: Context | None = None) -> bool | None:
    """Return the verdict of a check with one scope."""
    true, false, unknown = c.coverage(given, around or context())[check]
    assert true + false + unknown == 1
    return None if unknown else bool(true)
