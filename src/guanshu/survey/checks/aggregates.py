"""Typing of functions that go through the rows of a rows table."""

from typing import TYPE_CHECKING

from guanshu.survey.checks import tree, typed
from guanshu.survey.checks.place import Mistake
from guanshu.survey.checks.typed import VERDICT, Type, Typed
from guanshu.survey.definition.model import Table, TableKind
from guanshu.survey.values.base import Kind

if TYPE_CHECKING:
    from guanshu.survey.checks.infer import Inference


def table_of(inference: "Inference", node: tree.Call) -> Table | None:
    """Return the rows table whose rows a call goes through, if any.

    This function will raise Mistake where a call names two tables.
    """
    found: dict[str, Table] = {}
    pending = list(node.args)
    while pending:
        item = pending.pop()
        # An aggregate inside min(a, sum(t.x)) goes through its rows itself.
        if not (isinstance(item, tree.Call) and item.function in {"sum", "count", "all", "any"}):
            pending.extend(tree.children(item))
        if isinstance(item, tree.Name) and item.crossing is None and len(item.path) == 2:
            table = inference.names.questionnaire.by_name.get(item.path[0])
            if table is not None and table.kind is TableKind.ROWS:
                found[table.name] = table
    if len(found) > 1:
        raise Mistake(node.offset, f"{node.function} 里有两张表：{'、'.join(found)}", "一次只能用一张表")
    return next(iter(found.values()), None)


def build(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    """Return the typed call of sum, count, all, any, min or max over rows. This function will raise Mistake."""
    if inference.inner is not None:
        raise Mistake(node.offset, f"{node.function} 不能放在另一个逐行的函数里", "把里面的一层写成计算栏")
    first = node.args[0]
    if node.function == "count" and isinstance(first, tree.Name) and len(first.path) == 1 and not first.crossing:
        table = inference.names.rows_table(first.path[0], first.offset)
        return typed.Aggregate("count", table, None, None, Type(Kind.NUMBER))
    found = table_of(inference, node)
    if found is None:
        cure = "form 里的指标相加用 total(a, b)" if node.function == "sum" else "写上 表名.栏名，例如 temporary.cost"
        raise Mistake(node.offset, f"{node.function} 里没有逐行填报的表的栏", cure.replace("form 里的", "表中的"))
    inference.inner = found
    try:
        return _typed(inference, node, found)
    finally:
        inference.inner = None


def _typed(inference: "Inference", node: tree.Call, table: Table) -> Typed:
    function, args = node.function, node.args
    if function in {"all", "any"}:
        return typed.Aggregate(function, table, inference.verdict(args[0]), None, VERDICT)
    if function == "count":
        return typed.Aggregate("count", table, None, inference.verdict(args[0]), Type(Kind.NUMBER))
    if len(args) > 2:
        raise Mistake(node.offset, f"{function} 的参数太多", f"写成 {function}(表.栏) 或 {function}(表.栏, 条件)")
    body = inference.infer(args[0])
    if function == "sum" or body.type.kind is not Kind.DATE:
        inference.need(body, Kind.NUMBER, args[0])
    where = inference.verdict(args[1]) if len(args) == 2 else None
    return typed.Aggregate(function, table, body, where, body.type)
