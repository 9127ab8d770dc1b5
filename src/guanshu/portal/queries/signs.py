"""What the queue says of a submitted report: worked out once, when it is submitted, and kept with its facts.

A submitted version never changes, so neither does what is said of it; working it out for 300 reports at every look at
the queue would mean to read 300 snapshots.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from guanshu.portal import crypto
from guanshu.portal.models import Report, ReportFact, ReportLook, ReportVersion, Role
from guanshu.portal.queries.comparison import changes_between
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.frozen import FrozenReport, current_versions, frozen
from guanshu.portal.queries.last_year import last_answers
from guanshu.survey.checks.explanations import Fault, Thin, thin_explanations
from guanshu.survey.checks.findings import CheckClass
from guanshu.survey.definition.model import Cell
from guanshu.survey.values.base import Kind

# Roles whose figures add up to a total of the province, and those that are only worth comparing with last year.
_ADDED = (
    "visits", "free_visits", "edu_people", "income", "subsidy_received", "subsidy_spent", "subsidy_allocated",
    "exhibits_asset", "building_area", "hall_area", "permanent_hall_area",
)  # fmt: skip
_COMPARED = ("open_days", "free_days", "subsidy_rate")
_TAG = "subsidy"
_RATES = frozenset({"%", "‰"})
_TENTH = Decimal("0.1")


def weighed_cells(form_id: int) -> Mapping[str, Cell]:
    """Return the cells whose share of the provincial total is worth telling, by name, the most telling first.

    By role, and what the form tags as about the subsidy; parts (of a list or of a matrix) weigh no more than their
    whole, and rates add up to nothing.
    """
    questionnaire = form(form_id).compiled.questionnaire
    by_role = [questionnaire.cells.get(questionnaire.roles.get(role, "")) for role in _ADDED]
    tagged = [
        cell for cell in questionnaire.cells.values() if _TAG in cell.tags and not (cell.of or cell.indent or cell.row)
    ]
    found = (cell for cell in (*by_role, *tagged) if cell is not None)
    return {cell.name: cell for cell in found if cell.type.kind is Kind.NUMBER and cell.unit not in _RATES}


def key_cells(form_id: int) -> Mapping[str, Cell]:
    """Return the cells that are shown beside last year's when there is no room for all of them, by name."""
    questionnaire = form(form_id).compiled.questionnaire
    found = (questionnaire.cells.get(questionnaire.roles.get(role, "")) for role in (*_ADDED, *_COMPARED))
    return {cell.name: cell for cell in found if cell is not None and cell.type.kind is Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure and last year's; None where there is no number."""

    name: str
    now: Decimal | None
    last: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """Return the change in percent of last year's; None where that makes no sense."""
        if self.now is None or not self.last:
            return None
        return ((self.now - self.last) * 100 / abs(self.last)).quantize(_TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Signs:
    """asked: its 核实性 findings; thin: those explained thinly; since: the version the province had looked at when this
    one was submitted, changed: how many cells differ from it."""

    asked: int = 0
    thin: tuple[Thin, ...] = ()
    figures: tuple[KeyFigure, ...] = ()
    since: int | None = None
    changed: int = 0

    @property
    def moved(self) -> KeyFigure | None:
        """Return the figure that moved most since last year."""
        compared = [(abs(figure.percent), figure) for figure in self.figures if figure.percent is not None]
        return max(compared, key=lambda pair: pair[0])[1] if compared else None

    def write(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return {
            "asked": self.asked,
            "thin": [[each.key, each.fault.value] for each in self.thin],
            "figures": [[each.name, _text(each.now), _text(each.last)] for each in self.figures],
            "since": self.since,
            "changed": self.changed,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Signs":
        """Return what `write` wrote."""
        return cls(
            asked=kept["asked"],
            thin=tuple(Thin(key, Fault(fault)) for key, fault in kept["thin"]),
            figures=tuple(KeyFigure(name, _number(now), _number(last)) for name, now, last in kept["figures"]),
            since=kept["since"],
            changed=kept["changed"],
        )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def signs_of(report: Report) -> Signs:
    """Return what there is to say of the version a report stands on; `report` is from access.reports()."""
    version = ReportVersion.objects.get(report=report, number=report.version)
    told = frozen(report, version)
    found = form(report.questionnaire_id)
    last = last_answers(report, found)
    looked = looked_before(report, Role.PROVINCE.value)
    changed = 0
    if looked is not None:
        try:
            changed = len(changes_between(looked, version))
        except crypto.Undecipherable:
            # verify-audit tells of it; a submission is not the place to fail over an older version.
            looked = None
    signs = _signs(told, last.cells if last is not None else {})
    return Signs(signs.asked, signs.thin, signs.figures, looked.number if looked else None, changed)


def _signs(told: FrozenReport, last: Mapping[str, object]) -> Signs:
    cells = key_cells(told.report.questionnaire_id)
    figures = (KeyFigure(name, _decimal(told.values.get(name)), _decimal(last.get(name))) for name in cells)
    return Signs(
        asked=sum(finding.cls is CheckClass.VERIFY for finding in told.findings),
        thin=thin_explanations(told.findings),
        figures=tuple(figure for figure in figures if figure.now is not None or figure.last is not None),
    )


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def read_signs(found: Sequence[Report]) -> dict[int, Signs]:
    """Return the signs of submitted or approved reports by key, in one statement.

    Facts that were written before there were signs are read from their versions, in one statement more and without
    last year.
    """
    kept = dict(ReportFact.objects.filter(report__in=[each.pk for each in found]).values_list("report", "signs"))
    signs = {key: Signs.read(each) for key, each in kept.items() if each is not None}
    without = [report for report in found if report.pk in kept and report.pk not in signs]
    if without:
        versions = current_versions(without)
        signs |= {
            report.pk: _signs(frozen(report, versions[report.pk]), {}) for report in without if report.pk in versions
        }
    return signs


def looked_before(report: Report, side: str) -> ReportVersion | None:
    """Return the newest version older than the current one that a side has looked at, None when there is none."""
    looks = ReportLook.objects.filter(report=report, side=side, version__lt=report.version)
    return ReportVersion.objects.filter(report=report, number__in=looks.values("version")).order_by("-number").first()
