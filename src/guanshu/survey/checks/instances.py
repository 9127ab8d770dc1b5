"""A check applied to one row, column or cell: its scopes, typed trees and problems."""

from collections.abc import Iterator
from dataclasses import dataclass

from guanshu.survey.checks import parser, tree
from guanshu.survey.checks.infer import Inference
from guanshu.survey.checks.names import FORM, Closed, Names, Scope
from guanshu.survey.checks.place import Mistake
from guanshu.survey.checks.rulesfile import Rule
from guanshu.survey.checks.suggest import did_you_mean
from guanshu.survey.checks.typed import Ref, Typed
from guanshu.survey.definition.model import Cell, Table, TableKind
from guanshu.survey.definition.source import Problem
from guanshu.survey.values.base import Kind


@dataclass(frozen=True, slots=True)
class Instance:
    """One application: `key` is the row's, column's or cell's name ("" for the form and for rows tables).

    `label` is what people call it. For a rows table there is one instance for all rows.
    """

    key: str
    label: str
    scope: Scope
    node: Typed


def instances_of(rule: Rule, table: Table, names: Names, problems: list[Problem]) -> list[Instance]:
    """Return the applications of a check; mistakes are added to `problems`. Raises nothing."""
    try:
        node = parser.parse(rule.expression.text)
    except Mistake as mistake:
        problems.append(rule.expression.problem(mistake.offset, mistake.message, mistake.cure))
        return []
    try:
        scopes = list(_scopes(rule, table, names))
    except Mistake as mistake:
        problems.append(rule.head.problem(mistake.offset, mistake.message, mistake.cure))
        return []
    return _typed(rule, node, scopes, names, problems)


def _typed(
    rule: Rule, node: tree.Node, scopes: list[tuple[str, str, Scope]], names: Names, problems: list[Problem]
) -> list[Instance]:
    found: list[Instance] = []
    seen: dict[Problem, None] = {}
    closed: list[Mistake] = []
    for key, label, scope in scopes:
        inference = Inference(names, scope)
        result = inference.verdict(node)
        missing = [item for item in inference.mistakes if isinstance(item, Closed)]
        # A check for every row passes over rows where one of its cells is closed; a named row must have them all.
        if missing and not rule.names and rule.scope in {"每行", "每列"}:
            closed += missing
            continue
        for item in inference.mistakes:
            seen[rule.expression.problem(item.offset, item.message, item.cure)] = None
        if not inference.mistakes:
            found.append(Instance(key, label, scope, result))
    if not found and not seen:
        offset, message, cure = (closed[0].offset, closed[0].message, closed[0].cure) if closed else _nothing()
        seen[rule.expression.problem(offset, message, cure)] = None
    problems.extend(seen)
    return found


def _nothing() -> tuple[int, str, str]:
    return 0, "范围里没有可审核的单元格", "检查范围"


def _scopes(rule: Rule, table: Table, names: Names) -> Iterator[tuple[str, str, Scope]]:
    match rule.scope:
        case "每行" if table.kind is TableKind.ROWS:
            if rule.names:
                raise Mistake(rule.names[0][1], "逐行填报的表的行没有名称", "去掉方括号，用 if … then … 选择行")
            yield "", "", Scope(table)
        case "每行" | "每列":
            yield from _lines(rule, table)
        case "每项":
            for cell in _items(rule, table, names):
                yield cell.name, "", Scope(item=cell)
        case _:
            yield "", "", FORM


def _lines(rule: Rule, table: Table) -> Iterator[tuple[str, str, Scope]]:
    if table.kind is not TableKind.MATRIX:
        raise Mistake(rule.head.text.index(rule.scope), f"表 {table.number} 没有固定的行和栏", "去掉范围，或改用 每项")
    by_column = rule.scope == "每列"
    lines = {line.name: line.label for line in (table.columns if by_column else table.rows)}
    for word, offset in rule.names:
        if word not in lines:
            labels = {label: name for name, label in lines.items()}
            what = "栏" if by_column else "行"
            cure = did_you_mean(word, lines, labels, f"可用：{'、'.join(list(lines)[:12])}")
            raise Mistake(offset, f"表 {table.number} 没有名为“{word}”的{what}", cure)
    chosen = [word for word, _ in rule.names] or list(lines)
    for word in chosen:
        yield word, lines[word], Scope(table, word, by_column)


def _items(rule: Rule, table: Table, names: Names) -> list[Cell]:
    if not rule.names:
        return [cell for cell in table.form_cells if cell.typed and cell.type.kind is Kind.NUMBER]
    found: list[Cell] = []
    for text, offset in rule.names:
        try:
            found.extend(_named_cells(text, names))
        except Mistake as mistake:
            raise Mistake(offset + mistake.offset, mistake.message, mistake.cure) from mistake
    return found


def _named_cells(text: str, names: Names) -> list[Cell]:
    """Return the cells an item of 每项 names: one, or those of `table[*, column]`."""
    node = parser.parse(text)
    if not isinstance(node, tree.Name) or node.path[0] in {"last", "param"}:
        raise Mistake(0, f"“{text}”不是指标的名称", "写上本年指标的名称")
    if node.crossing and "*" in node.crossing:
        return [ref.cell for ref in names.star(node)]
    ref = names.resolve(node, FORM, None)
    if not isinstance(ref, Ref):
        raise Mistake(0, f"“{text}”不是指标的名称", "写上本年指标的名称")
    return [ref.cell]
