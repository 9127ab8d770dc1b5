"""How much a waiting report moves the provincial total: its largest share of a figure that adds up."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import FloatField, Q, Sum
from django.db.models.functions import Cast

from guanshu.portal.models import Campaign, IndicatorFact, Province, ReportFact
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.shown import label_of
from guanshu.portal.queries.signs import weighed_cells
from guanshu.survey.definition.model import Cell
from guanshu.survey.workflow.states import State

# A smaller share moves nothing; without this floor every report would bring all its figures.
_FLOOR = 0.02


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
    own = ReportFact.objects.filter(province=province, year=campaign.year)
    facts = IndicatorFact.objects.filter(year=campaign.year, indicator__in=list(cells), report__fact__in=own)
    totals = facts.values_list("indicator", "scale").annotate(total=Sum(Cast("value", FloatField())))
    wanted = {(indicator, scale): total for indicator, scale, total in totals.order_by() if total > 0}
    if not wanted:
        return {}
    heavy = reduce(
        or_,
        (Q(indicator=name, scale=scale, value__gte=int(total * _FLOOR)) for (name, scale), total in wanted.items()),
    )
    waiting = own.filter(state=State.SUBMITTED.value)
    rows = IndicatorFact.objects.filter(heavy, year=campaign.year, report__fact__in=waiting)
    found: dict[int, tuple[str, float]] = {}
    # In the order of the roles, so that of equal shares the most telling figure is named.
    order = {name: place for place, name in enumerate(cells)}
    listed = rows.values_list("report", "indicator", "scale", "value").order_by()
    for report, name, scale, value in sorted(listed, key=lambda row: order[row[1]]):
        share = value / wanted[name, scale]
        if share > found.get(report, ("", 0.0))[1]:
            found[report] = (name, share)
    labels = _labels(campaign.questionnaire_id, cells)
    return {report: Effect(name, labels[name], share) for report, (name, share) in found.items()}


def _labels(form_id: int, cells: Mapping[str, Cell]) -> dict[str, str]:
    tables = form(form_id).compiled.questionnaire.by_number
    return {name: label_of(tables[cell.table], cell) for name, cell in cells.items()}
