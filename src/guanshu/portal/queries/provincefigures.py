"""A province's figures of a year and the year before, from the facts of submitted reports: two statements, exact.

Values stay the whole numbers they are in the database until they are added up; a blank is no fact and never a 0.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanshu.portal.models import Campaign, IndicatorFact, MuseumLevel, Province, ReportFact
from guanshu.portal.queries.forms import form
from guanshu.survey.definition.model import Cell, Questionnaire
from guanshu.survey.definition.rolenames import ROLE_NAMES
from guanshu.survey.values.base import Option
from guanshu.survey.values.numbers import round_half_up

# What is added up over museums; shares and days of one museum make no sum.
SUMMED = (
    "visits", "free_visits", "open_days", "free_days", "exhibits_total", "exhibits_new", "exhibits_updated",
    "temporary_count", "edu_sessions", "edu_people", "income", "subsidy_allocated", "subsidy_carryover",
    "subsidy_received", "subsidy_spent", "subsidy_returned", "subsidy_balance",
)  # fmt: skip
_READ = (*SUMMED, "subsidy_rate", "hall_area", "permanent_hall_area", "building_area")
# The area visits are measured by: the first that the form has.
_AREAS = ("permanent_hall_area", "hall_area", "building_area")
_LEVELS = dict(MuseumLevel.choices)


@dataclass(frozen=True, slots=True)
class MuseumFigures:
    """One museum's year. `values` holds scaled whole numbers by role; `level` and `size` are codes."""

    number: str
    museum: int
    code: str
    name: str
    city: str
    level: str
    size: str
    free: bool
    values: Mapping[str, int]


Wanted = Callable[[MuseumFigures], bool]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum and over how many museums; None when no museum has said anything."""

    value: Decimal | None
    counted: int


@dataclass(frozen=True)
class YearFigures:
    """One year of a province: its museums in the order of the register, and the cells its form has for the roles."""

    year: int
    museums: Sequence[MuseumFigures]
    cells: Mapping[str, Cell]
    scales: Mapping[str, int]
    sizes: Sequence[Option]

    def value(self, museum: MuseumFigures, role: str) -> Decimal | None:
        """Return one museum's figure, None when it is blank or 不适用."""
        kept = museum.values.get(role)
        return None if kept is None else Decimal(kept).scaleb(-self.scales.get(role, 0))

    def total(self, role: str, wanted: Wanted | None = None) -> Total:
        """Return the sum over the museums that are wanted (all) and have the figure."""
        found = [m.values[role] for m in self.museums if role in m.values and (wanted is None or wanted(m))]
        scale = self.scales.get(role, 0)
        return Total(Decimal(sum(found)).scaleb(-scale) if found else None, len(found))

    def execution(self, wanted: Wanted | None = None) -> Total:
        """Return the execution of the subsidy in per cent, spent out of carried over and received, and of how many."""
        spent = self.total("subsidy_spent", wanted)
        parts = [self.total(role, wanted).value for role in ("subsidy_carryover", "subsidy_received")]
        whole = sum((part for part in parts if part is not None), Decimal(0))
        return Total(None if spent.value is None else percent(spent.value, whole), spent.counted)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of both years. `change` is in per cent over the `same` museums that have it in both; None without."""

    role: str
    label: str
    unit: str
    now: Total
    before: Total
    change: Decimal | None
    same: int


@dataclass(frozen=True, slots=True)
class Grown:
    """A museum and its visits of both years, with the change in per cent."""

    museum: MuseumFigures
    before: Decimal
    now: Decimal
    percent: Decimal


@dataclass(frozen=True)
class ProvinceFigures:
    """Both years; `last` is empty where there is no last year."""

    this: YearFigures
    last: YearFigures

    def compared(self, role: str, wanted: Wanted | None = None) -> Compared:
        """Return a figure of both years, over the museums that are wanted in each."""
        cell = self.this.cells.get(role)
        change, same = self._change(role, wanted)
        return Compared(
            role=role,
            label=ROLE_NAMES.get(role, role),
            unit=cell.unit if cell else "",
            now=self.this.total(role, wanted),
            before=self.last.total(role, wanted),
            change=change,
            same=same,
        )

    def grown(self, role: str = "visits") -> list[Grown]:
        """Return the museums that have the figure in both years, the largest growth first."""
        before = {museum.museum: self.last.value(museum, role) for museum in self.last.museums}
        found = []
        for museum in self.this.museums:
            now, then = self.this.value(museum, role), before.get(museum.museum)
            if now is not None and then:
                share = percent(now - then, then)
                found += [Grown(museum, then, now, share)] if share is not None else []
        return sorted(found, key=lambda each: (-each.percent, each.museum.code))

    def dense(self) -> tuple[str, list[tuple[MuseumFigures, Decimal]]]:
        """Return visits per square metre, the highest first, and the role of the area they are measured by."""
        role = next((role for role in _AREAS if role in self.this.cells), "")
        found = []
        for museum in self.this.museums:
            visits, area = self.this.value(museum, "visits"), self.this.value(museum, role)
            if visits is not None and area:
                found.append((museum, round_half_up(visits / area, 1)))
        return role, sorted(found, key=lambda each: (-each[1], each[0].code))

    def _change(self, role: str, wanted: Wanted | None) -> tuple[Decimal | None, int]:
        before = {m.museum: m.values[role] for m in self.last.museums if role in m.values}
        both = [
            (museum.values[role], before[museum.museum])
            for museum in self.this.museums
            if role in museum.values and museum.museum in before and (wanted is None or wanted(museum))
        ]
        now = Decimal(sum(pair[0] for pair in both)).scaleb(-self.this.scales.get(role, 0))
        then = Decimal(sum(pair[1] for pair in both)).scaleb(-self.last.scales.get(role, 0))
        return percent(now - then, then), len(both)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return the share in per cent with one decimal, halves up; of nothing there is no share."""
    return round_half_up(part * 100 / abs(whole), 1) if whole else None


