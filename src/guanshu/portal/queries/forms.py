"""Published questionnaires, compiled once per process."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guanshu.portal.models import QuestionnaireVersion
from guanshu.survey.checks.compiled import Compiled
from guanshu.survey.definition.address import Address, parse_address
from guanshu.survey.definition.model import Cell, Table, TableKind
from guanshu.survey.loading import load, unpack
from guanshu.survey.values.base import Kind


@dataclass(frozen=True)
class Form:
    """A compiled questionnaire with what the portal looks up in it.

    personal: names of the encrypted cells (or columns) by table number; check_tables: the table of each check;
    register: the cells that the register fills, by cell name the field of the respondent's record.
    """

    version_id: int
    compiled: Compiled
    personal: Mapping[str, frozenset[str]]
    check_tables: Mapping[str, str]
    register: Mapping[str, str]

    @cached_property
    def owners(self) -> Mapping[str, Table]:
        """Return the table of every form-level cell, and of every rows table by its name."""
        tables = self.compiled.questionnaire.tables
        found = {cell.name: table for table in tables for cell in table.form_cells}
        return found | {table.name: table for table in tables if table.kind is TableKind.ROWS}

    @cached_property
    def files(self) -> tuple[Cell, ...]:
        """Return the cells that take a file, in the order of the form."""
        return tuple(cell for cell in self.compiled.questionnaire.cells.values() if cell.type.kind is Kind.FILE)

    def address(self, text: str) -> Address:
        """Return the address written as `text`. Raises UnknownAddress."""
        return parse_address(self.compiled.questionnaire, text, self.check_tables)

    def table_of(self, address: str) -> str:
        """Return the number of the table an address belongs to. Raises UnknownAddress."""
        return self.address(address).table


@lru_cache(maxsize=8)
def form(version_id: int) -> Form:
    """Return a published questionnaire; a row of QuestionnaireVersion never changes, so it is read once a process.

    Raises QuestionnaireVersion.DoesNotExist.
    """
    archive = QuestionnaireVersion.objects.values_list("archive", flat=True).get(pk=version_id)
    return _compile(version_id, bytes(archive))


@lru_cache(maxsize=8)
def _compile(version_id: int, archive: bytes) -> Form:
    found = load(unpack(archive))
    # It stays as long as the process: the collector need not walk its hundred thousand objects at every round.
    gc.collect()
    gc.freeze()
    tables, cells = found.questionnaire.tables, found.questionnaire.cells.values()
    personal = {t.number: frozenset(c.name for c in (*t.cells, *t.totals) if c.personal) for t in tables}
    return Form(
        version_id=version_id,
        compiled=found,
        personal={number: names for number, names in personal.items() if names},
        check_tables={check.id: check.table for check in found.checks},
        register={cell.name: cell.prefill.field for cell in cells if cell.prefill and from_register(cell)},
    )


def compiled(version_id: int) -> Compiled:
    """Return the compiled questionnaire of a version. Raises QuestionnaireVersion.DoesNotExist."""
    return form(version_id).compiled


def from_register(cell: Cell) -> bool:
    """Return whether the register gives this cell's value; nobody types it and it is never stored with the answers."""
    return cell.prefill is not None and cell.prefill.source == "register"
