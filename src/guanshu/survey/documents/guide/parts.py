"""What is asked of every part of a whole (其中项), in words: in a matrix said once for all rows or columns."""

from collections.abc import Iterable

from guanshu.survey.checks.compiled import Check
from guanshu.survey.checks.labels import PART
from guanshu.survey.checks.sentence import Sentence
from guanshu.survey.checks.typed import Ref, walk
from guanshu.survey.definition.model import Cell, Table


def parts_in_words(table: Table, checks: Iterable[Check]) -> str:
    """Return what a table's generated checks ask for, without a full stop; "" when there are none.

    「每行：女 应不大于 人数；每列（人数、女）：在编 应不大于 合计」. Raises nothing.
    """
    # By direction and words: the rows or columns it holds in, one sentence of them, and the words in full.
    said: dict[tuple[str, str], list[tuple[str, Sentence, str]]] = {}
    for check in checks:
        sentence = check.bound[0].sentence
        scope, line = _line(sentence)
        whole = check.sentence().replace(PART, "", 1).removesuffix("。")
        key = (scope, sentence.in_line(line)) if line else ("", whole)
        said.setdefault(key, []).append((line, sentence, whole))
    # What holds in the same rows or columns stands together.
    groups: dict[str, list[str]] = {}
    for (scope, text), found in said.items():
        heading = _heading(table, scope, [line for line, _, _ in found], found[0][1])
        # One crossing alone is named in full.
        groups.setdefault(heading, []).append(text if heading else found[0][2])
    parts = (heading + ("，" if heading else "；").join(texts) for heading, texts in groups.items())
    return "；".join(parts)


def _line(sentence: Sentence) -> tuple[str, str]:
    """Return in which direction a part and its whole lie, and the name of the row or column they share."""
    cells: list[Cell] = [node.cell for node in walk(sentence.instance.node) if isinstance(node, Ref)]
    for scope, lines in (("每行", {cell.row for cell in cells}), ("每列", {cell.column for cell in cells})):
        if len(lines) == 1 and lines != {""}:
            return scope, lines.pop()
    return "", ""


def _heading(table: Table, scope: str, lines: list[str], sentence: Sentence) -> str:
    if not scope or len(lines) == 1:
        return ""
    everywhere = len(lines) == len(table.rows if scope == "每行" else table.columns)
    return f"{scope}{'' if everywhere else sentence.heading(tuple(lines))}："
