"""Long lists of a province in pages, with headings by city. Every real province fits on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from guanshu.portal.queries.lists import MuseumRow

PAGE = 100


class OfMuseum(Protocol):
    """A row about one museum."""

    @property
    def museum(self) -> MuseumRow:
        """Return the museum."""


Row = TypeVar("Row", bound=OfMuseum)


@dataclass(frozen=True, slots=True)
class Section(Generic[Row]):
    """The rows of one city on this page, and all of that city's."""

    city: str
    rows: Sequence[Row]
    whole: Sequence[Row]


def by_city(rows: Sequence[Row]) -> list[Row]:
    """Return the rows city by city, the cities in the order of the register, within a city as they come."""
    first: dict[str, str] = {}
    for row in rows:
        museum = row.museum
        first[museum.city] = min(first.get(museum.city, museum.code), museum.code)
    return sorted(rows, key=lambda row: first[row.museum.city])


def page_of(request: HttpRequest, rows: Sequence[Row]) -> "Page[Any]":
    """Return the page of the address, the nearest there is."""
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def sections(page: Sequence[Row], rows: Sequence[Row]) -> list[Section[Row]]:
    """Return the rows of a page in sections; page and rows are by_city."""
    whole: dict[str, list[Row]] = {}
    for row in rows:
        whole.setdefault(row.museum.city, []).append(row)
    here: dict[str, list[Row]] = {}
    for row in page:
        here.setdefault(row.museum.city, []).append(row)
    return [Section(city, found, whole[city]) for city, found in here.items()]
