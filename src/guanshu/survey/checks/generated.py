"""Checks generated from `of`: every declared part is at most its whole."""

from collections.abc import Iterator

from guanshu.survey.checks import tree, typed
from guanshu.survey.checks.findings import CheckClass
from guanshu.survey.checks.formulas import all_cells
from guanshu.survey.checks.infer import Inference
from guanshu.survey.checks.instances import Instance
from guanshu.survey.checks.names import FORM, Names, Scope
from guanshu.survey.checks.place import Mistake
from guanshu.survey.checks.suggest import did_you_mean
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.definition.source import Problem, Source

CLASS = CheckClass.MANDATORY


def generated(names: Names, problems: list[Problem]) -> Iterator[tuple[str, Table, str, Source, Instance]]:
    """Yield (id, table, expression text, source, instance) for every part; mistakes are added to `problems`."""
    for key, table, cell in all_cells(names.questionnaire):
        is_column = key[0] == "column"
        base = f"of-{table.name}.{cell.name}" if is_column else f"of-{cell.name}"
        scope = Scope(table) if is_column else FORM
        for whole in cell.of:
            check_id = base if len(cell.of) == 1 else f"{base}-{whole}"
            source = cell.source or Source("", f"tables/{table.number}.csv", 1, 1)
            comparison = tree.Compare("<=", tree.Name((cell.name,)), tree.Name((whole,)))
            inference = Inference(names, scope)
            node = inference.verdict(comparison)
            problems.extend(_problem(source, cell, whole, mistake, names) for mistake in inference.mistakes)
            if not inference.mistakes and isinstance(node, typed.Compared):
                yield check_id, table, tree.to_text(comparison), source, Instance("", "", scope, node)


def _problem(source: Source, cell: Cell, whole: str, mistake: Mistake, names: Names) -> Problem:
    message = f"“{cell.label}”是 {whole} 的其中项：{mistake.message}"
    cure = mistake.cure
    if whole not in names.questionnaire.cells:
        cure = did_you_mean(whole, names.questionnaire.cells, names.labels, mistake.cure)
    return Problem(source.file, source.line, source.column, message, cure)
