"""延续情况: the museums of last year's lists of which the province must say what became of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from guanshu.portal import clock
from guanshu.portal.models import Continuity, Fate, FreeStatus
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.listed import ListReader, reader_of, same_name
from guanshu.survey.definition.answers import Row

# Lists of museums that were to become free, and of museums that were to open.
TO_BE_FREE = ("planned",)
TO_OPEN = ("construction", "conversion")
# Museums of which the province has said that they are no longer to be on a list.
_GONE = frozenset({Fate.OPENED.value, Fate.DROPPED.value, Fate.FREE.value})
# 延期 and 取消 need a reason, 已纳入 the name under which it was.
NOTED = frozenset({Fate.DELAYED.value, Fate.DROPPED.value, Fate.FREE.value})


@dataclass(frozen=True, slots=True)
class Asked:
    """One museum of last year's lists. `listed` is the list's role, `row` its row there.

    `settled` says that the system sees by itself what became of it; `standing` says what it sees.
    """

    listed: str
    place: str
    row: str
    name: str
    expected: date | None
    standing: str
    fates: tuple[Fate, ...]
    answer: Continuity | None
    settled: bool

    @property
    def key(self) -> str:
        """Return what tells it from the others on a page."""
        return f"{self.listed}-{self.row}"

    @property
    def open(self) -> bool:
        """Return whether the province still has to say something."""
        return not self.settled and self.answer is None


def asked(opened: OpenFiling) -> list[Asked]:
    """Return every museum of last year's lists that is due now, in the order of the lists; none without a last year."""
    if opened.last is None:
        return []
    answers = {(each.listed, each.row): each for each in Continuity.objects.filter(filing=opened.filing)}
    free = _free_names(opened)
    found: list[Asked] = []
    for role in TO_BE_FREE:
        found += _each(opened, role, lambda reader, row: _to_be_free(reader, row, free), answers)
    for role in TO_OPEN:
        found += _each(opened, role, _to_open, answers)
    return found


def gone_names(opened: OpenFiling, role: str) -> frozenset[str]:
    """Return the names (as compared) of a list of last year that are not to be carried over."""
    gone = Continuity.objects.filter(filing=opened.filing, listed=role, fate__in=_GONE)
    return frozenset(same_name(name) for name in gone.values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class _Case:
    standing: str
    fates: tuple[Fate, ...]
    expected: date | None = None
    settled: bool = False


def _each(
    opened: OpenFiling,
    role: str,
    judge: Callable[[ListReader, Row], _Case | None],
    answers: dict[tuple[str, str], Continuity],
) -> Iterator[Asked]:
    reader = reader_of(opened, role, last=True)
    if reader is None:
        return
    for row in reader.rows:
        name = reader.name(row)
        case = judge(reader, row) if name else None
        if case is not None:
            yield Asked(
                listed=role,
                place=reader.table.number_label,
                row=row.id,
                name=name,
                expected=case.expected,
                standing=case.standing,
                fates=case.fates,
                answer=answers.get((role, row.id)),
                settled=case.settled,
            )


def _to_be_free(reader: ListReader, row: Row, free: frozenset[str]) -> _Case:
    """A museum of last year's 附件5 must be free this year."""
    expected = _month(reader, row)
    if same_name(reader.name(row)) in free:
        return _Case("已在本年度免费开放科技馆之列", (), expected, settled=True)
    return _Case("本年度免费开放科技馆中没有", (Fate.FREE, Fate.DELAYED, Fate.DROPPED), expected)


def _to_open(reader: ListReader, row: Row) -> _Case | None:
    """A museum that was to open is asked about once its month has passed."""
    expected = _month(reader, row)
    if expected is None or (expected.year, expected.month) >= (clock.today().year, clock.today().month):
        return None
    return _Case("预期建成开放时间已过", (Fate.OPENED, Fate.DELAYED, Fate.DROPPED), expected)


def _month(reader: ListReader, row: Row) -> date | None:
    value = reader.value(row, "expected")
    return value if isinstance(value, date) else None


def _free_names(opened: OpenFiling) -> frozenset[str]:
    """Return the names (as compared) of this year's free museums: those of the register and of this year's list."""
    statuses = FreeStatus.objects.filter(museum__province=opened.filing.province_id, year=opened.filing.campaign.year)
    names = {same_name(name) for name in statuses.values_list("museum__name", flat=True)}
    reader = reader_of(opened, "free")
    return frozenset(names | set(reader.by_name() if reader is not None else ()))
