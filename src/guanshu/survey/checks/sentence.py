"""Back end 4: a check as a Chinese sentence, with or without the actual values."""

from guanshu.survey.checks.instances import Instance
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.runtime import Frame
from guanshu.survey.checks.templates import Template
from guanshu.survey.checks.typed import Aggregate, Implied, Place, Ref, Typed, walk
from guanshu.survey.definition.model import Questionnaire, Table


class Sentence:
    """What is said of one application of a check."""

    def __init__(
        self, instance: Instance, table: Table, questionnaire: Questionnaire, layout: Layout, template: Template | None
    ) -> None:
        self._instance = instance
        self._table = table
        self._questionnaire = questionnaire
        self._layout = layout
        self._template = template

    def statement(self, scope: str) -> str:
        return "TODO"

    def message(self, v: Frame, number: int = 0) -> str:
        return "TODO"

    def addresses(self, row_id: str = "") -> tuple[str, ...]:
        """Return the addresses of the cells the check reads, the one to put a finding under first. Raises nothing."""
        own: dict[str, None] = {}
        others: dict[str, None] = {}
        for node in _said_first(self._instance.node):
            if isinstance(node, Aggregate):
                others[f"{node.table.name}.rows"] = None
            elif isinstance(node, Ref) and node.place is Place.ROW and not node.inner:
                own[f"{self._table.name}[{row_id}].{node.cell.name}"] = None
            elif isinstance(node, Ref) and node.place is Place.FORM:
                (own if self._table.by_name.get(node.cell.name) is node.cell else others)[node.cell.name] = None
        return (*own, *others)


def _said_first(node: Typed) -> list[Typed]:
    """Return nodes with what is stated before what it is conditional on."""
    if isinstance(node, Implied):
        return [*_said_first(node.result), *walk(node.condition)]
    return list(walk(node))
