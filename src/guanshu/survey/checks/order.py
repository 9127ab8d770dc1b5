"""The order in which tables, cells and columns are worked out, and cycles among them."""

from collections.abc import Iterable, Mapping

from guanshu.survey.checks import typed
from guanshu.survey.checks.formulas import Formulas, Key, all_cells
from guanshu.survey.checks.place import Located
from guanshu.survey.checks.typed import Aggregate, Place, Ref, Typed
from guanshu.survey.definition.model import Questionnaire, Table
from guanshu.survey.definition.source import Problem


def dependencies(questionnaire: Questionnaire, formulas: Formulas) -> dict[Key, tuple[Key, ...]]:
    """Return what every table, cell and column needs to be worked out first. Raises nothing."""
    needs: dict[Key, tuple[Key, ...]] = {}
    for table in questionnaire.tables:
        key = ("table", table.name, "")
        needs[key] = tuple(_reads(_formulas_of(key, formulas), None))
    for key, table, _ in all_cells(questionnaire):
        inside = table if key[0] == "column" else None
        needs[key] = (("table", table.name, ""), *_reads(_formulas_of(key, formulas, cell=True), inside))
    return needs


def _formulas_of(key: Key, formulas: Formulas, cell: bool = False) -> list[Typed]:
    sources = (formulas.applies, formulas.na, formulas.calc) if cell else (formulas.applies, formulas.na)
    return [source[key] for source in sources if key in source]


def _reads(nodes: Iterable[Typed], row_of: Table | None) -> list[Key]:
    found: dict[Key, None] = {}
    for node in nodes:
        for item, table in _walk(node, row_of):
            if isinstance(item, Aggregate):
                found["table", item.table.name, ""] = None
            elif isinstance(item, Ref) and item.place is Place.FORM:
                found["cell", item.cell.name, ""] = None
            elif isinstance(item, Ref) and item.place is Place.ROW and table is not None:
                found["column", table.name, item.cell.name] = None
    return list(found)


def _walk(node: Typed, table: Table | None) -> Iterable[tuple[Typed, Table | None]]:
    """Yield nodes with the rows table whose row is at hand: an aggregate's for its inner references."""
    yield node, table
    for part in typed.parts(node):
        inside = node.table if isinstance(node, Aggregate) else table
        for item, owner in _walk(part, inside):
            # A plain column name inside an aggregate still means the row outside it.
            is_outer = isinstance(item, Ref) and item.place is Place.ROW and not item.inner
            yield item, table if is_outer else owner


def sort(
    questionnaire: Questionnaire, formulas: Formulas, needs: Mapping[Key, tuple[Key, ...]]
) -> tuple[list[Key], list[Problem]]:
    """Return the keys so that each comes after what it needs, and the cycles as problems. Raises nothing."""
    done: dict[Key, bool] = {}
    order: list[Key] = []
    problems: list[Problem] = []
    for start in needs:
        # An explicit stack: a chain of calculated cells may be longer than Python's.
        stack: list[tuple[Key, int]] = [(start, 0)] if start not in done else []
        while stack:
            key, index = stack.pop()
            done.setdefault(key, False)
            if index < len(needs[key]):
                stack.append((key, index + 1))
                target = needs[key][index]
                if target not in done:
                    stack.append((target, 0))
                elif not done[target]:
                    path = [item for item, _ in stack]
                    problems.append(_cycle(questionnaire, formulas, path[path.index(target) :]))
            else:
                done[key] = True
                order.append(key)
    return order, problems


def _cycle(questionnaire: Questionnaire, formulas: Formulas, path: list[Key]) -> Problem:
    names = [".".join(part for part in key[1:] if part) for key in path]
    source = next((formulas.sources[key] for key in path if key in formulas.sources), None)
    message = f"计算成环：{' → '.join([*names, names[0]])}"
    cure = "去掉其中一个公式或条件里的引用"
    if source is None:
        return Problem(questionnaire.id, 1, 1, message, cure)
    return Located.of(source).problem(0, message, cure)
