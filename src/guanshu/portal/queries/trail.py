"""The audit trail as the auditor reads it: events and saves in one list, newest first, filtered, by keyset."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from guanshu.portal.models import AuditRecord, SaveRecord
from guanshu.portal.queries.trailwords import SENTENCES, action_label, sentence_of

PAGE = 50
# What the list calls a save, beside the actions of the table of sentences.
SAVE = "save"
_EVENT_KIND, _SAVE_KIND = "e", "s"


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the list is narrowed to; empty means everything. `since` and `until` are days, inclusive."""

    about: str = ""
    actor: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def active(self) -> bool:
        """Return whether anything is left out."""
        return self != TrailFilter()

    @property
    def words(self) -> str:
        """Return the filter in words, for the record of an export."""
        parts = {
            "对象": self.about,
            "账号": self.actor,
            "操作": action_label(self.action) if self.action != SAVE else "保存填报内容",
            "自": self.since.isoformat() if self.since else "",
            "至": self.until.isoformat() if self.until else "",
            "文字": "有" if self.text else "",
        }
        return "，".join(f"{name} {value}" for name, value in parts.items() if value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page goes on: after this record."""

    at: datetime
    kind: str
    id: int

    def write(self) -> str:
        """Return it for an address."""
        return f"{int(self.at.timestamp() * 1_000_000)}{self.kind}{self.id}"


def read_place(text: str) -> Place | None:
    """Return the place written in an address, None for what is none."""
    for kind in (_EVENT_KIND, _SAVE_KIND):
        micro, mark, number = text.partition(kind)
        if mark and micro.isascii() and micro.isdigit() and number.isascii() and number.isdigit():
            if len(micro) > 17 or len(number) > 18:
                return None
            at = datetime(1970, 1, 1, tzinfo=timezone.get_fixed_timezone(0)) + timedelta(microseconds=int(micro))
            return Place(at, kind, int(number))
    return None


@dataclass(frozen=True, slots=True)
class Line:
    """One record of either table."""

    place: Place
    chain: str
    seq: int
    actor: str
    object: str
    sentence: str
    hash: str
    record: AuditRecord | SaveRecord

    @property
    def is_save(self) -> bool:
        """Return whether it is a save of cells."""
        return isinstance(self.record, SaveRecord)

    @property
    def details(self) -> str:
        """Return an event's details as they are kept."""
        if isinstance(self.record, SaveRecord):
            return ""
        return json.dumps(self.record.details, ensure_ascii=False, indent=1, sort_keys=True)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of lines; `following` is where the next one begins, "" on the last."""

    lines: tuple[Line, ...]
    following: str


def actions() -> Mapping[str, str]:
    """Return the actions a filter offers."""
    named = {action: action_label(action) for action in SENTENCES}
    return {SAVE: "保存填报内容", **dict(sorted(named.items(), key=lambda item: item[1]))}


def trail_page(wanted: TrailFilter, after: Place | None = None, count: int = PAGE) -> TrailPage:
    """Return the records that a filter lets through, newest first, after a place."""
    found: list[AuditRecord | SaveRecord] = [*_events(wanted, after)[: count + 1]]
    found += _saves(wanted, after)[: count + 1]
    lines = sorted(map(_line, found), key=lambda line: _order(line.place), reverse=True)
    more = len(lines) > count
    kept = tuple(lines[:count])
    return TrailPage(kept, kept[-1].place.write() if more else "")


def trail_lines(wanted: TrailFilter, most: int) -> Iterator[Line]:
    """Yield everything a filter lets through, at most `most`, page by page."""
    after: Place | None = None
    while most > 0:
        page = trail_page(wanted, after, min(most, 1000))
        yield from page.lines
        most -= len(page.lines)
        if not page.following:
            return
        after = page.lines[-1].place


def _order(place: Place) -> tuple[datetime, str, int]:
    return place.at, place.kind, place.id


def _after(after: Place | None, kind: str) -> Q:
    """Return the condition for a table's records older than a place; at the same moment events come after saves."""
    if after is None:
        return Q()
    if kind == after.kind:
        # The plain bound first: it is what the index is entered by.
        return Q(at__lte=after.at) & (Q(at__lt=after.at) | Q(pk__lt=after.id))
    return Q(at__lte=after.at) if kind < after.kind else Q(at__lt=after.at)


def _between(wanted: TrailFilter) -> Q:
    found = Q()
    if wanted.since:
        found &= Q(at__gte=timezone.make_aware(datetime.combine(wanted.since, time())))
    if wanted.until:
        found &= Q(at__lt=timezone.make_aware(datetime.combine(wanted.until, time())) + timedelta(days=1))
    return found


def _events(wanted: TrailFilter, after: Place | None) -> QuerySet[AuditRecord]:
    if wanted.action == SAVE:
        return AuditRecord.objects.none()
    found = AuditRecord.objects.filter(_after(after, _EVENT_KIND), _between(wanted))
    if wanted.actor:
        found = found.filter(actor=wanted.actor)
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.about:
        found = found.filter(stream=wanted.about) if ":" in wanted.about else found.filter(object=wanted.about)
    if wanted.text:
        found = found.annotate(told=Cast("details", TextField())).filter(_contains(wanted.text))
    return found.order_by("-at", "-pk")


def _contains(text: str) -> Q:
    # SQLite keeps JSON with escapes, PostgreSQL without.
    escaped = json.dumps(text)[1:-1]
    named = Q(stream__icontains=text) | Q(object__icontains=text) | Q(actor__icontains=text)
    return named | Q(told__icontains=text) | Q(told__icontains=escaped)


def _saves(wanted: TrailFilter, after: Place | None) -> QuerySet[SaveRecord]:
    if wanted.action not in {"", SAVE}:
        return SaveRecord.objects.none()
    found = SaveRecord.objects.filter(_after(after, _SAVE_KIND), _between(wanted))
    if wanted.actor:
        found = found.filter(actor=wanted.actor)
    if wanted.about:
        kind, _, number = wanted.about.rpartition(":")
        found = found.filter(report=number) if kind in {"", "report", "filing"} else found.none()
    if wanted.text:
        # Values are not searched: among them are what people typed of people.
        found = found.filter(Q(report__icontains=wanted.text) | Q(actor__icontains=wanted.text))
    return found.order_by("-at", "-pk")


def _line(record: AuditRecord | SaveRecord) -> Line:
    if isinstance(record, SaveRecord):
        place = Place(record.at, _SAVE_KIND, record.pk)
        sentence = f"保存 {record.report} 的填报内容，{len(record.changes)} 处改动"
        return Line(place, "保存记录", record.seq, record.actor, record.report, sentence, record.hash, record)
    place = Place(record.at, _EVENT_KIND, record.pk)
    return Line(place, record.stream, record.seq, record.actor, record.object, sentence_of(record), record.hash, record)


def one_line(kind: str, number: int) -> Line | None:
    """Return one record, None when there is none."""
    model: Any = {_EVENT_KIND: AuditRecord, _SAVE_KIND: SaveRecord}.get(kind)
    record = model.objects.filter(pk=number).first() if model is not None else None
    return _line(record) if record is not None else None
