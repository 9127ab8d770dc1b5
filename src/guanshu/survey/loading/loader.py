"""From a folder to a compiled questionnaire, or to everything that is wrong with it."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.definition.source import Problem
from guanshu.survey.loading.cells import Draft, Link, read_cells
from guanshu.survey.loading.decode import decode
from guanshu.survey.loading.listroles import resolve_lists
from guanshu.survey.loading.lists import CHOICES, TABLES, TableHead, read_choices, read_table_heads
from guanshu.survey.loading.matrix import read_matrix
from guanshu.survey.loading.problems import Problems, QuestionnaireError, suggest, top_of
from guanshu.survey.loading.settings import FILE, read_settings, resolve_roles

if TYPE_CHECKING:
    from guanshu.survey.checks.compiled import Compiled

# Files about the questionnaire that are no part of it.
_NOTES = re.compile(r"(?:[^/]+/)*[^/]+\.(?:md|txt)")
_ENDINGS: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.LIST: (".csv",),
    TableKind.MATRIX: (".rows.csv", ".columns.csv"),
    TableKind.ROWS: (".csv",),
}
_OPTIONAL: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.LIST: (),
    TableKind.MATRIX: (".cells.csv",),
    TableKind.ROWS: (".totals.csv",),
}


def load(files: Mapping[str, bytes]) -> "Compiled":
    """Return the compiled questionnaire of a folder. Raises QuestionnaireError with every mistake found."""
    # Imported here so that reading definitions does not need the check language.
    from guanshu.survey.checks.compiled import compile_questionnaire

    out = Problems()
    questionnaire, broken = _read(files, out)
    texts = {name: decode(name, data, out) for name, data in files.items() if name.endswith(".rules")}
    rules = {name: text for name, text in texts.items() if text is not None}
    compiled, found = compile_questionnaire(questionnaire, rules)
    # One mistake, one message: what is said about a place or a cell already named as wrong is a consequence.
    places = {(problem.file, problem.line, problem.column) for problem in out.sorted()}
    fresh = (problem for problem in found if (problem.file, problem.line, problem.column) not in places)
    out.extend(problem for problem in fresh if not _mentions(problem, broken))
    problems = out.sorted()
    if problems:
        raise QuestionnaireError(tuple(problems))
    return compiled


def load_definition(files: Mapping[str, bytes]) -> tuple[Questionnaire | None, list[Problem]]:
    """Return the definition without its formulas and checks, and what is wrong with it; None if anything is."""
    out = Problems()
    questionnaire, _ = _read(files, out)
    problems = out.sorted()
    return (None if problems else questionnaire), problems


def _mentions(problem: Problem, names: Iterable[str]) -> bool:
    """Return whether a problem speaks of a cell whose own line is broken: then it is only a consequence."""
    words = set(re.findall(r"[a-z][a-z0-9_]*", problem.message))
    return not words.isdisjoint(names)


def _read(files: Mapping[str, bytes], out: Problems) -> tuple[Questionnaire, set[str]]:
    """Return as much of the questionnaire as can be read, and the names of broken cells."""
    settings = read_settings(files, out)
    heads = read_table_heads(files, settings.heading, out)
    draft = Draft(out, read_choices(files, out))
    tables = tuple(_read_table(draft, files, head) for head in heads)
    _check_files(files, heads, out)
    _check_table_names(draft, heads)
    cells = {cell.name: cell for table in tables for cell in table.form_cells}
    _check_links(draft, cells, {table.number: table for table in tables})
    tables = tuple(_without_dangling(table, cells) for table in tables)
    questionnaire = Questionnaire(
        id=settings.id,
        title=settings.title,
        year=settings.year,
        organisation=settings.organisation,
        tables=tables,
        choices=draft.choices,
        roles=resolve_roles(settings.roles, cells, draft.broken, out),
        params=settings.params,
        units=settings.units,
        lists=resolve_lists(settings.lists, {table.name: table for table in tables}, draft.broken, out),
        heading=settings.heading,
    )
    return questionnaire, draft.broken


def _read_table(draft: Draft, files: Mapping[str, bytes], head: TableHead) -> Table:
    table = Table(
        number=head.number,
        name=head.name,
        title=head.title,
        group=head.group,
        kind=head.kind,
        cells=(),
        applies=head.applies,
        na=head.na,
        limit=head.limit,
        note=head.note,
        heading=head.heading,
    )
    return _with_cells(draft, files, table)


def _with_cells(draft: Draft, files: Mapping[str, bytes], table: Table) -> Table:
    """Return the table with the cells its files define; a missing file is noted elsewhere."""
    if table.kind is TableKind.MATRIX:
        matrix = read_matrix(draft, files, table.number, table.name)
        return replace(table, rows=matrix.rows, columns=matrix.columns, cells=matrix.cells)
    file, totals = f"tables/{table.number}.csv", f"tables/{table.number}.totals.csv"
    is_rows = table.kind is TableKind.ROWS
    cells = read_cells(draft, file, files[file], table.number, columns_of_rows=is_rows) if file in files else ()
    if not is_rows or totals not in files:
        return replace(table, cells=cells)
    return replace(table, cells=cells, totals=read_cells(draft, totals, files[totals], table.number))


def _check_files(files: Mapping[str, bytes], heads: Sequence[TableHead], out: Problems) -> None:
    """Note files that are missing and files that belong to nothing."""
    expected = {FILE, TABLES, CHOICES}
    for head in heads:
        expected |= {f"checks/{head.number}.rules"}
        expected |= {f"tables/{head.number}{ending}" for ending in (*_ENDINGS[head.kind], *_OPTIONAL[head.kind])}
        for ending in _ENDINGS[head.kind]:
            if f"tables/{head.number}{ending}" not in files:
                cure = f"加上此文件，或改正表 {head.number} 的表号或种类"
                out.add(head.at, f"缺少文件 tables/{head.number}{ending}", cure)
    for name in files:
        if name not in expected and not _NOTES.fullmatch(name):
            cure = suggest(name, expected - set(files), "在 tables.csv 中加上它所属的表") + "；不需要就删去此文件"
            out.add(top_of(name), f"文件 {name} 不属于任何一张表", cure)


def _check_table_names(draft: Draft, heads: Sequence[TableHead]) -> None:
    """Note tables that share their name with a cell: `staff[…]` and `staff` must not mean two things."""
    for head in heads:
        taken = draft.names.get(head.name)
        if taken is not None:
            draft.out.add(taken, f"名称「{head.name}」与表 {head.number} 的表名相同", "改成另一个名称")


def _check_links(draft: Draft, cells: Mapping[str, Cell], tables: Mapping[str, Table]) -> None:
    """Note wholes (`of`) that do not exist or are the part itself."""
    for link in draft.links:
        known = _known(link, cells, tables)
        if link.name == link.owner:
            draft.out.add(link.at, f"of 指向了自己「{link.name}」", "of 写它所属的整体")
        elif link.name not in known:
            cure = suggest(link.name, known, "of 写已有指标的名称，几个之间用空格隔开")
            draft.out.add(link.at, f"of 指向的「{link.name}」不存在", cure)


def _without_dangling(table: Table, cells: Mapping[str, Cell]) -> Table:
    """Return the table without wholes that do not exist; they have been noted."""

    def keep(cell: Cell, known: Container[str]) -> Cell:
        return replace(cell, of=tuple(whole for whole in cell.of if whole in known and whole != cell.name))

    own = {cell.name for cell in table.cells} if table.kind is TableKind.ROWS else cells
    kept = tuple(keep(cell, own) for cell in table.cells)
    return replace(table, cells=kept, totals=tuple(keep(cell, cells) for cell in table.totals))


def _known(link: Link, cells: Mapping[str, Cell], tables: Mapping[str, Table]) -> Iterable[str]:
    return {cell.name for cell in tables[link.table].cells} if link.table else cells.keys()