def province_figures(province: Province, campaign: Campaign) -> ProvinceFigures:
    """Return the figures of a campaign's year and the year before: three statements, however many museums there are."""
    last = Campaign.objects.filter(year=campaign.year - 1).first()
    forms = {each.year: form(each.questionnaire_id).compiled.questionnaire for each in (campaign, last) if each}
    facts = _facts(province, list(forms))
    values = _values(province, forms)
    this, before = (
        _year(year, forms.get(year), facts.get(year, ()), values) for year in (campaign.year, campaign.year - 1)
    )
    return ProvinceFigures(this, before)


_Fact = tuple[int, int, str, int, str, str, str, str, str, bool]


def _facts(province: Province, years: Sequence[int]) -> dict[int, list[_Fact]]:
    found: dict[int, list[_Fact]] = {}
    rows = ReportFact.objects.filter(province=province, year__in=years).order_by("museum__code")
    fields = ("report_id", "year", "report__number", "museum_id", "museum__code", "museum__name")
    for row in rows.values_list(*fields, "city", "level", "size", "free"):
        found.setdefault(row[1], []).append(row)
    return found


def _values(province: Province, forms: Mapping[int, Questionnaire]) -> dict[int, dict[str, tuple[int, int]]]:
    """Return by report the scaled values and scales under the names of its own form's indicators."""
    names = {each.roles[role] for each in forms.values() for role in _READ if role in each.roles}
    found: dict[int, dict[str, tuple[int, int]]] = {}
    rows = IndicatorFact.objects.filter(report__fact__province=province, year__in=list(forms), indicator__in=names)
    for report, indicator, value, scale in rows.values_list("report_id", "indicator", "value", "scale"):
        found.setdefault(report, {})[indicator] = (value, scale)
    return found


def _year(
    year: int,
    questionnaire: Questionnaire | None,
    facts: Iterable[_Fact],
    values: Mapping[int, Mapping[str, tuple[int, int]]],
) -> YearFigures:
    if questionnaire is None:
        return YearFigures(year, (), {}, {}, ())
    names = {role: questionnaire.roles[role] for role in _READ if role in questionnaire.roles}
    cells = {role: questionnaire.cells[name] for role, name in names.items()}
    scales: dict[str, int] = {}
    museums = []
    for report, _, number, museum, code, name, city, level, size, free in facts:
        kept = values.get(report, {})
        own = {role: kept[indicator] for role, indicator in names.items() if indicator in kept}
        # One form, one scale an indicator.
        scales.update({role: scale for role, (_, scale) in own.items()})
        plain = {role: value for role, (value, _) in own.items()}
        museums.append(MuseumFigures(number, museum, code, name, city, level, size, free, plain))
    return YearFigures(year, museums, cells, scales, _sizes(questionnaire))


def _sizes(questionnaire: Questionnaire) -> Sequence[Option]:
    cell = questionnaire.cells.get(questionnaire.roles.get("size", ""))
    options: Sequence[Option] = getattr(cell.type, "options", ()) if cell else ()
    return options


def by_level(year: YearFigures) -> list[tuple[str, int, int]]:
    """Return each level of the register with its museums and how many of them are free."""
    return _grouped(year.museums, list(_LEVELS.items()), lambda museum: museum.level)


def by_size(year: YearFigures) -> list[tuple[str, int, int]]:
    """Return each size class of the form with its museums and how many of them are free."""
    choices = [(option.code, option.label) for option in year.sizes]
    return _grouped(year.museums, choices, lambda museum: museum.size)


def by_city(year: YearFigures) -> list[tuple[str, int, int]]:
    """Return each city with its museums and how many of them are free, in the order of the register."""
    names = dict.fromkeys(museum.city for museum in year.museums)
    return _grouped(year.museums, [(name, name or "未注明") for name in names], lambda museum: museum.city)


def _grouped(
    museums: Sequence[MuseumFigures], choices: Sequence[tuple[str, str]], key: Callable[[MuseumFigures], str]
) -> list[tuple[str, int, int]]:
    known = [code for code, _ in choices]
    rest = sum(key(museum) not in known for museum in museums)
    found = []
    for code, label in choices:
        members = [museum for museum in museums if key(museum) == code]
        found.append((label, len(members), sum(museum.free for museum in members)))
    if rest:
        others = [museum for museum in museums if key(museum) not in known]
        found.append(("未注明", len(others), sum(museum.free for museum in others)))
    return found
