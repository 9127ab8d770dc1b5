"""How much a waiting report moves the provincial total: its largest share of a figure that adds up."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, FloatField, Sum, Window
from django.db.models.functions import Cast

from guanshu.portal.models import Campaign, IndicatorFact, Province, ReportFact
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.shown import label_of
from guanshu.portal.queries.signs import weighed_cells
from guanshu.survey.definition.model import Cell
from guanshu.survey.workflow.states import State

# A smaller share moves nothing; without this floor every report would bring all its figures.
_FLOOR = 0.02
# The row of a matrix that everything adds up to needs no naming.
_WHOLE = "合计·"


@dataclass(frozen=True, slots=True)
class Effect:
    """The figure of which a report has the largest share: 观众人次, 34 (percent of what the province has by now)."""

    indicator: str
    label: str
    share: float

    @property
    def percent(self) -> str:
        """Return the share as text: 34 %."""
        return f"{100 * self.share:.0f} %"


def effects(campaign: Campaign, province: Province) -> dict[int, Effect]:
    """Return the effect of each report that waits for the province, by the report's key; two statements.

    The total is what the province's museums have submitted so far. Reports that move nothing are left out.
    """
    cells = weighed_cells(campaign.questionnaire_id)
    states = dict(ReportFact.objects.filter(province=province, year=campaign.year).values_list("report", "state"))
    # The reports are given as a list, so that the index by report and indicator is used; with a subquery it is not.
    facts = IndicatorFact.objects.filter(report__in=list(states), indicator__in=list(cells), value__gt=0)
    figure = Cast("value", FloatField())
    total = Window(Sum(figure), partition_by=[F("indicator"), F("scale")])
    heavy = facts.annotate(figure=figure, total=total).filter(figure__gte=F("total") * _FLOOR)
    found: dict[int, tuple[str, float]] = {}
    # In the order of the roles, so that of equal shares the most telling figure is named.
    order = {name: place for place, name in enumerate(cells)}
    listed = heavy.order_by().values_list("report", "indicator", "figure", "total")
    for report, name, value, whole in sorted(listed, key=lambda row: order[row[1]]):
        share = value / whole
        if states[report] == State.SUBMITTED.value and share > found.get(report, ("", 0.0))[1]:
            found[report] = (name, share)
    labels = _labels(campaign.questionnaire_id, cells)
    return {report: Effect(name, labels[name], share) for report, (name, share) in found.items()}


def _labels(form_id: int, cells: Mapping[str, Cell]) -> dict[str, str]:
    tables = form(form_id).compiled.questionnaire.by_number
    return {name: label_of(tables[cell.table], cell).removeprefix(_WHOLE) for name, cell in cells.items()}
