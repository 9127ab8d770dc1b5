"""`[lists.*]` of questionnaire.toml: which rows tables, and which of their columns, the system needs to know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from guanshu.survey.definition.model import ListRoles, Table, TableKind
from guanshu.survey.definition.source import Source
from guanshu.survey.loading.problems import Problems, suggest
from guanshu.survey.values.base import Kind

_TEXT, _NUMBER = frozenset({Kind.TEXT}), frozenset({Kind.NUMBER})
_CHOICE, _BOOL = frozenset({Kind.CHOICE, Kind.TEXT}), frozenset({Kind.BOOL})
_WHEN = frozenset({Kind.MONTH, Kind.DATE, Kind.TEXT})
_PLACE = {"name": _TEXT, "level": _CHOICE, "supervisor": _TEXT, "building_area": _NUMBER, "hall_area": _NUMBER}
# The lists the system knows, each with the columns it may read or propose and the kinds these may have.
LISTS: Mapping[str, Mapping[str, frozenset[Kind]]] = {
    "free": {"name": _TEXT, "amount": _NUMBER, "is_new": _BOOL},
    "planned": {**_PLACE, "opened": _WHEN, "exhibits_asset": _NUMBER, "expected": _WHEN},
    "construction": {**_PLACE, "stage": _CHOICE, "expected": _WHEN},
    "conversion": {**_PLACE, "original": _TEXT, "approval": _TEXT, "expected": _WHEN},
    "goals": dict.fromkeys(
        ("indicator1", "indicator2", "indicator3", "target", "actual", "deviation", "reason"), _TEXT
    ),
}


@dataclass(frozen=True, slots=True)
class RawList:
    """One section as written, not yet looked up: the table's name and the columns by role, each with its place."""

    table: Source
    columns: Mapping[str, Source] = field(default_factory=dict)


def resolve_lists(
    raw: Mapping[str, RawList], tables: Mapping[str, Table], broken: Collection[str], out: Problems
) -> dict[str, ListRoles]:
    """Return the lists whose tables exist; columns that do not fit are noted and left out."""
    found = {}
    for name, section in raw.items():
        table = tables.get(section.table.text)
        if table is None or table.kind is not TableKind.ROWS:
            known = [each.name for each in tables.values() if each.kind is TableKind.ROWS]
            cure = suggest(section.table.text, known, "改为 tables.csv 中一张 rows 表的 name")
            out.add(section.table, f"名单「{name}」指向的 rows 表「{section.table.text}」不存在", cure)
            continue
        for role, at in section.columns.items():
            _note_misfit(f"名单「{name}」的「{role}」", LISTS[name][role], at, table, broken=broken, out=out)
        fitting = {each.name for each in table.cells}
        columns = {role: at.text for role, at in section.columns.items() if at.text in fitting}
        found[name] = ListRoles(table.name, columns)
    return found


def _note_misfit(
    what: str, kinds: frozenset[Kind], at: Source, table: Table, *, broken: Collection[str], out: Problems
) -> None:
    cell = next((one for one in table.cells if one.name == at.text), None)
    if cell is not None:
        if cell.type.kind not in kinds:
            out.add(at, f"{what}指向的列「{at.text}」类型不合", "改指另一列，或改正那一列的类型")
    elif at.text not in broken:
        known = [one.name for one in table.cells]
        out.add(at, f"{what}指向的列「{at.text}」不存在", suggest(at.text, known, "改为该表的列名"))
